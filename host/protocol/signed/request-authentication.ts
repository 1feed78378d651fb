/** What a terminal signs over each HTTP request to the issuer. Tag EPI1. */
import { requestAuthenticationCodec, domains } from '../generated/structures.js';
import type { RequestAuthenticationFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { RequestAuthenticationFields } from '../generated/structures.js';

const structure = signedStructure<RequestAuthenticationFields>(
  domains.requestAuthentication,
  requestAuthenticationCodec,
);

/** The bytes under the signature, tag included. */
export const requestAuthenticationMessage = structure.message;
export const signRequestAuthentication = structure.sign;
export const verifyRequestAuthentication = structure.verify;
