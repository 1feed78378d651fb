/** Checks signatures one by one with the keys it has set up: setting one up costs as much as a verification. */
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { nativePublicKey } from '../../protocol/crypto/native.js';
import type { SignatureCheck } from '../../protocol/crypto/native.js';

/** Keys kept, some two kilobytes each. */
const capacity = 20_000;

export class SignatureChecker {
  private readonly keys = new Map<string, KeyObject>();

  holds({ message, signature, point }: SignatureCheck): boolean {
    try {
      return verify('sha256', message, this.keyOf(point), signature);
    } catch {
      return false;
    }
  }

  private keyOf(point: Uint8Array): KeyObject {
    const name = Buffer.from(point.buffer, point.byteOffset, point.byteLength).toString('latin1');
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    const key = nativePublicKey(point);
    if (this.keys.size >= capacity) this.forgetOldest();
    this.keys.set(name, key);
    return key;
  }

  private forgetOldest(): void {
    const [oldest] = this.keys.keys();
    if (oldest !== undefined) this.keys.delete(oldest);
  }
}
