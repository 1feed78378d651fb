/**
 * The random number r of every signature of a card. One r under two messages gives the private key away: the book breaks. That of an
 * S3 is found in its record; `signature_seen` has those of everything else.
 */
import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { equalBytes } from '../../protocol/codec/bytes.js';
import type { OpenBook } from '../store/books.js';
import { arrayOf, copyInto, hex } from '../store/copy.js';
import type { Tx } from '../store/database.js';
import type { Offered } from '../store/kept-books.js';

/** A signature that verified, and what it is over. */
export interface SeenSignature {
  /** DER. */
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  /** Of an S3: the record in the message. */
  readonly record?: Uint8Array;
}

/** Signatures of the card of one book. */
export interface SeenOfBook {
  readonly open: OpenBook;
  readonly seen: readonly SeenSignature[];
  /** Records that are going to be kept, with the S3 they came with. */
  readonly offered: ReadonlyMap<number, Offered>;
}

interface Noted {
  readonly one: SeenSignature;
  readonly open: OpenBook;
  /** In hexadecimal. */
  readonly r: string;
  /** Its record will have it. */
  readonly isKept: boolean;
  /** The same card's first signature of these with that r, where it is not this one. */
  readonly before: SeenSignature | undefined;
}

/**
 * Before the books are kept: looks for each r, and remembers those that no record will have.
 *
 * @param trusting the r of a record that is going to be kept is not looked for among other records: the database refuses such a record
 *   ({@link isRepeated}), and the caller begins again without trust
 */
export async function noteSignatures(tx: Tx, books: readonly SeenOfBook[], trusting = false): Promise<void> {
  const noted: Noted[] = [];
  for (const book of books) noteBook(book, noted);
  if (noted.length === 0) return;
  const statements = await statementsUnder(tx, noted);
  const records = await recordsUnder(tx, trusting ? noted.filter(({ isKept }) => !isKept) : noted);
  const fresh: Noted[] = [];
  for (const note of noted) {
    const { one, before, isKept, open } = note;
    const others = [...(statements.get(note) ?? []), ...(records.get(note) ?? [])];
    if (
      (before !== undefined && !equalBytes(before.message, one.message)) ||
      others.some((other) => !isSame(one, other))
    ) {
      open.book.breakWith('signature-repeated', 'Two messages are signed with one random number.');
      open.repeats.add(one.signature);
    } else if (before === undefined && others.length === 0 && !isKept) fresh.push(note);
  }
  await copyInto(tx, 'signature_seen', { card_id: 'text', r: 'bytea', message_hash: 'bytea' }, fresh.map(seenRow));
}

/** A card has few signatures at a time: each is compared with those before it. */
function noteBook({ open, seen, offered }: SeenOfBook, noted: Noted[]): void {
  const kept = new Set<Uint8Array>();
  for (const [nt, { s3 }] of offered) if ((open.rows.get(nt)?.s3 ?? null) === null) kept.add(s3);
  const from = noted.length;
  for (const one of seen) {
    const { signature } = one;
    const r = hex(randomNumber(signature));
    const before = firstWith(r, noted, from)?.one;
    noted.push({ one, open, r, isKept: kept.has(signature), before });
  }
}

function firstWith(r: string, noted: readonly Noted[], from: number): Noted | undefined {
  for (let i = from; i < noted.length; i++) if (noted[i]?.r === r) return noted[i];
  return undefined;
}

function seenRow({ open, r, one }: Noted) {
  return [open.book.cardId, r, hash('sha256', one.message)] as const;
}

/** What is known under one r: the hash of a message, or a record. */
interface Known {
  readonly place: bigint;
  readonly message_hash: Uint8Array | null;
  readonly content: Uint8Array | null;
}

function isSame({ message, record }: SeenSignature, { message_hash, content }: Known): boolean {
  if (content !== null) return record !== undefined && equalBytes(new Uint8Array(content), record);
  return message_hash !== null && hex(message_hash) === hash('sha256', message);
}

/** `offset 0`, here and below: looked up one by one in the index, whatever the planner believes of the table's size. */
function statementsUnder(tx: Tx, noted: readonly Noted[]): Promise<Map<Noted, Known[]>> {
  return knownUnder(
    tx,
    noted,
    sql`select s.message_hash, null::bytea as content from signature_seen s
         where s.card_id = asked.card_id and s.r = asked.r offset 0`,
  );
}

function recordsUnder(tx: Tx, noted: readonly Noted[]): Promise<Map<Noted, Known[]>> {
  return knownUnder(
    tx,
    noted,
    sql`select null::bytea as message_hash, o.content from record o
         where o.card_id = asked.card_id and o.s3 is not null and not o.repeats
           and substring(o.s3 from 5 for get_byte(o.s3, 3)) = asked.r offset 0`,
  );
}

async function knownUnder(tx: Tx, noted: readonly Noted[], found: RawBuilder<unknown>): Promise<Map<Noted, Known[]>> {
  const known = new Map<Noted, Known[]>();
  if (noted.length === 0) return known;
  const cards = arrayOf(noted.map(({ open }) => open.book.cardId));
  const randoms = arrayOf(noted.map(({ r }) => `"\\\\x${r}"`));
  const { rows } = await sql<Known>`
    select asked.place, found.message_hash, found.content
      from unnest(${cards}::text[], ${randoms}::bytea[]) with ordinality as asked (card_id, r, place),
           lateral (${found}) as found`.execute(tx);
  for (const row of rows) {
    const note = noted[Number(row.place) - 1];
    if (note !== undefined) known.set(note, [...(known.get(note) ?? []), row]);
  }
  return known;
}

/** The database refused a record: its S3 has the random number of another one. */
export function isRepeated(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'record_random';
}

/** r, in place, of a DER ECDSA signature that verified: 30 len 02 len r … */
function randomNumber(signature: Uint8Array): Uint8Array {
  return signature.subarray(4, 4 + (signature[3] ?? 0));
}
