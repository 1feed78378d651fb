/** DEBIT: S2 to S3. Write the journal entry first; check the answer with `provePurchase`. */
import type { CardChannel } from '../channel/channel.js';
import { moneyToWire } from '../codec/money.js';
import type { Money } from '../codec/money.js';
import type { Seconds } from '../codec/time.js';
import { commands } from '../generated/commands.js';
import type { DebitResponse } from '../generated/messages.js';
import { exchange } from './exchange.js';

/** S2 (EN 1546): the terminal's debit order. */
export interface DebitOrder {
  readonly slot: number;
  /** In the unit of the slot. */
  readonly amount: Money;
  /** The terminal's transaction number, never used before. */
  readonly tn: number;
  /** The terminal's time. */
  readonly time: Seconds;
}

/** What of the record the terminal cannot rebuild itself, and S3. */
export type DebitAnswer = DebitResponse;

/**
 * @throws CardError refused (moneyMoved no), executed (done: ask GET PROOF), lost or malformed (moneyMoved unknown);
 *   MoneyError for an amount no card can hold
 */
export async function debit(session: CardChannel, { slot, amount, tn, time }: DebitOrder): Promise<DebitAnswer> {
  return exchange(session, commands.DEBIT, { slot, amount: moneyToWire(amount), tn, time });
}
