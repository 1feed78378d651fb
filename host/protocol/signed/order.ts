/** An issuer order for one card; the body depends on the type. Tag EPO1. */
import { domains, orderCodec } from '../generated/structures.js';
import type { OrderFields } from '../generated/structures.js';
import { signedStructure } from './structure.js';

export type { OrderFields } from '../generated/structures.js';

const structure = signedStructure<OrderFields>(domains.order, orderCodec);

/** The bytes under the signature, tag included. */
export const orderMessage = structure.message;
export const signOrder = structure.sign;
export const verifyOrder = structure.verify;
