/** S3 (EN 1546): the card's signature over a transaction record. Tag EPR1. */
import { concat, u16 } from '../codec/bytes.js';
import { domains, signedRecordCodec } from '../generated/structures.js';
import type { SignedRecordFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { SignedRecordFields } from '../generated/structures.js';

const structure = signedStructure<SignedRecordFields>(domains.signedRecord, signedRecordCodec);

/** The bytes under the signature, tag included. */
export const recordMessage = structure.message;
export const signRecord = structure.sign;
export const verifyRecord = structure.verify;

/**
 * {@link recordMessage} around a record as it came, without reading it: for whoever checks many.
 *
 * @param record structure `record`, 55 bytes
 */
export function messageOfRecord(
  scheme: number,
  cardId: Uint8Array,
  keyVersion: number,
  record: Uint8Array,
): Uint8Array {
  return concat(domains.signedRecord, u16(scheme), cardId, Uint8Array.of(keyVersion), record);
}
