/** The card's word that it took a block order. Tag EPB1. */
import { domains, signedBlockStatementCodec } from '../generated/structures.js';
import type { SignedBlockStatementFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { SignedBlockStatementFields } from '../generated/structures.js';

const structure = signedStructure<SignedBlockStatementFields>(domains.signedBlockStatement, signedBlockStatementCodec);

/** The bytes under the signature, tag included. */
export const blockStatementMessage = structure.message;
export const signBlockStatement = structure.sign;
export const verifyBlockStatement = structure.verify;
