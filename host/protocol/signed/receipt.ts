/** The terminal's signed receipt for the holder. Tag EPP1. */
import { domains, receiptCodec } from '../generated/structures.js';
import type { ReceiptFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { ReceiptFields } from '../generated/structures.js';

const structure = signedStructure<ReceiptFields>(domains.receipt, receiptCodec);

/** The bytes under the signature, tag included. */
export const receiptMessage = structure.message;
export const signReceipt = structure.sign;
export const verifyReceipt = structure.verify;
