/** A closed batch: every transaction number accounted for, signed by the terminal. Tag EPZ1. */
import { domains, batchCodec } from '../generated/structures.js';
import type { BatchFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { BatchFields } from '../generated/structures.js';

const structure = signedStructure<BatchFields>(domains.batch, batchCodec);

/** The bytes under the signature, tag included. */
export const batchMessage = structure.message;
/** {@link batchMessage} of a batch as it came. */
export const batchMessageOf = structure.messageOf;
export const signBatch = structure.sign;
export const verifyBatch = structure.verify;
