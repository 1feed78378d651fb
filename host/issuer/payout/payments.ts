/** Payments that the scheme's bank is told to make: ordered here, sent in a file, and ended by the bank's answer. */
import type { Selectable } from 'kysely';
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { ofCard, ofMerchant, ofSlot } from '../domain/accounts.js';
import type { Account } from '../domain/accounts.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';
import { adjustMerchant } from '../store/merchants.js';
import { moveSlotBalance } from '../store/slot-balances.js';
import type { PaymentTable } from '../store/schema-cases.js';

export type PaymentRow = Selectable<PaymentTable>;
export type PaymentKind = PaymentRow['kind'];

export interface Payee {
  readonly name: string;
  readonly iban: string;
  readonly bic: string | null;
}

export interface PaymentOrder {
  readonly kind: PaymentKind;
  /** Merchant, or card id. */
  readonly owner: string;
  /** Settlement number, load counter, NT, or slot. */
  readonly ref: number;
  readonly money: Money;
  readonly payee: Payee;
}

/** Books the payment and puts it up for the next file. */
export async function orderPayment(tx: Tx, order: PaymentOrder, now: number): Promise<void> {
  const { kind, owner, ref, money: amount, payee } = order;
  const reference = await referenceOf(tx, order);
  const from = owedFrom({ kind, owner, ref });
  await post(tx, [{ kind: 'payment-ordered', owner, reference, from, money: amount }], now);
  await tx
    .insertInto('payment')
    .values({
      owner,
      reference,
      kind,
      ref,
      unit: amount.unit.code,
      amount: amount.amount,
      payee: payee.name,
      iban: payee.iban,
      bic: payee.bic,
      state: 'ordered',
      ordered_at: now,
    })
    .execute();
}

const letters: Readonly<Record<PaymentKind, string>> = { settlement: 'S', unload: 'U', holder: 'H', closing: 'C' };

/** End-to-end identification, at most 35 characters: what is paid, to whom, and which attempt it is. */
async function referenceOf(tx: Tx, { kind, owner, ref, money: { unit } }: PaymentOrder): Promise<string> {
  const attempts = await tx
    .selectFrom('payment')
    .select('reference')
    .where('owner', '=', owner)
    .where('kind', '=', kind)
    .where('ref', '=', BigInt(ref))
    .where('unit', '=', unit.code)
    .execute();
  const attempt = attempts.length === 0 ? '' : `.${attempts.length + 1}`;
  const what = kind === 'settlement' ? `${ref}.${unit.name}` : String(ref);
  return `${letters[kind]}.${owner}.${what}${attempt}`;
}

/** The account that owed it, and owes it again when it comes back. */
export function owedFrom({ kind, owner, ref }: Pick<PaymentOrder, 'kind' | 'owner' | 'ref'>): Account {
  switch (kind) {
    case 'settlement':
      return ofMerchant(owner);
    case 'unload':
      return ofCard('unloadsUnpaid', owner);
    case 'holder':
      return ofCard('holdersPayable', owner);
    case 'closing':
      return ofSlot('closingsUnpaid', owner, ref);
  }
}

export function moneyOf({ amount, unit }: Pick<PaymentRow, 'amount' | 'unit'>): Money {
  return money(amount, unitByCode(unit));
}

/** What was paid is owed again, and goes out with the next run. @param payment under a row lock */
export async function owedAgain(tx: Tx, payment: PaymentRow, now: number): Promise<void> {
  const { kind, owner, reference } = payment;
  const ref = Number(payment.ref);
  const wasMade = payment.state === 'paid';
  const event = { kind: 'payment-returned', owner, reference, wasMade, to: owedFrom({ kind, owner, ref }) } as const;
  await post(tx, [{ ...event, money: moneyOf(payment) }], now);
  switch (kind) {
    case 'settlement':
      return adjustMerchant(tx, owner, `returned/${reference}`, moneyOf(payment), now);
    case 'unload':
    case 'holder':
      await tx
        .updateTable('payout')
        .set({ paid_at: null })
        .where('card_id', '=', owner)
        .where('kind', '=', kind)
        .where('ref', '=', payment.ref)
        .execute();
      return;
    case 'closing':
      await moveSlotBalance(tx, owner, ref, payment.amount);
      await tx
        .deleteFrom('payout')
        .where('card_id', '=', owner)
        .where('kind', '=', kind)
        .where('ref', '=', payment.ref)
        .execute();
  }
}
