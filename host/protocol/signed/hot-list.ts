/** The signed list of cards to be blocked, each with its block order. Tag EPH1. */
import { domains, hotListCodec } from '../generated/structures.js';
import type { HotListFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { HotListFields } from '../generated/structures.js';

const structure = signedStructure<HotListFields>(domains.hotList, hotListCodec);

/** The bytes under the signature, tag included. */
export const hotListMessage = structure.message;
export const signHotList = structure.sign;
export const verifyHotList = structure.verify;
