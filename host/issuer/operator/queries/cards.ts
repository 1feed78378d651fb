/** Cards: found by id, serial or holder; one card with its balances, listings, records, loads and orders. */
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { toHex } from '../../../protocol/codec/bytes.js';
import { moneyToJson } from '../../../protocol/codec/money.js';
import { unitByCode } from '../../../protocol/codec/units.js';
import { unknownCard } from '../../service/context.js';
import type { Db } from '../../store/database.js';
import type { CardTable } from '../../store/schema.js';
import type { CardRowView, CardView, ListingView } from '../views/cards.js';
import type { Part } from '../views/common.js';
import { cursorOf, limitOf, partOf, wholeNumber } from './paging.js';
import type { Paging } from './paging.js';

export interface CardSearch extends Paging {
  /** Begin of a card id or serial, or part of a holder's name; empty for all. */
  readonly text?: string | undefined;
  readonly holderId?: string | undefined;
}

type Row = Pick<Selectable<CardTable>, 'card_id' | 'serial' | 'state' | 'issued_at' | 'expiry'> & {
  readonly name: string;
  readonly listed: boolean;
};

/** Newest first. */
export async function searchCards(db: Db, search: CardSearch): Promise<Part<CardRowView>> {
  const text = (search.text ?? '').trim();
  const after = cursorOf(search, 2);
  const rows = await cardRows(db)
    .$if(search.holderId !== undefined, (query) => query.where('card.holder_id', '=', search.holderId ?? ''))
    .$if(text !== '', (query) => query.where(matching(text)))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(card.issued_at, card.card_id) < (${wholeNumber(after?.[0])}, ${after?.[1] ?? ''})`),
    )
    .orderBy('card.issued_at', 'desc')
    .orderBy('card.card_id', 'desc')
    .limit(limitOf(search) + 1)
    .execute();
  return partOf(rows, search, rowView, ({ issued_at, card_id }) => [issued_at, card_id]);
}

function cardRows(db: Db) {
  return db
    .selectFrom('card')
    .innerJoin('holder', 'holder.holder_id', 'card.holder_id')
    .select(['card.card_id', 'card.serial', 'card.state', 'card.issued_at', 'card.expiry', 'holder.name'])
    .select(
      sql<boolean>`exists (select 1 from listing where listing.card_id = card.card_id and listing.released_at is null)`.as(
        'listed',
      ),
    );
}

/** What a person types is text: its % and _ stand for themselves. */
function matching(text: string) {
  const literal = text.replace(/[\\%_]/g, '\\$&');
  const hex = text.toLowerCase().replace(/[\s:]/g, '');
  const byName = sql<boolean>`holder.name ilike ${`%${literal}%`}`;
  if (!/^[0-9a-f]{2,16}$/.test(hex)) return byName;
  return sql<boolean>`(card.card_id like ${`${hex}%`} or encode(card.serial, 'hex') like ${`${hex}%`} or ${byName})`;
}

function rowView({ card_id, serial, state, issued_at, expiry, name, listed }: Row): CardRowView {
  return {
    cardId: card_id,
    serial: toHex(new Uint8Array(serial)),
    holder: name,
    state,
    listed,
    issuedAt: Number(issued_at),
    expiry: Number(expiry),
  };
}

/** @throws IssuerError unknown-card */
export async function showCard(db: Db, cardId: string): Promise<CardView> {
  const row = await cardRows(db)
    .innerJoin('ledger_head', 'ledger_head.owner', 'card.card_id')
    .select(['card.holder_id', 'card.fault', 'card.replaces', 'card.replaced_by', 'card.parameters_version'])
    .select('ledger_head.nt')
    .where('card.card_id', '=', cardId)
    .executeTakeFirst();
  if (row === undefined) throw unknownCard(cardId);
  return {
    ...rowView(row),
    holderId: row.holder_id,
    fault: row.fault,
    replaces: row.replaces,
    replacedBy: row.replaced_by,
    nt: Number(row.nt),
    parametersVersion: row.parameters_version,
    slots: await slotsOf(db, cardId),
    listings: await listingsOf(db, cardId),
  };
}

async function slotsOf(db: Db, cardId: string): Promise<CardView['slots']> {
  const rows = await db
    .selectFrom('card_slot')
    .select(['slot', 'unit', 'balance'])
    .where('card_id', '=', cardId)
    .orderBy('slot')
    .execute();
  return rows.map(({ slot, unit, balance }) => ({
    slot,
    balance: moneyToJson({ amount: balance, unit: unitByCode(unit) }),
  }));
}

async function listingsOf(db: Db, cardId: string): Promise<ListingView[]> {
  const rows = await db
    .selectFrom('listing')
    .select(['block_number', 'reason', 'note', 'listed_at', 'taken_at', 'released_at'])
    .where('card_id', '=', cardId)
    .orderBy('block_number', 'desc')
    .execute();
  return rows.map((row) => ({
    blockNumber: Number(row.block_number),
    reason: row.reason,
    note: row.note,
    listedAt: Number(row.listed_at),
    takenAt: row.taken_at === null ? null : Number(row.taken_at),
    releasedAt: row.released_at === null ? null : Number(row.released_at),
  }));
}
