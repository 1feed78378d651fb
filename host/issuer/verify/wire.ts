/** Signature checks as one block of bytes, which a thread hands to another without copying: for each u16 lengths and the parts. */
import type { SignatureCheck } from '../../protocol/crypto/native.js';

export interface VerifyTask {
  readonly id: number;
  readonly checks: Uint8Array<ArrayBuffer>;
}

export interface VerifyResult {
  readonly id: number;
  /** One byte a check: 1 holds. */
  readonly verdicts: Uint8Array<ArrayBuffer>;
}

export function packChecks(checks: readonly SignatureCheck[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const { point, message, signature } of checks) length += 6 + point.length + message.length + signature.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const { point, message, signature } of checks) {
    at = put(bytes, at, point);
    at = put(bytes, at, message);
    at = put(bytes, at, signature);
  }
  return bytes;
}

function put(bytes: Uint8Array, at: number, part: Uint8Array): number {
  bytes[at] = part.length >> 8;
  bytes[at + 1] = part.length & 0xff;
  bytes.set(part, at + 2);
  return at + 2 + part.length;
}

export function unpackChecks(bytes: Uint8Array): SignatureCheck[] {
  let at = 0;
  const next = (): Uint8Array => {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    at += 2 + length;
    return bytes.subarray(at - length, at);
  };
  const checks: SignatureCheck[] = [];
  while (at < bytes.length) checks.push({ point: next(), message: next(), signature: next() });
  return checks;
}
