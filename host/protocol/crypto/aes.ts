/** AES-128 as the card link uses it: CMAC (NIST SP 800-38B, RFC 4493) and counter mode (SP 800-38A). */
import { cmac as nobleCmac, ctr as nobleCtr } from '@noble/ciphers/aes.js';

export const aesKeyLength = 16;
export const aesBlockLength = 16;

/** @param key 16 bytes @returns all 16 bytes of the MAC */
export function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return nobleCmac(message, key);
}

/**
 * Encrypts or decrypts (the same in counter mode).
 *
 * @param key 16 bytes
 * @param firstBlock 16 bytes, the first counter block; counts up as a 128-bit big-endian number
 */
export function ctr(key: Uint8Array, firstBlock: Uint8Array, data: Uint8Array): Uint8Array {
  return data.length === 0 ? new Uint8Array(0) : nobleCtr(key, firstBlock).encrypt(data);
}
