/** The histories of a page of cards, read in order and told again (domain/replay.ts), signatures looked at on the way. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { equalBytes, fromHex } from '../../protocol/codec/bytes.js';
import { verifyBulk } from '../../protocol/crypto/native.js';
import { recordCodec } from '../../protocol/generated/structures.js';
import { recordMessage } from '../../protocol/signed/signed-record.js';
import { fork } from '../domain/book.js';
import type { Clearing, Placement } from '../domain/book.js';
import type { Finding } from '../domain/findings.js';
import { Replay } from '../domain/replay.js';
import type { PointsRule } from '../domain/sequence.js';
import type { Db } from '../store/database.js';
import { recordFacts } from '../store/record-facts.js';
import { boundsOf } from './pages.js';
import type { CardPage, PagedCard } from './pages.js';

/** Records at a time. */
const chunk = 2000;

interface Row {
  readonly card_id: string;
  readonly nt: bigint;
  readonly content: Uint8Array;
  readonly s3: Uint8Array | null;
  readonly placement: Placement;
  readonly clearing: Clearing;
  readonly seen_at: bigint;
  readonly sold: boolean;
  readonly reversed: boolean;
  /** Of a statement, or by an earlier version, first seen under the random number of this S3. */
  readonly message_hash: Uint8Array | null;
  /** An earlier record has it too. */
  readonly repeated: boolean;
}

export interface HistoryOptions {
  readonly scheme: number;
  readonly rules: ReadonlyMap<number, PointsRule>;
  /** Verify every stored S3 again. */
  readonly verifySignatures: boolean;
  /** Called with the number of records read. */
  readonly onRecords: (count: number) => void;
}

/** One finished replay for every card of the page, in order. */
export async function* replays(db: Db, page: CardPage, options: HistoryOptions): AsyncGenerator<Replay> {
  const waiting = page.values();
  let current: Replay | undefined;
  for await (const rows of recordChunks(db, page)) {
    options.onRecords(rows.length);
    const held = signaturesHold(rows, page, options);
    for (const [i, row] of rows.entries()) {
      while (current?.card.cardId !== row.card_id) {
        if (current !== undefined) yield ended(current);
        const { value } = waiting.next();
        if (value === undefined) throw new Error(`a record of ${row.card_id}, which is not on its page`);
        current = new Replay(value, options.rules);
      }
      feed(current, row, page, options, held[i] ?? true);
    }
  }
  if (current !== undefined) yield ended(current);
  for (const card of waiting) yield ended(new Replay(card, options.rules));
}

function ended(replay: Replay): Replay {
  replay.end();
  return replay;
}

async function* recordChunks(db: Db, page: CardPage): AsyncGenerator<readonly Row[]> {
  const { first, last } = boundsOf(page);
  for (let card = first, nt = 0n; ;) {
    const { rows } = await sql<Row>`
      select r.card_id, r.nt, r.content, r.s3, r.placement, r.clearing, r.seen_at, s.message_hash,
             exists (select from record o where o.card_id = r.card_id and o.nt <> r.nt and o.content <> r.content
                        and o.s3 is not null and not o.repeats and substring(o.s3 from 5 for get_byte(o.s3, 3)) = substring(r.s3 from 5 for get_byte(r.s3, 3))) as repeated,
             r.sale_at is not null as sold, r.reversal_at is not null as reversed
        from record r
        left join signature_seen s on s.card_id = r.card_id and s.r = substring(r.s3 from 5 for get_byte(r.s3, 3))
       where (r.card_id, r.nt) > (${card}, ${nt}) and r.card_id <= ${last}
       order by r.card_id, r.nt limit ${chunk}`.execute(db);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    if (rows.length < chunk) return;
    card = end.card_id;
    nt = end.nt;
  }
}

function claimsOn({ sold, reversed }: Row): ReadonlySet<'sale' | 'reversal'> {
  const claims = new Set<'sale' | 'reversal'>();
  if (sold) claims.add('sale');
  if (reversed) claims.add('reversal');
  return claims;
}

function feed(replay: Replay, row: Row, page: CardPage, options: HistoryOptions, holds: boolean): void {
  const card = page.get(row.card_id);
  if (card === undefined) return;
  const facts = { ...recordFacts(row.content, card.units), nt: Number(row.nt) };
  replay.feed({
    facts,
    placement: row.placement,
    clearing: row.clearing,
    claims: claimsOn(row),
    seenAt: Number(row.seen_at),
  });
  if (!holds) replay.differences.push(`Card ${row.card_id}: the stored S3 of record ${row.nt} does not hold.`);
  if (row.repeated) replay.findings.push(repeated(row));
  else if (row.s3 !== null && row.message_hash !== null) {
    const hash = createHash('sha256')
      .update(messageOf(card, row, options))
      .digest();
    if (!equalBytes(new Uint8Array(row.message_hash), hash)) replay.findings.push(repeated(row));
  }
}

function repeated({ card_id, nt }: Row): Finding {
  const detail = `The random number under record ${nt % BigInt(fork)} is also under another message: the key can be computed.`;
  return { kind: 'signature-repeated', party: card_id, subject: 'signature-repeated', detail };
}

function signaturesHold(rows: readonly Row[], page: CardPage, options: HistoryOptions): readonly boolean[] {
  if (!options.verifySignatures) return [];
  const signed = rows.map((row) => ({ row, card: page.get(row.card_id) }));
  const checks = signed.flatMap(({ row, card }) =>
    row.s3 === null || card === undefined
      ? []
      : [{ message: messageOf(card, row, options), signature: new Uint8Array(row.s3), point: card.signPoint }],
  );
  const verdicts = verifyBulk(checks).values();
  return signed.map(({ row, card }) => row.s3 === null || card === undefined || verdicts.next().value === true);
}

function messageOf(card: PagedCard, row: Row, { scheme }: HistoryOptions): Uint8Array {
  const record = recordCodec.decode(row.content);
  return recordMessage({ scheme, cardId: fromHex(card.cardId), keyVersion: card.keyVersion, record });
}
