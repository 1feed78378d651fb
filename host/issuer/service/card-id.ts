/** From scheme and serial, so that the same chip always gets the same id and no index over all cards is needed. */
import { createHash } from 'node:crypto';
import { concat, toHex, u16 } from '../../protocol/codec/bytes.js';
import type { Issuer } from './context.js';

/** @param serial 8 bytes @returns 16 hexadecimal digits */
export function cardIdOf({ scheme }: Pick<Issuer, 'scheme'>, serial: Uint8Array): string {
  const input = concat(new TextEncoder().encode('epurse card'), u16(scheme.id), serial);
  return toHex(new Uint8Array(createHash('sha256').update(input).digest()).slice(0, 8));
}
