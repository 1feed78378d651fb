/** Cards page by page in the order of their ids: whoever walks them holds one page, however many there are. */
import type { Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { CardFault } from '../domain/findings.js';
import type { ReplayedCard } from '../domain/replay.js';
import type { Db } from '../store/database.js';
import type { CardState } from '../store/schema.js';

/** Cards at a time. */
const pageSize = 500;

export interface PagedCard extends ReplayedCard {
  readonly units: readonly Unit[];
  readonly signPoint: Uint8Array;
  readonly keyVersion: number;
}

/** Cards by id, in the order of their ids. */
export type CardPage = ReadonlyMap<string, PagedCard>;

/** @param after last id of the page before; undefined after the last page */
export async function cardPage(db: Db, after: string): Promise<CardPage | undefined> {
  const cards = await db
    .selectFrom('card')
    .innerJoin('ledger_head', 'ledger_head.owner', 'card.card_id')
    .select(['card_id', 'sign_point', 'key_version', 'state', 'fault', 'ledger_head.nt'])
    .where('card_id', '>', after)
    .orderBy('card_id')
    .limit(pageSize)
    .execute();
  const last = cards.at(-1)?.card_id;
  if (last === undefined) return undefined;
  const slots = await db
    .selectFrom('card_slot')
    .select(['card_id', 'unit', 'balance'])
    .where('card_id', '>', after)
    .where('card_id', '<=', last)
    .orderBy('card_id')
    .orderBy('slot')
    .execute();
  const bySlot = new Map<string, { unit: number; balance: bigint }[]>(cards.map(({ card_id }) => [card_id, []]));
  for (const { card_id, unit, balance } of slots) bySlot.get(card_id)?.push({ unit, balance });
  return new Map(
    cards.map((card) => {
      const own = bySlot.get(card.card_id) ?? [];
      return [
        card.card_id,
        {
          cardId: card.card_id,
          units: own.map(({ unit }) => unitByCode(unit)),
          signPoint: new Uint8Array(card.sign_point),
          keyVersion: card.key_version,
          standing: standingOf(card.state),
          fault: (card.fault as CardFault | null) ?? undefined,
          nt: Number(card.nt),
          balances: own.map(({ balance }) => balance),
        },
      ];
    }),
  );
}

function standingOf(state: CardState): ReplayedCard['standing'] {
  return state === 'issued' || state === 'active' ? 'live' : state;
}

/** First and last card id of a page. */
export function boundsOf(page: CardPage): { readonly first: string; readonly last: string } {
  const ids = [...page.keys()];
  return { first: ids[0] ?? '', last: ids.at(-1) ?? '' };
}
