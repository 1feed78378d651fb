/**
 * A structure that is signed: its domain tag, then its fields. The tag keeps a signature made for one purpose from serving
 * another. Each signed structure of apdu-specs/structures.yaml is one file beside this one.
 */
import { concat } from '../codec/bytes.js';
import { verifyNative } from '../crypto/native.js';
import type { Signer, Verifier } from '../crypto/ecdsa.js';

/** What of a generated codec is needed here. */
export interface FieldsCodec<Fields> {
  encode(fields: Fields): Uint8Array;
}

export interface SignedStructure<Fields> {
  /** The bytes under the signature: tag ‖ fields. */
  readonly message: (fields: Fields) => Uint8Array;
  /** The same around fields that are encoded already. */
  readonly messageOf: (encoded: Uint8Array) => Uint8Array;
  /** @returns DER signature, at most 72 bytes */
  readonly sign: (fields: Fields, signer: Signer) => Uint8Array;
  /** False for anything wrong. @param point X ‖ Y of the signer's public key; `verifier` is OpenSSL's unless given */
  readonly verify: (fields: Fields, signature: Uint8Array, point: Uint8Array, verifier?: Verifier) => boolean;
}

/** @param tag four bytes of `domains` */
export function signedStructure<Fields>(tag: Uint8Array, codec: FieldsCodec<Fields>): SignedStructure<Fields> {
  const messageOf = (encoded: Uint8Array): Uint8Array => concat(tag, encoded);
  const message = (fields: Fields): Uint8Array => messageOf(codec.encode(fields));
  return {
    message,
    messageOf,
    sign: (fields, signer) => signer.sign(message(fields)),
    verify: (fields, signature, point, verifier = verifyNative) => verifier(message(fields), signature, point),
  };
}
