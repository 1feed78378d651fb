/** PIN block as in EMV Book 3 section 6.5.12 (ISO 9564-1 format 2): 2 L, L digits packed, filled with F; 8 bytes. */
import { fromHex } from './bytes.js';
import { pinMaxDigits, pinMinDigits } from '../generated/parameters.js';

/** Not a PIN. The message is a sentence for a person and never holds what was typed. */
export class PinError extends Error {
  override readonly name = 'PinError';
}

/** @throws PinError unless 4 to 12 decimal digits */
export function pinBlock(pin: string): Uint8Array {
  if (!/^[0-9]*$/.test(pin)) throw new PinError('A PIN has digits only.');
  if (pin.length < pinMinDigits || pin.length > pinMaxDigits) {
    throw new PinError(`A PIN has ${pinMinDigits} to ${pinMaxDigits} digits.`);
  }
  return fromHex(`2${pin.length.toString(16)}${pin}`.padEnd(16, 'f'));
}
