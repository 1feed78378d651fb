/** Certificates that no honest CA would write: any objects in any order, lengths in any form, signed by anybody. */
import { concat, u16, u32 } from '../../../host/protocol/codec/bytes.js';
import type { Signer } from '../../../host/protocol/crypto/ecdsa.js';
import { keyIdCodec, unitLimitCodec } from '../../../host/protocol/generated/structures.js';
import { profiles, tags } from '../../../host/protocol/generated/tlv.js';
import type { TerminalIdentity } from '../../../host/protocol/session/session.js';

/** One data object. */
export interface TlvNode {
  readonly tag: number;
  readonly content: Uint8Array | readonly TlvNode[];
  /** How its length is written; the shortest way unless told. */
  readonly length?: 'shortest' | 'two bytes' | 'three bytes' | 'indefinite';
  /** Added to the length that is written: a lie. */
  readonly lie?: number;
}

export function encode({ tag, content, length = 'shortest', lie = 0 }: TlvNode): Uint8Array {
  const value = content instanceof Uint8Array ? content : concat(...content.map(encode));
  const tagBytes = tag > 0xff ? u16(tag) : Uint8Array.of(tag);
  return concat(tagBytes, lengthBytes(value.length + lie, length), value);
}

function lengthBytes(length: number, form: NonNullable<TlvNode['length']>): Uint8Array {
  switch (form) {
    case 'shortest':
      return length < 0x80 ? Uint8Array.of(length) : Uint8Array.of(0x81, length);
    case 'two bytes':
      return Uint8Array.of(0x81, length);
    case 'three bytes':
      return concat(Uint8Array.of(0x82), u16(length));
    case 'indefinite':
      return Uint8Array.of(0x80);
  }
}

/** The objects of a terminal certificate's body, by name, in their order. */
export function bodyOf({ certificate }: TerminalIdentity): Record<string, TlvNode> {
  const { authority, terminalId, point, role, acquirerId, merchantId, limits, effective, expiry } = certificate;
  const rights = concat(
    Uint8Array.of(role),
    acquirerId,
    merchantId,
    ...limits.map((limit) => unitLimitCodec.encode(limit)),
  );
  return {
    profile: { tag: tags.profile, content: Uint8Array.of(profiles.terminal) },
    authority: { tag: tags.authorityReference, content: keyIdCodec.encode(authority) },
    holder: { tag: tags.holderReference, content: terminalId },
    publicKey: { tag: tags.publicKey, content: [{ tag: tags.signPoint, content: point }] },
    authorisation: { tag: tags.authorisation, content: [{ tag: tags.discretionary, content: rights }] },
    effective: { tag: tags.effective, content: u32(effective) },
    expiry: { tag: tags.expiry, content: u32(expiry) },
  };
}

/** Signs a body and wraps both. @param change of the outer object, once signed */
export function sealed(
  body: readonly TlvNode[],
  signer: Signer,
  change: (certificate: TlvNode & { content: readonly TlvNode[] }) => TlvNode = (certificate) => certificate,
): Uint8Array {
  const inner: TlvNode = { tag: tags.certificateBody, content: body };
  const signature = signer.sign(encode(inner));
  return encode(change({ tag: tags.certificate, content: [inner, { tag: tags.signature, content: signature }] }));
}
