/** CANCEL LOAD: gives up a pending load, then says how the load ended, again whenever asked. */
import type { CardChannel } from '../channel/channel.js';
import { commands } from '../generated/commands.js';
import { recordWithProof, statementWithSignature } from './bodies.js';
import type { RecordWithProof } from './credit.js';
import { exchange, malformed } from './exchange.js';
import type { StatementWithSignature } from './init-load.js';

/** Credited before, and the record is still in the log; or the statement, whose register says how the load ended. */
export type LoadEnd =
  | { readonly kind: 'credited'; readonly proof: RecordWithProof }
  | { readonly kind: 'statement'; readonly proof: StatementWithSignature };

/** @param counter load counter of S1 or of the statement @throws CardError refused, lost, malformed */
export async function cancelLoad(session: CardChannel, counter: number): Promise<LoadEnd> {
  const { kind, body } = await exchange(session, commands.CANCEL_LOAD, { counter });
  try {
    return loadEndOf(kind, body);
  } catch (error) {
    throw malformed(commands.CANCEL_LOAD, error);
  }
}

function loadEndOf(kind: number, body: Uint8Array): LoadEnd {
  switch (kind) {
    case 0x01:
      return { kind: 'credited', proof: recordWithProof(body) };
    case 0x02:
      return { kind: 'statement', proof: statementWithSignature(body) };
    default:
      throw new RangeError(`an answer of kind ${kind}`);
  }
}
