/** GET PROOF: what the card signed, or signs now, for those who have a right to it. Check it with the functions of `../proofs`. */
import type { CardChannel } from '../channel/channel.js';
import { u32 } from '../codec/bytes.js';
import { commands } from '../generated/commands.js';
import { Proof } from '../generated/enums.js';
import { blockStatementWithSignature, recordWithProof, statementWithSignature } from './bodies.js';
import type { BlockStatementWithSignature } from './bodies.js';
import type { RecordWithProof } from './credit.js';
import { exchange, malformed } from './exchange.js';
import type { StatementWithSignature } from './init-load.js';

/** One record by its NT. @throws CardError refused (6A83: left the log, or not this terminal's), lost, malformed */
export async function getRecord(session: CardChannel, nt: number): Promise<RecordWithProof> {
  return getProof(session, Proof.record, u32(nt), recordWithProof);
}

/** The statement that seals the records after A. Kiosk with PIN, desk. @throws CardError refused, lost, malformed */
export async function getLogStatement(session: CardChannel): Promise<StatementWithSignature> {
  return getProof(session, Proof.log, new Uint8Array(0), statementWithSignature);
}

/** Proof that a block order was taken. @throws CardError refused, lost, malformed */
export async function getBlockStatement(session: CardChannel): Promise<BlockStatementWithSignature> {
  return getProof(session, Proof.block, new Uint8Array(0), blockStatementWithSignature);
}

/** What a retired card is owed. Desk. @throws CardError refused, lost, malformed */
export async function getClosingStatement(session: CardChannel): Promise<StatementWithSignature> {
  return getProof(session, Proof.closing, new Uint8Array(0), statementWithSignature);
}

async function getProof<T>(
  session: CardChannel,
  p1: Proof,
  data: Uint8Array,
  read: (body: Uint8Array) => T,
): Promise<T> {
  const { body } = await exchange(session, commands.GET_PROOF, { data }, { p1 });
  try {
    return read(body);
  } catch (error) {
    throw malformed(commands.GET_PROOF, error);
  }
}
