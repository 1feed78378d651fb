/** PUT ORDER: passes on what the issuer signed for this card. */
import type { CardChannel } from '../channel/channel.js';
import { concat } from '../codec/bytes.js';
import { pinBlock } from '../codec/pin.js';
import { commands } from '../generated/commands.js';
import { isCardError } from '../errors.js';
import { OrderType, Reason } from '../generated/enums.js';
import { blockStatementWithSignature, statementWithSignature } from './bodies.js';
import type { BlockStatementWithSignature } from './bodies.js';
import { exchange, malformed } from './exchange.js';
import type { StatementWithSignature } from './init-load.js';

/** An issuer order as it travels; the issuer port's `SignedOrder` is one. */
export interface OrderToPut {
  /** `OrderType`. */
  readonly type: number;
  /** 0: the card's current order key; 1: its successor. */
  readonly keyIndex: 0 | 1;
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** What the card gives back for an order it took. */
export type OrderAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'blocked'; readonly proof: BlockStatementWithSignature }
  | { readonly kind: 'retired'; readonly proof: StatementWithSignature };

/** A session; a bare channel where nobody minds that it goes on. */
export type OrderChannel = CardChannel & { end?(): void };

/** After these the card forgets all pairs, answers once more, and ends the session. */
const ending: ReadonlySet<number> = new Set<number>([OrderType.block, OrderType.retire, OrderType.keySwitch]);

/**
 * Any order but a PIN reset. Block, retire and key switch orders end the session.
 *
 * @throws CardError refused (reason stale: not the order due; signature; key), lost (the same order may be put again), malformed
 */
export async function putOrder(session: OrderChannel, order: OrderToPut): Promise<OrderAnswer> {
  if (order.type === OrderType.pinReset) throw new RangeError('a PIN reset needs the new PIN beside it');
  return put(session, order, concat(order.body, order.signature));
}

/**
 * A block order. The hot list does not say which of the card's two order keys signed it, and no terminal knows; the card does,
 * and a wrong guess changes nothing on it.
 *
 * @throws CardError as {@link putOrder}
 */
export async function putBlockOrder(session: OrderChannel, order: OrderToPut): Promise<OrderAnswer> {
  try {
    return await putOrder(session, order);
  } catch (error) {
    const otherKey =
      isCardError(error, 'refused') && (error.reason === Reason.signature || error.reason === Reason.key);
    if (!otherKey) throw error;
    return putOrder(session, { ...order, keyIndex: order.keyIndex === 0 ? 1 : 0 });
  }
}

/** PIN reset: the new PIN travels beside the order, never in it. @throws PinError; CardError as {@link putOrder} */
export async function putPinReset(session: OrderChannel, order: OrderToPut, newPin: string): Promise<void> {
  if (order.type !== OrderType.pinReset) throw new RangeError('not a PIN reset order');
  await put(session, order, concat(order.body, pinBlock(newPin), order.signature));
}

async function put(session: OrderChannel, { type, keyIndex }: OrderToPut, data: Uint8Array): Promise<OrderAnswer> {
  const { body } = await exchange(session, commands.PUT_ORDER, { body: data }, { p1: type, p2: keyIndex });
  if (ending.has(type)) session.end?.();
  try {
    return orderAnswerOf(type, body);
  } catch (error) {
    throw malformed(commands.PUT_ORDER, error);
  }
}

function orderAnswerOf(type: number, body: Uint8Array): OrderAnswer {
  if (type === OrderType.block) return { kind: 'blocked', proof: blockStatementWithSignature(body) };
  if (type === OrderType.retire) return { kind: 'retired', proof: statementWithSignature(body) };
  if (body.length > 0) throw new RangeError(`${body.length} bytes where none are due`);
  return { kind: 'taken' };
}
