/** What a journal line says, and its JSON. Byte strings are hexadecimal, times seconds since 1970, amounts decimal with unit. */
import { z } from 'zod';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { moneyFromJson, moneyToJson } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';

/** First line: whose journal it is. */
export interface StartEntry {
  readonly entry: 'start';
  readonly format: 1;
  readonly scheme: number;
  readonly terminalId: Uint8Array;
}

/** An order is about to leave. Written before the command that may move money. */
export interface OpenedEntry {
  readonly entry: 'opened';
  /** Terminal's transaction number, never used again whatever becomes of it. */
  readonly tn: number;
  readonly kind: 'debit' | 'cancel';
  readonly cardId: Uint8Array;
  readonly slot: number;
  readonly amount: Money;
  /** NT in the S1 of the session that carries the order. */
  readonly ntSeen: number;
  readonly time: number;
  /** For a cancel: the purchase, and the terminal's signature over the order. */
  readonly cancels?: { readonly tn: number; readonly nt: number; readonly signature: Uint8Array };
}

/** What proves that an order was never executed. */
export type VoidEvidence =
  /** A MACed refusal. */
  | { readonly by: 'refusal'; readonly sw: number; readonly reason: number }
  /** A later MACed S1 still showed the NT seen before. */
  | { readonly by: 'counter'; readonly nt: number }
  /** The issuer's final word: structure `entryAnswer` and its signature. */
  | { readonly by: 'issuer'; readonly answer: Uint8Array; readonly signature: Uint8Array };

/** Where the record came from. */
export type ExecutedEvidence =
  /** The answer to the order itself. */
  | { readonly by: 'answer' }
  /** GET PROOF at a later meeting. */
  | { readonly by: 'proof' }
  /** The issuer's final word: structure `entryAnswer` and its signature. */
  | { readonly by: 'issuer'; readonly answer: Uint8Array; readonly signature: Uint8Array };

/** An order's end. */
export type ClosedEntry = { readonly entry: 'closed'; readonly tn: number; readonly time: number } & (
  | {
      readonly result: 'executed';
      /** Structure `record` as signed. */
      readonly record: Uint8Array;
      /** Empty where the issuer has the record from the card's log alone. */
      readonly s3: Uint8Array;
      readonly evidence: ExecutedEvidence;
    }
  | { readonly result: 'void'; readonly evidence: VoidEvidence }
);

/** The person at the terminal has seen how the order ended: goods and receipt are theirs to give. */
export interface ToldEntry {
  readonly entry: 'told';
  readonly tn: number;
}

/** A batch was closed: these numbers are accounted for. The batch itself is a file beside the journal. */
export interface BatchEntry {
  readonly entry: 'batch';
  readonly number: number;
  readonly firstTn: number;
  readonly lastTn: number;
  /** Numbers below `firstTn` that this batch reports as open or corrects. */
  readonly corrections: readonly number[];
  /** Numbers reported as open. */
  readonly open: readonly number[];
  /** SHA-256 of the batch as signed. */
  readonly hash: Uint8Array;
  readonly time: number;
}

/** The issuer acknowledged a batch. */
export interface AcknowledgedEntry {
  readonly entry: 'acknowledged';
  readonly number: number;
  readonly time: number;
}

export type JournalEntry = StartEntry | OpenedEntry | ClosedEntry | ToldEntry | BatchEntry | AcknowledgedEntry;

const u32 = z.number().int().min(0).max(0xffff_ffff);
const bytes = z.codec(
  z.string().regex(/^([0-9a-f]{2})*$/),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (hex) => fromHex(hex),
    encode: (value) => toHex(value),
  },
);
const amount = z.codec(
  z.strictObject({ amount: z.string(), unit: z.string() }),
  z.custom<Money>((value) => typeof value === 'object' && value !== null),
  { decode: (json) => moneyFromJson(json), encode: (value) => moneyToJson(value) },
);

const issuerWord = z.strictObject({ by: z.literal('issuer'), answer: bytes, signature: bytes });

const executed = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('answer') }),
  z.strictObject({ by: z.literal('proof') }),
  issuerWord,
]);

const evidence = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('refusal'), sw: u32, reason: u32 }),
  z.strictObject({ by: z.literal('counter'), nt: u32 }),
  issuerWord,
]);

const closed = { entry: z.literal('closed'), tn: u32, time: u32 };

const entrySchema = z.union([
  z.strictObject({ entry: z.literal('start'), format: z.literal(1), scheme: u32, terminalId: bytes }),
  z.strictObject({
    entry: z.literal('opened'),
    tn: u32,
    kind: z.enum(['debit', 'cancel']),
    cardId: bytes,
    slot: u32,
    amount,
    ntSeen: u32,
    time: u32,
    cancels: z.strictObject({ tn: u32, nt: u32, signature: bytes }).exactOptional(),
  }),
  z.strictObject({ ...closed, result: z.literal('executed'), record: bytes, s3: bytes, evidence: executed }),
  z.strictObject({ ...closed, result: z.literal('void'), evidence }),
  z.strictObject({ entry: z.literal('told'), tn: u32 }),
  z.strictObject({
    entry: z.literal('batch'),
    number: u32,
    firstTn: u32,
    lastTn: u32,
    corrections: z.array(u32),
    open: z.array(u32),
    hash: bytes,
    time: u32,
  }),
  z.strictObject({ entry: z.literal('acknowledged'), number: u32, time: u32 }),
]);

export function entryToJson(entry: JournalEntry): string {
  return JSON.stringify(z.encode(entrySchema, entry as z.output<typeof entrySchema>));
}

/** @throws Error that says which field is not as expected */
export function entryFromJson(json: string): JournalEntry {
  return z.decode(entrySchema, JSON.parse(json) as z.input<typeof entrySchema>);
}
