/** Batches as terminals handed them in, and what became of each entry. */
import { sql } from 'kysely';
import { toHex } from '../../../protocol/codec/bytes.js';
import { moneyToJson } from '../../../protocol/codec/money.js';
import { unitByCode } from '../../../protocol/codec/units.js';
import { batchEntriesOf } from '../../service/batch-entries.js';
import { rejected } from '../../service/context.js';
import type { Db } from '../../store/database.js';
import type { Part } from '../views/common.js';
import type { BatchEntryView, BatchRowView, BatchView } from '../views/terminals.js';
import { cursorOf, limitOf, partOf, wholeNumber } from './paging.js';
import type { Paging } from './paging.js';

export interface BatchSearch extends Paging {
  readonly terminalId?: string | undefined;
}

type Row = Awaited<ReturnType<ReturnType<typeof batchRows>['executeTakeFirstOrThrow']>>;

/** Newest first. */
export async function listBatches(db: Db, search: BatchSearch): Promise<Part<BatchRowView>> {
  const after = cursorOf(search, 3);
  const rows = await batchRows(db)
    .$if(search.terminalId !== undefined, (query) => query.where('batch.terminal_id', '=', search.terminalId ?? ''))
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('batch.accepted_at', 'batch.terminal_id', 'batch.number'),
          '<',
          tuple(wholeNumber(after?.[0]), after?.[1] ?? '', wholeNumber(after?.[2])),
        ),
      ),
    )
    .orderBy('batch.accepted_at', 'desc')
    .orderBy('batch.terminal_id', 'desc')
    .orderBy('batch.number', 'desc')
    .limit(limitOf(search) + 1)
    .execute();
  return partOf(rows, search, rowView, ({ accepted_at, terminal_id, number }) => [accepted_at, terminal_id, number]);
}

function batchRows(db: Db) {
  const refused = sql`from batch_entry e where e.terminal_id = batch.terminal_id and e.batch = batch.number
                       and e.result not in ('accepted', 'noted')`;
  return db
    .selectFrom('batch')
    .innerJoin('terminal', 'terminal.terminal_id', 'batch.terminal_id')
    .select([
      'batch.terminal_id',
      'batch.number',
      'batch.closed_at',
      'batch.accepted_at',
      'batch.hash',
      'batch.entries',
    ])
    .select('terminal.merchant')
    .select([sql<bigint>`(select count(*) ${refused})`.as('refused')]);
}

function rowView(row: Row): BatchRowView {
  return {
    terminalId: row.terminal_id,
    number: Number(row.number),
    merchant: row.merchant,
    entries: row.entries,
    refused: Number(row.refused),
    closedAt: Number(row.closed_at),
    acceptedAt: Number(row.accepted_at),
  };
}

/** @throws IssuerError rejected */
export async function showBatch(db: Db, terminalId: string, number: bigint): Promise<BatchView> {
  const row = await batchRows(db)
    .where('batch.terminal_id', '=', terminalId)
    .where('batch.number', '=', number)
    .executeTakeFirst();
  if (row === undefined) throw rejected(`There is no batch ${number} of the terminal ${terminalId}.`);
  const sums = new Map<number, bigint>();
  for (const { outcome, result, unit, amount } of await batchEntriesOf(db, terminalId, number))
    if (outcome === 'sold' && result === 'accepted') sums.set(unit, (sums.get(unit) ?? 0n) + amount);
  return {
    ...rowView(row),
    hash: toHex(new Uint8Array(row.hash)),
    sums: [...sums].sort(([a], [b]) => a - b).map(([unit, amount]) => moneyToJson({ amount, unit: unitByCode(unit) })),
  };
}

/** In the order of the terminal's numbers. */
export async function batchEntries(
  db: Db,
  terminalId: string,
  number: bigint,
  paging: Paging,
): Promise<Part<BatchEntryView>> {
  const after = cursorOf(paging, 1);
  const from = after === undefined ? -1n : wholeNumber(after[0]);
  const entries = await batchEntriesOf(db, terminalId, number);
  const rows = entries.filter(({ tn }) => tn > from).slice(0, limitOf(paging) + 1);
  return partOf(
    rows,
    paging,
    ({ tn, outcome, cardId, unit, amount, result, correctedIn }): BatchEntryView => ({
      tn: Number(tn),
      outcome,
      cardId,
      money: moneyToJson({ amount, unit: unitByCode(unit) }),
      result,
      correctedIn: correctedIn === null ? null : Number(correctedIn),
    }),
    ({ tn }) => [tn],
  );
}
