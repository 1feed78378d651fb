/** Issuer orders to one card: those a desk asks for, and those that wait for the card's next synchronisation. */
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { LifeCycle, LoadState, OrderType, Role, StatementPurpose } from '../../protocol/generated/enums.js';
import {
  orderKeySwitchCodec,
  orderParametersCodec,
  orderPinResetCodec,
  orderRetireCodec,
  orderSyncCodec,
  orderUnblockCodec,
} from '../../protocol/generated/structures.js';
import type { StatementFields } from '../../protocol/generated/structures.js';
import type { DeskOrder, SignedOrder, SignedStatement, UploadedLog } from '../../protocol/issuer/port.js';
import { signOrder } from '../../protocol/signed/order.js';
import type { CardRow } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { refreshBlockOrders } from './block-orders.js';
import { dueSwitch, noteParameters, noteSwitchOrder, noteTaken, orderKey, supersedeSwitches } from './card-keys.js';
import { isListed } from './listing.js';
import { currentParameters } from './parameters.js';
import { cardBook, lockedCard } from './keep.js';
import { openStatement, takeClosing, takeLog, takeRegister } from './statements.js';
import { terminalInRole } from './terminals.js';

export interface OrderRequest {
  readonly deskId: Uint8Array;
  readonly order: DeskOrder;
  readonly proof: SignedStatement;
  readonly reason: string;
}

/** The order due for the counter the statement shows; asked again, the same one. @throws IssuerError */
export async function orderFor(issuer: Issuer, { deskId, order, proof, reason }: OrderRequest): Promise<SignedOrder> {
  await terminalInRole(issuer, deskId, Role.perso);
  return issuer.store.transaction(async (tx) => {
    const card = await lockedCard(tx, toHex(proof.cardId));
    const statement = openStatement(issuer, card, proof);
    await checkOrder(tx, card, statement, order);
    const counter = statement.orderCounter + 1;
    const { type, body } = await bodyOf(tx, card, order, counter);
    return numbered(issuer, tx, card, type, counter, body, `desk ${toHex(deskId)}: ${reason}`);
  });
}

/** The order was taken; a retire brings the closing statement. @throws IssuerError unknown-card, rejected */
export async function orderTaken(issuer: Issuer, proof: SignedStatement): Promise<void> {
  await issuer.store.transaction(async (tx) => {
    const open = await cardBook(tx, toHex(proof.cardId));
    const statement = openStatement(issuer, open.card, proof);
    if (statement.purpose === StatementPurpose.closing) return takeClosing(issuer, tx, proof);
    await takeRegister(issuer, tx, open, statement);
    await tx
      .updateTable('card')
      .set({ order_counter: Math.max(statement.orderCounter, Number(open.card.order_counter)) })
      .where('card_id', '=', open.card.card_id)
      .execute();
    await noteTaken(issuer, tx, open.card.card_id, statement.orderCounter);
    await noteParameters(tx, open.card.card_id, statement.orderCounter);
  });
}

/**
 * Takes the log and answers with SYNC and whatever else waits for this card.
 *
 * @throws IssuerError unknown-card, unknown-terminal, rejected
 */
export async function synchronise(issuer: Issuer, log: UploadedLog): Promise<readonly SignedOrder[]> {
  return issuer.store.transaction(async (tx) => {
    const { open, statement } = await takeLog(issuer, tx, log);
    if (statement.purpose === StatementPurpose.closing) await takeClosing(issuer, tx, log);
    const card = await lockedCard(tx, open.card.card_id);
    const block = (await isListed(tx, card.card_id)) ? await blockOrder(issuer, tx, card) : [];
    if (card.fault !== null) return block;
    return [syncOrder(issuer, card, statement), ...(await waiting(issuer, tx, card, statement)), ...block];
  });
}

/** Which card may have which order. */
async function checkOrder(tx: Tx, card: CardRow, statement: StatementFields, order: DeskOrder): Promise<void> {
  if (card.fault !== null)
    throw rejected(`The card ${card.card_id} contradicted itself: it gets no order but to block.`);
  if (card.state === 'lost' || card.state === 'closed')
    throw rejected(`The card ${card.card_id} was reported ${card.state}.`);
  if (statement.state === LifeCycle.retired) throw rejected(`The card ${card.card_id} is retired.`);
  const blocked = await isListed(tx, card.card_id);
  switch (order) {
    case 'unblock':
    case 'pinReset':
      if (blocked)
        throw rejected(`The card ${card.card_id} is blocked at the issuer: issuer unblock releases it first.`);
      return;
    case 'retire':
      return refuseUnseenLoad(tx, card, statement);
    case 'parameters':
      return;
  }
}

/** A load that the card took and the issuer has no record of would be missing from what a closed card is paid. */
async function refuseUnseenLoad(tx: Tx, { card_id }: CardRow, { register }: StatementFields): Promise<void> {
  if (register.state !== LoadState.credited) return;
  const load = await tx
    .selectFrom('load')
    .select('state')
    .where('card_id', '=', card_id)
    .where('counter', '=', BigInt(register.counter))
    .executeTakeFirst();
  if (load?.state === 'authorised')
    throw rejected(
      `The card ${card_id} took load ${register.counter}, and its record has not reached the issuer. Put the card into a kiosk that is online, then close it; nothing was ordered.`,
    );
}

async function bodyOf(
  tx: Tx,
  card: CardRow,
  order: DeskOrder,
  orderCounter: number,
): Promise<{ type: OrderType; body: Uint8Array }> {
  switch (order) {
    case 'unblock': {
      const body = orderUnblockCodec.encode({ orderCounter, highestBlockNumber: Number(card.block_number) });
      return { type: OrderType.unblock, body };
    }
    case 'pinReset':
      return { type: OrderType.pinReset, body: orderPinResetCodec.encode({ orderCounter }) };
    case 'retire':
      return { type: OrderType.retire, body: orderRetireCodec.encode({ orderCounter }) };
    case 'parameters': {
      const { fields } = await currentParameters(tx, card.product);
      return { type: OrderType.parameters, body: orderParametersCodec.encode({ orderCounter, parameters: fields }) };
    }
  }
}

/** Signed once per card, type and counter; anew only where the body must differ (a block was issued since). */
async function numbered(
  issuer: Issuer,
  tx: Tx,
  card: CardRow,
  type: OrderType,
  number: number,
  body: Uint8Array,
  reason: string,
): Promise<SignedOrder> {
  const order = { scheme: issuer.scheme.id, cardId: fromHex(card.card_id), type, body };
  const { signer, keyIndex } = orderKey(issuer, card);
  const signature = signOrder(order, signer);
  await supersedeSwitches(tx, card.card_id, number);
  const row = await tx
    .insertInto('card_order')
    .values({
      card_id: card.card_id,
      type,
      number,
      body,
      signature,
      key_index: keyIndex,
      issued_at: issuer.clock(),
      reason,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['card_id', 'type', 'number'])
        .doUpdateSet({ body, signature, key_index: keyIndex, reason } as never)
        .where((or) =>
          or.or([
            or('card_order.body', '<>', or.ref('excluded.body')),
            or('card_order.key_index', '<>', or.ref('excluded.key_index')),
          ]),
        ),
    )
    .returning(['body', 'signature', 'key_index'])
    .executeTakeFirst();
  const stored = row ?? (await storedOrder(tx, card.card_id, type, number));
  return signedOrderOf(type, stored);
}

function signedOrderOf(
  type: number,
  { body, signature, key_index }: { body: Uint8Array; signature: Uint8Array; key_index: number },
): SignedOrder {
  const keyIndex = key_index === 0 ? 0 : 1;
  return { type, keyIndex, body: new Uint8Array(body), signature: new Uint8Array(signature) };
}

function storedOrder(tx: Tx, cardId: string, type: number, number: number) {
  return tx
    .selectFrom('card_order')
    .select(['body', 'signature', 'key_index'])
    .where('card_id', '=', cardId)
    .where('type', '=', type)
    .where('number', '=', BigInt(number))
    .executeTakeFirstOrThrow();
}

/** Every record up to the statement's NT is here: the card may forget them and count its offline sums from there. */
function syncOrder(issuer: Issuer, card: CardRow, { nt, runningHash }: StatementFields): SignedOrder {
  const body = orderSyncCodec.encode({ acknowledged: nt, runningHash, date: issuer.clock() });
  const order = { scheme: issuer.scheme.id, cardId: fromHex(card.card_id), type: OrderType.sync, body };
  const { signer, keyIndex } = orderKey(issuer, card);
  return { type: OrderType.sync, keyIndex, body, signature: signOrder(order, signer) };
}

/** A newer parameter set than the card has shown, else the key switch that is due. */
async function waiting(issuer: Issuer, tx: Tx, card: CardRow, statement: StatementFields): Promise<SignedOrder[]> {
  if (statement.state !== LifeCycle.active) return [];
  const counter = statement.orderCounter + 1;
  // one counted order at a visit: a card that refuses the first would refuse a second for its number
  const parameters = await newerParameters(issuer, tx, card, counter);
  return parameters.length > 0 ? parameters : keySwitch(issuer, tx, card, counter);
}

async function newerParameters(issuer: Issuer, tx: Tx, card: CardRow, counter: number): Promise<SignedOrder[]> {
  const { version } = await currentParameters(tx, card.product);
  if (card.parameters_version >= version) return [];
  const { type, body } = await bodyOf(tx, card, 'parameters', counter);
  return [await numbered(issuer, tx, card, type, counter, body, `parameters ${version}`)];
}

async function keySwitch(issuer: Issuer, tx: Tx, card: CardRow, orderCounter: number): Promise<SignedOrder[]> {
  const key = await dueSwitch(issuer, tx, card);
  if (key === undefined) return [];
  const body = orderKeySwitchCodec.encode({ orderCounter, key });
  const order = await numbered(issuer, tx, card, OrderType.keySwitch, orderCounter, body, 'rotation');
  await noteSwitchOrder(issuer, tx, card.card_id, key, orderCounter);
  return [order];
}

async function blockOrder(issuer: Issuer, tx: Tx, card: CardRow): Promise<SignedOrder[]> {
  await refreshBlockOrders(issuer, tx);
  const row = await storedOrder(tx, card.card_id, OrderType.block, Number(card.block_number));
  return [signedOrderOf(OrderType.block, row)];
}
