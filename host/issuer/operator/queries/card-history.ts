/** What a card did, newest first: its records, loads and orders. */
import { moneyToJson } from '../../../protocol/codec/money.js';
import { unitByCode } from '../../../protocol/codec/units.js';
import { orderTypeNames } from '../../../protocol/generated/enums.js';
import type { OrderType } from '../../../protocol/generated/enums.js';
import type { Db } from '../../store/database.js';
import type { LoadView, OrderView, RecordView } from '../views/cards.js';
import type { Part } from '../views/common.js';
import { cursorOf, limitOf, partOf, smallNumber, wholeNumber } from './paging.js';
import type { Paging } from './paging.js';

export async function cardRecords(db: Db, cardId: string, paging: Paging): Promise<Part<RecordView>> {
  const after = cursorOf(paging, 1);
  const rows = await db
    .selectFrom('record')
    .select([
      'nt',
      'kind',
      'terminal_id',
      'merchant',
      'unit',
      'amount',
      'points',
      'points_unit',
      'time',
      'placement',
      'clearing',
    ])
    .where('card_id', '=', cardId)
    .$if(after !== undefined, (query) => query.where('nt', '<', wholeNumber(after?.[0])))
    .orderBy('nt', 'desc')
    .limit(limitOf(paging) + 1)
    .execute();
  return partOf(
    rows,
    paging,
    (row): RecordView => ({
      nt: Number(row.nt),
      kind: row.kind,
      terminalId: row.terminal_id,
      merchant: row.merchant,
      money: moneyToJson({ amount: row.amount, unit: unitByCode(row.unit) }),
      points: row.points === 0n ? null : moneyToJson({ amount: row.points, unit: unitByCode(row.points_unit) }),
      time: Number(row.time),
      placement: row.placement,
      clearing: row.clearing,
    }),
    ({ nt }) => [nt],
  );
}

export async function cardLoads(db: Db, cardId: string, paging: Paging): Promise<Part<LoadView>> {
  const after = cursorOf(paging, 1);
  const rows = await db
    .selectFrom('load')
    .select(['counter', 'kind', 'kiosk_id', 'unit', 'amount', 'state', 'funding', 'asked_at', 'decided_at'])
    .where('card_id', '=', cardId)
    .$if(after !== undefined, (query) => query.where('counter', '<', wholeNumber(after?.[0])))
    .orderBy('counter', 'desc')
    .limit(limitOf(paging) + 1)
    .execute();
  return partOf(
    rows,
    paging,
    (row): LoadView => ({
      counter: Number(row.counter),
      kind: row.kind,
      kioskId: row.kiosk_id,
      money: moneyToJson({ amount: row.amount, unit: unitByCode(row.unit) }),
      state: row.state,
      funding: row.funding,
      askedAt: Number(row.asked_at),
      decidedAt: row.decided_at === null ? null : Number(row.decided_at),
    }),
    ({ counter }) => [counter],
  );
}

export async function cardOrders(db: Db, cardId: string, paging: Paging): Promise<Part<OrderView>> {
  const after = cursorOf(paging, 3);
  const rows = await db
    .selectFrom('card_order')
    .select(['type', 'number', 'reason', 'issued_at'])
    .where('card_id', '=', cardId)
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('issued_at', 'number', 'type'),
          '<',
          tuple(wholeNumber(after?.[0]), wholeNumber(after?.[1]), smallNumber(after?.[2])),
        ),
      ),
    )
    .orderBy('issued_at', 'desc')
    .orderBy('number', 'desc')
    .orderBy('type', 'desc')
    .limit(limitOf(paging) + 1)
    .execute();
  return partOf(
    rows,
    paging,
    (row): OrderView => ({
      type: orderTypeNames[row.type as OrderType],
      number: Number(row.number),
      reason: row.reason,
      issuedAt: Number(row.issued_at),
    }),
    ({ issued_at, number, type }) => [issued_at, number, type],
  );
}
