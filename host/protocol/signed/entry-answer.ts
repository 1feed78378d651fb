/** The issuer's final word on a debit order whose answer never came. Tag EPE1. */
import { entryAnswerCodec, domains } from '../generated/structures.js';
import type { EntryAnswerFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { EntryAnswerFields } from '../generated/structures.js';

const structure = signedStructure<EntryAnswerFields>(domains.entryAnswer, entryAnswerCodec);

/** The bytes under the signature, tag included. */
export const entryAnswerMessage = structure.message;
export const signEntryAnswer = structure.sign;
export const verifyEntryAnswer = structure.verify;
