/** Answers made of a structure of fixed length and a signature behind it. */
import { lengths, recordCodec, statementCodec, blockStatementCodec } from '../generated/structures.js';
import type { BlockStatementFields } from '../generated/structures.js';
import type { RecordWithProof } from './credit.js';
import type { StatementWithSignature } from './init-load.js';

/** @throws Error for other bytes */
export function recordWithProof(body: Uint8Array): RecordWithProof {
  return { record: recordCodec.decode(body.slice(0, lengths.record)), s3: body.slice(lengths.record) };
}

/** @throws Error for other bytes */
export function statementWithSignature(body: Uint8Array): StatementWithSignature {
  return {
    statement: statementCodec.decode(body.slice(0, lengths.statement)),
    signature: body.slice(lengths.statement),
  };
}

/** The card's word that it took a block order; not judged yet. */
export interface BlockStatementWithSignature {
  readonly statement: BlockStatementFields;
  readonly signature: Uint8Array;
}

/** @throws Error for other bytes */
export function blockStatementWithSignature(body: Uint8Array): BlockStatementWithSignature {
  return {
    statement: blockStatementCodec.decode(body.slice(0, lengths.blockStatement)),
    signature: body.slice(lengths.blockStatement),
  };
}
