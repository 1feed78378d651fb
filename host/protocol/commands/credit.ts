/** CREDIT: presents the issuer's authorisation. Applied exactly once; presented again it gives the same record. */
import type { CardChannel } from '../channel/channel.js';
import { commands } from '../generated/commands.js';
import type { CreditAuthorisationFields, RecordFields } from '../generated/structures.js';
import { exchange } from './exchange.js';

/** A record and S3; not judged yet. */
export interface RecordWithProof {
  readonly record: RecordFields;
  readonly s3: Uint8Array;
}

/** @throws CardError refused, executed, lost (repeat it: the card applies it once), malformed */
export async function credit(
  session: CardChannel,
  authorisation: CreditAuthorisationFields,
  signature: Uint8Array,
): Promise<RecordWithProof> {
  const { counter, random, type, slot, unit, amount, acknowledged, runningHash, date } = authorisation;
  const request = { counter, random, type, slot, unit, amount, acknowledged, runningHash, date, signature };
  return exchange(session, commands.CREDIT, request);
}
