/** Do the books balance? Every figure is read anew: from the cards, from the ledger, from the journal. */
import { money, moneyToJson, sum } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import type { Unit } from '../protocol/codec/units.js';
import { isLoyalty } from '../issuer/domain/accounts.js';
import { reconcile } from '../issuer/jobs/reconcile.js';
import type { Reconciliation } from '../issuer/jobs/reconcile.js';
import { settle } from '../issuer/jobs/settle.js';
import type { Settlement } from '../issuer/jobs/settle.js';
import { accountBalances } from '../issuer/store/ledger.js';
import type { Fields } from '../cli/output.js';
import { counted } from '../terminal/counted.js';
import type { Installation } from './installation.js';
import type { Narrator } from './narrator.js';
import { amount, shown } from './narrator.js';
import type { Told } from './story.js';
import { listOf } from './story.js';

export interface Books {
  readonly settlement: Settlement;
  readonly reconciliation: Reconciliation;
  /** From the bank's side: charges. */
  readonly loaded: readonly Money[];
  /** From the POS journal: payments made, cancelled ones too. */
  readonly spent: readonly Money[];
  readonly cancelled: readonly Money[];
  readonly settled: readonly Money[];
  /** From the cards, one entry a card and unit. */
  readonly cardBalances: readonly Money[];
  readonly points: readonly Money[];
  /** From the ledger. */
  readonly floatBalance: readonly Money[];
  readonly loyaltyBalance: readonly Money[];
}

export async function closeBooks(site: Installation, told: Told, narrator: Narrator): Promise<Books> {
  narrator.chapter('The books');
  const settlement = await settle(site.issuer);
  const reconciliation = await reconcile(site.issuer);
  const held = (
    await Promise.all([...told.holders].map((holder) => () => holder.balances()).map((read) => read()))
  ).flat();
  const accounts = await accountBalances(site.issuer.store.db);
  const ofAccount = (name: string): Money[] =>
    accounts.filter(({ account }) => account === name).map((entry) => entry.money);
  const books: Books = {
    settlement,
    reconciliation,
    loaded: perUnit(
      site,
      [...site.bank.done.entries()].filter(([key]) => key.startsWith('charge ')).map(([, { money: taken }]) => taken),
    ),
    spent: perUnit(site, executed(site, 'debit')),
    cancelled: perUnit(site, executed(site, 'cancel')),
    settled: perUnit(
      site,
      settlement.merchants.map(({ paid }) => paid),
    ),
    cardBalances: held.filter(({ amount: value, unit }) => value > 0n && !isLoyalty(unit)),
    points: held.filter(({ amount: value, unit }) => value > 0n && isLoyalty(unit)),
    floatBalance: ofAccount('float'),
    loyaltyBalance: ofAccount('loyalty'),
  };
  tellBooks(books, narrator);
  return books;
}

function executed({ pos }: Installation, kind: 'debit' | 'cancel'): Money[] {
  return [...pos.journal.state.orders.values()]
    .filter((order) => order.kind === kind && order.end?.result === 'executed')
    .map((order) => order.amount);
}

function perUnit({ scheme }: Installation, values: readonly Money[]): Money[] {
  return scheme.units.map((unit) => total(values, unit)).filter(({ amount: value }) => value !== 0n);
}

function total(values: readonly Money[], unit: Unit): Money {
  return sum(
    values.filter((value) => value.unit.code === unit.code),
    unit,
  );
}

/** Every sentence that must be true, with whether it is. */
export function audit(site: Installation, told: Told, books: Books): ReadonlyMap<string, boolean> {
  const { scheme } = site;
  const checks = new Map<string, boolean>();
  checks.set('the ledger sums to zero', books.reconciliation.ledgerSum === 0n);
  checks.set(
    'the issuer finds no difference',
    books.reconciliation.holds && books.reconciliation.findings.length === 0,
  );
  checks.set('a payment at a known terminal takes three APDUs', told.paymentApdusKnownTerminal === 3);
  for (const unit of scheme.units.filter((candidate) => !isLoyalty(candidate))) {
    const of = (values: readonly Money[]): bigint => total(values, unit).amount;
    const left = of(books.loaded) - of(books.spent) + of(books.cancelled);
    checks.set(`${unit.name}: loaded - spent + cancelled is on the cards`, left === of(books.cardBalances));
    checks.set(
      `${unit.name}: the merchant is paid what was spent and not cancelled`,
      of(books.settled) === of(books.spent) - of(books.cancelled),
    );
    checks.set(`${unit.name}: the float is what the cards hold`, of(books.floatBalance) === of(books.cardBalances));
  }
  for (const unit of scheme.units.filter(isLoyalty)) {
    checks.set(
      `${unit.name}: points promised are points on the cards`,
      total(books.loyaltyBalance, unit).amount === total(books.points, unit).amount,
    );
  }
  return checks;
}

/** The last line of `demo --json`. */
export function summaryOf(told: Told, books: Books): Fields {
  const list = (values: readonly Money[]): Fields[] => values.map(amount);
  return {
    cards: told.holders.length,
    loaded: list(books.loaded),
    spent: list(books.spent),
    cancelled: list(books.cancelled),
    settled: list(books.settled),
    ledgerSum: Number(books.reconciliation.ledgerSum),
    cardBalances: list(books.cardBalances),
    floatBalance: list(books.floatBalance),
    points: list(books.points),
    paymentApdusKnownTerminal: told.paymentApdusKnownTerminal,
  };
}

function tellBooks(books: Books, narrator: Narrator): void {
  const { settlement, reconciliation } = books;
  for (const { merchant, sales, sold, reversals, reversed, paid } of settlement.merchants) {
    narrator.tell(
      'settled',
      `Merchant ${merchant}: ${counted(sales, 'sale')}, ${reversals} given back, paid ${shown(paid)}`,
      {
        merchant,
        sales,
        sold: amount(sold),
        reversals,
        reversed: amount(reversed),
        paid: amount(paid),
      },
    );
  }
  narrator.tell(
    'reconciled',
    `Ledger sums to ${reconciliation.ledgerSum}, ${reconciliation.differences.length} differences`,
    {
      ledgerSum: Number(reconciliation.ledgerSum),
      differences: [...reconciliation.differences],
      equations: reconciliation.equations.map(({ unit, owed, held }) => ({
        unit: unit.name,
        owed: moneyToJson(money(owed, unit)).amount,
        held: moneyToJson(money(held, unit)).amount,
      })),
    },
  );
  narrator.aside(
    `loaded ${listOf(books.loaded)} · spent ${listOf(books.spent)} · cancelled ${listOf(books.cancelled)}`,
  );
  narrator.aside(
    `on the cards ${listOf(books.cardBalances)} · points ${listOf(books.points)} · float ${listOf(books.floatBalance)}`,
  );
}
