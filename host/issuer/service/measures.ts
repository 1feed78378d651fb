/** Carries measures out: books, lists, revokes, holds. Each once for its reference; all of a decision in one SQL transaction. */
import { z } from 'zod';
import { MoneyError, formatMoney, money, moneyFromJson, moneyToJson } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { Measure } from '../domain/measures.js';
import type { Db, Tx } from '../store/database.js';
import { post } from '../store/ledger.js';
import { adjustMerchant, holdMerchant } from '../store/merchants.js';
import { moveSlotBalance } from '../store/slot-balances.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { lockedCard } from './keep.js';
import { isListed, listCard } from './listing.js';
import { holdTerminalIn } from './terminal-holds.js';
import { knownTerminal } from './terminals.js';

/**
 * @param reference of the case and its round: a measure is carried out once under it
 * @throws IssuerError rejected, unknown-card, unknown-terminal
 */
export async function carryOut(
  issuer: Issuer,
  tx: Tx,
  measures: readonly Measure[],
  reference: string,
  reason: string,
): Promise<void> {
  for (const [i, measure] of measures.entries())
    await carryOutOne(issuer, tx, measure, `${reference}/${i + 1}`, reason);
}

async function carryOutOne(issuer: Issuer, tx: Tx, measure: Measure, reference: string, reason: string): Promise<void> {
  const now = issuer.clock();
  switch (measure.do) {
    case 'list-card':
      await lockedCard(tx, measure.cardId);
      if (!(await isListed(tx, measure.cardId))) await listCard(issuer, tx, measure.cardId, 'operator', reason);
      return;
    case 'revoke-terminal':
      return revoke(tx, measure.terminalId, now);
    case 'hold-terminal':
      await holdTerminalIn(tx, measure.terminalId, reason, now);
      return;
    case 'hold-merchant':
      return holdMerchant(tx, measure.merchant, reason, now);
    case 'book-loss': {
      const { merchant, money: amount } = measure;
      await post(tx, [{ kind: 'loss-booked', merchant, reference, money: amount }], now);
      return adjustMerchant(tx, merchant, reference, amount, now);
    }
    case 'recover-from-merchant': {
      const { merchant, money: amount } = measure;
      await post(tx, [{ kind: 'recovered-from-merchant', merchant, reference, money: amount }], now);
      return adjustMerchant(tx, merchant, reference, money(-amount.amount, amount.unit), now);
    }
    case 'recover-from-card':
      return recoverFromCard(issuer, tx, measure, reference);
  }
}

async function revoke(tx: Tx, terminalId: string, now: number): Promise<void> {
  await knownTerminal(tx, terminalId);
  await tx
    .updateTable('terminal')
    .set({ revoked_at: now })
    .where('terminal_id', '=', terminalId)
    .where('revoked_at', 'is', null)
    .execute();
}

/** The shadow balance pays for the loss; a card that never broke its chain keeps what it has. */
async function recoverFromCard(
  issuer: Issuer,
  tx: Tx,
  { cardId, slot, money: amount }: Extract<Measure, { do: 'recover-from-card' }>,
  reference: string,
): Promise<void> {
  const card = await lockedCard(tx, cardId);
  if (card.fault === null) throw rejected(`The card ${cardId} never contradicted itself: its balance is its holder's.`);
  if (card.units[slot] !== amount.unit.code || (card.balances[slot] ?? 0n) < amount.amount)
    throw rejected(`Slot ${slot} of the card ${cardId} holds less than ${formatMoney(amount)}.`);
  const side = card.state === 'retired' || card.state === 'closed' ? 'closingsUnpaid' : 'cards';
  await post(tx, [{ kind: 'recovered-from-card', cardId, slot, reference, side, money: amount }], issuer.clock());
  await moveSlotBalance(tx, cardId, slot, -amount.amount);
}

/** What a card cost the scheme so far, by unit code. */
export async function lossesOf(db: Db, cardId: string): Promise<Map<number, Money>> {
  const rows = await db
    .selectFrom('transfer')
    .select(['unit', 'amount', 'debit_account', 'credit_account'])
    .where('owner', '=', cardId)
    .where((where) => where.or([where('debit_account', '=', 'fraud'), where('credit_account', '=', 'fraud')]))
    .execute();
  const losses = new Map<number, Money>();
  for (const { unit, amount, debit_account } of rows) {
    const before = losses.get(unit)?.amount ?? 0n;
    losses.set(unit, money(before + (debit_account === 'fraud' ? amount : -amount), unitByCode(unit)));
  }
  return losses;
}

const hex = z.string().regex(/^[0-9a-f]{16}$/);
/** Minor units. More than any loss, and so little that sums of them fit into 64 bits. */
const largestMeasure = 10n ** 13n;
const amountJson = z
  .strictObject({ amount: z.string(), unit: z.string() })
  .transform((json, { addIssue }) => {
    try {
      return moneyFromJson(json);
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      addIssue(error.message.replace(/\.$/, ''));
      return z.NEVER;
    }
  })
  .refine(({ amount }) => amount > 0n, 'an amount above zero')
  .refine(({ amount }) => amount <= largestMeasure, 'an amount smaller than this');

/** How measures are stored and come over HTTP. */
export const measuresSchema = z
  .array(
    z.discriminatedUnion('do', [
      z.strictObject({ do: z.literal('list-card'), cardId: hex }),
      z.strictObject({ do: z.literal('revoke-terminal'), terminalId: hex }),
      z.strictObject({ do: z.literal('hold-terminal'), terminalId: hex }),
      z.strictObject({ do: z.literal('hold-merchant'), merchant: hex }),
      z.strictObject({ do: z.literal('book-loss'), merchant: hex, money: amountJson }),
      z.strictObject({ do: z.literal('recover-from-merchant'), merchant: hex, money: amountJson }),
      z.strictObject({
        do: z.literal('recover-from-card'),
        cardId: hex,
        slot: z.number().int().min(0).max(255),
        money: amountJson,
      }),
    ]),
  )
  .max(20);

export function measuresToJson(measures: readonly Measure[]): string {
  return JSON.stringify(
    measures.map((measure) => ('money' in measure ? { ...measure, money: moneyToJson(measure.money) } : measure)),
  );
}

/** @throws ZodError for what {@link measuresToJson} never wrote */
export function measuresFromJson(text: string): readonly Measure[] {
  return measuresSchema.parse(JSON.parse(text));
}

/** One sentence for a person. */
export function describeMeasure(measure: Measure): string {
  switch (measure.do) {
    case 'list-card':
      return `put card ${measure.cardId} on the hot list`;
    case 'revoke-terminal':
      return `revoke terminal ${measure.terminalId}`;
    case 'hold-terminal':
      return `hold terminal ${measure.terminalId}: settle nothing it claims`;
    case 'hold-merchant':
      return `hold the pay-outs of merchant ${measure.merchant}`;
    case 'book-loss':
      return `book ${formatMoney(measure.money)} of merchant ${measure.merchant} as a loss`;
    case 'recover-from-merchant':
      return `recover ${formatMoney(measure.money)} from merchant ${measure.merchant}`;
    case 'recover-from-card':
      return `recover ${formatMoney(measure.money)} from what card ${measure.cardId} still holds`;
  }
}
