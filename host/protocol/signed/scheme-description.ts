/** The root's signature over the scheme's public description. Tag EPD1. */
import { domains, schemeDescriptionCodec } from '../generated/structures.js';
import type { SchemeDescriptionFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { SchemeDescriptionFields } from '../generated/structures.js';

const structure = signedStructure<SchemeDescriptionFields>(domains.schemeDescription, schemeDescriptionCodec);

/** The bytes under the signature, tag included. */
export const schemeDescriptionMessage = structure.message;
export const signSchemeDescription = structure.sign;
export const verifySchemeDescription = structure.verify;
