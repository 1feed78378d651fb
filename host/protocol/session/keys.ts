/** Session, pair and transport keys. */
import type { SessionKeys } from '../channel/secure.js';
import { concat } from '../codec/bytes.js';
import { aesKeyLength, cmac } from '../crypto/aes.js';
import { sharedSecret, x963Kdf } from '../crypto/agreement.js';
import { domains, resumedTranscriptCodec, sessionKeyInfoCodec } from '../generated/structures.js';
import type { ResumedTranscriptFields, SessionKeyInfoFields } from '../generated/structures.js';

export interface AgreedKeys {
  readonly session: SessionKeys;
  readonly pair: SessionKeys;
}

/**
 * Keys of a full session, either side.
 *
 * @param privateKey of the terminal's ephemeral pair (or of the card's agreement pair)
 * @param point of the other side, X ‖ Y
 * @throws Error when the point is not on the curve
 */
export function agreeKeys(privateKey: Uint8Array, point: Uint8Array, info: SessionKeyInfoFields): AgreedKeys {
  const z = sharedSecret(privateKey, point);
  const material = x963Kdf(z, concat(domains.sessionKeyInfo, sessionKeyInfoCodec.encode(info)), 4 * aesKeyLength);
  z.fill(0);
  const key = (number: number): Uint8Array => material.slice(number * aesKeyLength, (number + 1) * aesKeyLength);
  return { session: { enc: key(0), mac: key(1) }, pair: { enc: key(2), mac: key(3) } };
}

/** First chaining value of a resumed session. @param mac the pair's K-MAC */
export function resumedChain(mac: Uint8Array, transcript: ResumedTranscriptFields): Uint8Array {
  return cmac(mac, concat(domains.resumedTranscript, resumedTranscriptCodec.encode(transcript)));
}

/**
 * Keys of a raw card. The batch key stays with the desk; only these go onto the card, when the applet is installed.
 *
 * @param batchKey 16 bytes
 * @param serial 8 bytes, as SELECT shows it
 */
export function transportKeys(batchKey: Uint8Array, serial: Uint8Array): SessionKeys {
  return {
    enc: cmac(batchKey, concat(Uint8Array.of(0x01), serial)),
    mac: cmac(batchKey, concat(Uint8Array.of(0x02), serial)),
  };
}
