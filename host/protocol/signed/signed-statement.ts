/** The card's signed account of itself. Tag EPQ1. */
import { domains, signedStatementCodec } from '../generated/structures.js';
import type { SignedStatementFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { SignedStatementFields } from '../generated/structures.js';

const structure = signedStructure<SignedStatementFields>(domains.signedStatement, signedStatementCodec);

/** The bytes under the signature, tag included. */
export const statementMessage = structure.message;
export const signStatement = structure.sign;
export const verifyStatement = structure.verify;
