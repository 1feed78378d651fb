/**
 * What a card has lived through before a dialogue begins: purchases, loads, orders, wrong PINs, in an order that a seed chooses. So the
 * same dialogue starts with other balances in other slots, elsewhere in the log, with other counters, tries and keys.
 */
import { money } from '../../host/protocol/codec/money.js';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { getLogStatement } from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder, putPinReset } from '../../host/protocol/commands/put-order.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { isCardError } from '../../host/protocol/errors.js';
import { KeyRef, LoadType } from '../../host/protocol/generated/enums.js';
import type { StatementFields } from '../../host/protocol/generated/structures.js';
import { dollarSlot, euroSlot, holderPin, pointsSlot } from '../helpers/personalize.js';
import { authoritySigner, dollar, euro, points, startTime } from '../helpers/scheme.js';
import { sequence } from '../helpers/sequence.js';
import { meet } from './stage.js';
import type { Authorisation } from '../helpers/orders.js';
import type { KeysInForce, Lived, Past, Stage, TerminalName } from './stage.js';

const firstKeys: KeysInForce = { order: 0, credit: 1 };

/** Two loads, as the fixture made them. */
export const usualPast: Past = () => Promise.resolve(firstKeys);

/** Most of what a life may hold; a log has 32 places, so some go round it. */
const longestLife = 40;

/** @param label the seed; another life for each */
export function randomPast(label: string): Past {
  return async (stage) => {
    const life = new Life(stage, sequence(`past ${label}`));
    return life.live();
  };
}

class Life {
  #keys: KeysInForce = firstKeys;
  #tn = 100;

  constructor(
    private readonly stage: Stage,
    private readonly below: (limit: number) => number,
  ) {}

  async live(): Promise<KeysInForce> {
    for (let left = 1 + this.below(longestLife); left > 0; left--) await this.#willing(() => this.#deed());
    await this.#settleDown();
    return this.#keys;
  }

  /** What a card refuses is no part of its life. */
  async #willing(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!isCardError(error, 'refused')) throw error;
    }
  }

  #deed(): Promise<unknown> {
    const which = this.below(20);
    if (which < 9) return this.#pay(this.below(2) === 0 ? 'pos' : 'rival');
    if (which < 12)
      return this.#load(this.below(3) === 0 ? dollarSlot : euroSlot, LoadType.load, 1 + this.below(40_00));
    if (which === 12) return this.#load(euroSlot, LoadType.unload, 1 + this.below(20_00));
    if (which === 13) return this.#giveUp();
    if (which === 14) return this.#wrongPin();
    if (which < 17) return this.#synchronise();
    if (which === 17) return this.#order(this.below(3));
    if (which === 18) return this.#switchKey(this.below(2) === 0);
    return this.#pay('pos', true);
  }

  async #pay(at: TerminalName, large = false): Promise<void> {
    const slot = [euroSlot, euroSlot, dollarSlot, pointsSlot][this.below(4)] ?? euroSlot;
    const unit = [euro, dollar, points][slot] ?? euro;
    const amount = money(BigInt(1 + this.below(large ? 30_00 : slot === pointsSlot ? 5 : 4_00)), unit);
    const { channel } = await this.#meet(at);
    if (large) await verifyPin(channel, holderPin);
    await debit(channel, { slot, amount, tn: this.#tn++, time: startTime });
  }

  async #load(slot: number, type: LoadType, cents: number): Promise<void> {
    const { fields, signature } = await this.#pending(slot, type, cents);
    await credit((await this.#meet('kiosk')).channel, fields, signature);
  }

  async #pending(slot: number, type: LoadType, cents: number): Promise<Authorisation> {
    const { channel } = await this.#meet('kiosk');
    await verifyPin(channel, holderPin);
    const amount = money(BigInt(cents), slot === dollarSlot ? dollar : euro);
    const { statement } = await initLoad(channel, { type, slot, amount, time: startTime });
    return authoriseWith(this.#keys, this.stage, statement);
  }

  async #giveUp(): Promise<void> {
    const { fields } = await this.#pending(euroSlot, LoadType.load, 5_00);
    await cancelLoad((await this.#meet('kiosk')).channel, fields.counter);
  }

  async #wrongPin(): Promise<void> {
    const { channel, s1 } = await this.#meet('kiosk');
    if (s1.pinTries > 3) await verifyPin(channel, '9999');
  }

  async #synchronise(): Promise<void> {
    const { channel } = await this.#meet('desk');
    const { nt, runningHash } = (await getLogStatement(channel)).statement;
    const order = { acknowledged: nt, runningHash, date: startTime };
    await putOrder(channel, this.stage.card.orders.sync(order, { keyIndex: this.#keys.order }));
  }

  async #order(which: number): Promise<void> {
    const { orders } = this.stage.card;
    const key = { keyIndex: this.#keys.order };
    const { channel } = await this.#meet('desk');
    const { orderCounter, parameters, blockNumber } = await readTotals(channel);
    const counter = orderCounter + 1;
    if (which === 0)
      await putOrder(channel, orders.parameters(counter, { ...parameters, version: parameters.version + 1 }, key));
    else if (which === 1) await putPinReset(channel, orders.pinReset(counter, key), holderPin);
    else await this.#blockAndUnblock(counter, blockNumber + 1);
  }

  /** A block makes the card forget its pairs. */
  async #blockAndUnblock(counter: number, blockNumber: number): Promise<void> {
    const { orders } = this.stage.card;
    const key = { keyIndex: this.#keys.order };
    await putOrder((await this.#meet('desk')).channel, orders.block(blockNumber, key));
    await putOrder((await this.#meet('desk', true)).channel, orders.unblock(counter, blockNumber, key));
  }

  async #switchKey(isOrderKey: boolean): Promise<void> {
    const { orders } = this.stage.card;
    const { channel } = await this.#meet('desk');
    const { orderCounter, parameters } = await readTotals(channel);
    const counter = orderCounter + 1;
    if (isOrderKey) {
      const next = { ...parameters, version: parameters.version + 1 };
      await putOrder(channel, orders.parameters(counter, next, { keyIndex: 1 }));
      this.#keys = { ...this.#keys, order: 1 };
    } else if (this.#keys.credit === 1) {
      await putOrder(channel, orders.keySwitch(counter, KeyRef.credit, { keyIndex: this.#keys.order }));
      this.#keys = { ...this.#keys, credit: 2 };
    }
  }

  /** Leaves what every dialogue needs: money, room below every limit, and a holder who still has two wrong PINs. */
  async #settleDown(): Promise<void> {
    const { balances, offlineCount, offlineSums, cancels, pinlessSums } = await readTotals(
      (await this.#meet('desk')).channel,
    );
    const euros = balances[euroSlot]?.balance ?? 0;
    if (euros < 70_00) await this.#load(euroSlot, LoadType.load, 100_00);
    if (euros > 400_00) await this.#load(euroSlot, LoadType.unload, 150_00);
    if (offlineCount > 12 || cancels > 0 || (offlineSums[euroSlot]?.balance ?? 0) > 150_00) await this.#synchronise();
    if ((pinlessSums[euroSlot]?.balance ?? 0) > 20_00) await this.#payCentWithPin();
  }

  async #payCentWithPin(): Promise<void> {
    const { channel } = await this.#meet('pos');
    await verifyPin(channel, holderPin);
    await debit(channel, { slot: euroSlot, amount: money(1n, euro), tn: this.#tn++, time: startTime });
  }

  #meet(name: TerminalName, full = false): ReturnType<typeof meet> {
    return meet(this.stage.card, this.stage, name, full);
  }
}

/** With the credit key that is in force on the card. */
export function authoriseWith(
  { credit: version }: KeysInForce,
  { card }: Pick<Stage, 'card'>,
  statement: StatementFields,
): Authorisation {
  return card.orders.authorise(statement, startTime, {}, authoritySigner('credit', version));
}

/** What the desk finds. */
export async function livedUntilNow(stage: Stage, keys: KeysInForce): Promise<Lived> {
  const { channel, s1, card } = await meet(stage.card, stage, 'desk', true);
  if (card === undefined) throw new Error('a full session without a certificate');
  return { totals: await readTotals(channel), loadCounter: s1.load?.counter ?? 0, keys, certificate: card };
}
