/** S3 (EN 1546): the card's signature over a transaction record. Tag EPR1. */
import { domains, signedRecordCodec } from '../generated/structures.js';
import type { SignedRecordFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { SignedRecordFields } from '../generated/structures.js';

const structure = signedStructure<SignedRecordFields>(domains.signedRecord, signedRecordCodec);

/** The bytes under the signature, tag included. */
export const recordMessage = structure.message;
export const signRecord = structure.sign;
export const verifyRecord = structure.verify;
