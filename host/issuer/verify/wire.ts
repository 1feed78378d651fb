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

const parts = ['point', 'message', 'signature'] as const;

export function packChecks(checks: readonly SignatureCheck[]): Uint8Array<ArrayBuffer> {
  const length = checks.reduce((sum, check) => parts.reduce((all, part) => all + 2 + check[part].length, sum), 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const check of checks) {
    for (const part of parts) {
      const value = check[part];
      bytes[at++] = value.length >> 8;
      bytes[at++] = value.length & 0xff;
      bytes.set(value, at);
      at += value.length;
    }
  }
  return bytes;
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
