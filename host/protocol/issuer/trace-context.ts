/**
 * One name for a request from the terminal to the ledger: the header `traceparent` of W3C Trace Context, level 1. The trace id
 * stays the same through every hop; nothing about a card or holder is in it.
 */
import { toHex } from '../codec/bytes.js';
import type { Random } from '../crypto/random.js';

export const traceHeader = 'traceparent';

/** 16 bytes in hexadecimal, not all zero. */
export type TraceId = string;

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

export function newTraceId(random: Random): TraceId {
  return toHex(nonZero(random, 16));
}

/** A header for the next hop, sampled. */
export function traceparent(trace: TraceId, random: Random): string {
  return `00-${trace}-${toHex(nonZero(random, 8))}-01`;
}

/** Trace id of a header; undefined for one that is malformed (section 3.2.2), and a new trace begins. */
export function traceIdIn(header: string | undefined): TraceId | undefined {
  const [, version, trace, parent, , rest] = form.exec(header ?? '') ?? [];
  if (version === undefined || trace === undefined || parent === undefined) return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  return /^0+$/.test(trace) || /^0+$/.test(parent) ? undefined : trace;
}

/** All zero means "none", so the rare draw of it is not taken. */
function nonZero(random: Random, length: number): Uint8Array {
  for (;;) {
    const bytes = random(length);
    if (bytes.some((byte) => byte !== 0)) return bytes;
  }
}
