/** The terminal's signed order to undo its last purchase; the card keeps it for the issuer. Tag EPX1. */
import { domains, cancelOrderCodec } from '../generated/structures.js';
import type { CancelOrderFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { CancelOrderFields } from '../generated/structures.js';

const structure = signedStructure<CancelOrderFields>(domains.cancelOrder, cancelOrderCodec);

/** The bytes under the signature, tag included. */
export const cancelOrderMessage = structure.message;
export const signCancelOrder = structure.sign;
export const verifyCancelOrder = structure.verify;
