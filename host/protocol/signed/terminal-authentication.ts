/** What a terminal signs in OPEN SESSION: both nonces and its ephemeral key (TR-03110 terminal authentication version 2). Tag EPT1. */
import { domains, terminalAuthenticationCodec } from '../generated/structures.js';
import type { TerminalAuthenticationFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { TerminalAuthenticationFields } from '../generated/structures.js';

const structure = signedStructure<TerminalAuthenticationFields>(
  domains.terminalAuthentication,
  terminalAuthenticationCodec,
);

/** The bytes under the signature, tag included. */
export const terminalAuthenticationMessage = structure.message;
export const signTerminalAuthentication = structure.sign;
export const verifyTerminalAuthentication = structure.verify;
