/** The issuer's authorisation of one load or unload of one card. Tag EPC1. */
import { domains, creditAuthorisationCodec } from '../generated/structures.js';
import type { CreditAuthorisationFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { CreditAuthorisationFields } from '../generated/structures.js';

const structure = signedStructure<CreditAuthorisationFields>(domains.creditAuthorisation, creditAuthorisationCodec);

/** The bytes under the signature, tag included. */
export const creditAuthorisationMessage = structure.message;
export const signCreditAuthorisation = structure.sign;
export const verifyCreditAuthorisation = structure.verify;
