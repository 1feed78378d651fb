/** Block orders are made in advance. After a rotation of the order key those of listed cards are signed anew, same number and body. */
import { sql } from 'kysely';
import { fromHex } from '../../protocol/codec/bytes.js';
import { Authority, OrderType } from '../../protocol/generated/enums.js';
import { signOrder } from '../../protocol/signed/order.js';
import { schemeKey } from '../pki/keyring.js';
import type { Tx } from '../store/database.js';
import { orderKey } from './card-keys.js';
import type { Issuer } from './context.js';

/** Listings that are not released, each with its card and its block order. */
export function openListings(tx: Tx) {
  return tx
    .selectFrom('listing')
    .innerJoin('card', 'card.card_id', 'listing.card_id')
    .innerJoin('card_order', (join) =>
      join
        .onRef('card_order.card_id', '=', 'listing.card_id')
        .onRef('card_order.number', '=', 'listing.block_number')
        .on('card_order.type', '=', OrderType.block),
    )
    .where('listing.released_at', 'is', null);
}

/** Brings the signatures of all block orders on the list under the key that their cards take now. */
export async function refreshBlockOrders(issuer: Issuer, tx: Tx): Promise<void> {
  const current = schemeKey(issuer.scheme, Authority.order).keyId.version;
  const stale = await openListings(tx)
    .select(['card_order.card_id', 'card_order.number', 'card_order.body', 'card.order_version'])
    .where('card_order.key_index', '=', 0)
    .where('card.order_version', '<', current)
    .execute();
  for (const { card_id, number, body, order_version } of stale) {
    const { signer, keyIndex } = orderKey(issuer, { order_version });
    const order = {
      scheme: issuer.scheme.id,
      cardId: fromHex(card_id),
      type: OrderType.block,
      body: new Uint8Array(body),
    };
    await sql`
      update card_order set signature = ${signOrder(order, signer)}, key_index = ${keyIndex}
      where card_id = ${card_id} and type = ${OrderType.block} and number = ${number}`.execute(tx);
  }
}
