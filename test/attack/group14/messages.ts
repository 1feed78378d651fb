/**
 * The notation of "E-Purse System Design Document, Group 14", section 5: `{|m|}S` is m signed by S, `#(m)` a hash, `{m}` m in clear. Nothing in it is
 * encrypted, so whoever is on the wire reads everything that is sent.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { verifyEcdsa } from '../../../host/protocol/crypto/ecdsa.js';
import type { Signer } from '../../../host/protocol/crypto/ecdsa.js';
import { signerFor } from '../../helpers/keys.js';

/** "Master keys … used for generating certificates": one key certifies everybody, for anything, for ever. */
const master = signerFor('group 14 master');

export interface Principal {
  readonly name: string;
  readonly signer: Signer;
  readonly certificate: Certificate;
}

export interface Certificate {
  readonly name: string;
  readonly point: Uint8Array;
  readonly signature: Uint8Array;
}

/** `{|fields|}S`. */
export interface Signed {
  readonly fields: readonly string[];
  readonly signature: Uint8Array;
  readonly certificate: Certificate;
}

export function principal(name: string): Principal {
  const signer = signerFor(`group 14 ${name}`);
  const { point } = signer;
  return { name, signer, certificate: { name, point, signature: master.sign(bytesOf([name, toHex(point)])) } };
}

export function signed({ signer, certificate }: Principal, ...fields: readonly string[]): Signed {
  return { fields, signature: signer.sign(bytesOf(fields)), certificate };
}

/** Is it signed by somebody whom the master key certified? */
export function holds({ fields, signature, certificate }: Signed): boolean {
  const { name, point } = certificate;
  return (
    verifyEcdsa(bytesOf([name, toHex(point)]), certificate.signature, master.point) &&
    verifyEcdsa(bytesOf(fields), signature, point)
  );
}

/** `#(fields)`. */
export function hash(...fields: readonly string[]): string {
  return toHex(sha256(bytesOf(fields)));
}

function bytesOf(fields: readonly string[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(fields));
}
