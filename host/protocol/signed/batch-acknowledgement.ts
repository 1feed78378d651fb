/** The issuer's receipt for a batch; the terminal keeps the batch until it has this. Tag EPA1. */
import { domains, batchAcknowledgementCodec } from '../generated/structures.js';
import type { BatchAcknowledgementFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { BatchAcknowledgementFields } from '../generated/structures.js';

const structure = signedStructure<BatchAcknowledgementFields>(domains.batchAcknowledgement, batchAcknowledgementCodec);

/** The bytes under the signature, tag included. */
export const batchAcknowledgementMessage = structure.message;
export const signBatchAcknowledgement = structure.sign;
export const verifyBatchAcknowledgement = structure.verify;
