/** The stock follows what becomes of a card that came out of it. */
import type { Tx } from '../store/database.js';
import type { StockState } from '../store/schema.js';
import type { Issuer } from './context.js';

/** Nothing where the card is from a time before the stock was kept, or was destroyed. */
export async function stockFollows(
  { clock }: Pick<Issuer, 'clock'>,
  tx: Tx,
  cardId: string,
  state: Extract<StockState, 'issued' | 'retired' | 'lost'>,
): Promise<void> {
  await tx
    .updateTable('card_stock')
    .set({ state, changed_at: clock() })
    .where('card_id', '=', cardId)
    .where('state', '<>', 'destroyed')
    .execute();
}
