/**
 * The terminal's arithmetic, twice: @noble as the protocol library uses it, and node:crypto (OpenSSL). A card that agrees with both
 * agrees with the standards.
 */
import { createCipheriv, createECDH, createHash } from 'node:crypto';
import type { ECDH } from 'node:crypto';
import { cmac, ctr } from '../../host/protocol/crypto/aes.js';
import { sharedSecret, x963Kdf } from '../../host/protocol/crypto/agreement.js';
import { pointOf, softwareSigner, verifyEcdsa } from '../../host/protocol/crypto/ecdsa.js';
import type { Signer, Verifier } from '../../host/protocol/crypto/ecdsa.js';
import { nativeSigner, verifyNative } from '../../host/protocol/crypto/native.js';

export interface CryptoEnd {
  readonly name: string;
  cmac(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** AES-CTR, encryption and decryption alike. */
  ctr(key: Uint8Array, firstBlock: Uint8Array, data: Uint8Array): Uint8Array;
  /** X ‖ Y. */
  pointOf(privateKey: Uint8Array): Uint8Array;
  sharedSecret(privateKey: Uint8Array, point: Uint8Array): Uint8Array;
  x963Kdf(z: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array;
  signer(privateKey: Uint8Array): Signer;
  readonly verify: Verifier;
}

export const nobleEnd: CryptoEnd = {
  name: '@noble',
  cmac,
  ctr,
  pointOf,
  sharedSecret,
  x963Kdf,
  signer: softwareSigner,
  verify: verifyEcdsa,
};

export const nodeEnd: CryptoEnd = {
  name: 'node:crypto',
  cmac: nodeCmac,
  ctr: (key, firstBlock, data) => new Uint8Array(cipher('aes-128-ctr', key, firstBlock, data)),
  pointOf: (privateKey) => uncompressedPoint(ecdhOf(privateKey).getPublicKey()),
  sharedSecret: (privateKey, point) =>
    new Uint8Array(ecdhOf(privateKey).computeSecret(Buffer.concat([Buffer.of(4), point]))),
  x963Kdf: nodeKdf,
  signer: nativeSigner,
  verify: verifyNative,
};

export const cryptoEnds: readonly CryptoEnd[] = [nobleEnd, nodeEnd];

function cipher(algorithm: string, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array): Buffer {
  const engine = createCipheriv(algorithm, key, iv).setAutoPadding(false);
  return Buffer.concat([engine.update(data), engine.final()]);
}

/** RFC 4493: CBC-MAC whose last block is masked with a subkey. */
function nodeCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const whole = message.length > 0 && message.length % 16 === 0;
  const rest = message.length % 16;
  const padded = whole ? Buffer.from(message) : Buffer.concat([message, Buffer.of(0x80), Buffer.alloc(15 - rest)]);
  const k1 = doubled(cipher('aes-128-ecb', key, null, Buffer.alloc(16)));
  const mask = whole ? k1 : doubled(k1);
  const last = padded.length - 16;
  for (let i = 0; i < 16; i++) padded[last + i] = (padded[last + i] ?? 0) ^ (mask[i] ?? 0);
  return new Uint8Array(cipher('aes-128-cbc', key, Buffer.alloc(16), padded).subarray(last));
}

/** Multiplication by x in GF(2¹²⁸). */
function doubled(block: Buffer): Buffer {
  const value = BigInt(`0x${block.toString('hex')}`) << 1n;
  const reduced = (value & ((1n << 128n) - 1n)) ^ (value >> 128n === 0n ? 0n : 0x87n);
  return Buffer.from(reduced.toString(16).padStart(32, '0'), 'hex');
}

function nodeKdf(z: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i + 1);
    return createHash('sha256').update(z).update(counter).update(sharedInfo).digest();
  });
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

function ecdhOf(privateKey: Uint8Array): ECDH {
  const engine = createECDH('prime256v1');
  engine.setPrivateKey(privateKey);
  return engine;
}

function uncompressedPoint(encoded: Buffer): Uint8Array {
  return new Uint8Array(encoded.subarray(1));
}
