/**
 * Unloads, purchases nobody claimed, and closing balances, paid to the holders' accounts: through the funding port, which does one
 * thing per key, or, where the scheme pays by file, as payments for the next file.
 */
import { money, sum } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { isLoyalty } from '../domain/accounts.js';
import type { LedgerEvent } from '../domain/events.js';
import { askBank } from '../funding/port.js';
import { compact, ibanFlaw } from '../payout/iban.js';
import { orderPayment } from '../payout/payments.js';
import type { Issuer } from '../service/context.js';
import { withHeir } from '../service/replacement.js';
import type { Db, Tx } from '../store/database.js';
import { takeSlotBalance } from '../store/slot-balances.js';
import { post } from '../store/ledger.js';

interface Due {
  readonly cardId: string;
  readonly kind: 'unload' | 'holder' | 'closing';
  /** Load counter, NT, or slot. */
  readonly ref: number;
  readonly money: Money;
  readonly account: string;
  readonly holder: string;
}

export interface HoldersPaid {
  /** Per unit. */
  readonly paidToHolders: readonly Money[];
  /** Owed to holders who have no account number a bank takes, per unit. */
  readonly holdersWithoutAccount: readonly Money[];
  /** Of closed cards, per unit: points are no money, and no card takes them over. */
  readonly pointsLapsed: readonly Money[];
}

export async function payHolders(issuer: Issuer): Promise<HoldersPaid> {
  const byFile = issuer.policy.debtor !== undefined;
  const paid: Money[] = [];
  const unpayable: Money[] = [];
  for (const due of [...(await duePayouts(issuer)), ...(await dueClosings(issuer))]) {
    if (byFile && ibanFlaw(due.account) !== undefined) unpayable.push(due.money);
    else if (await (byFile ? orderOne(issuer, due) : payOne(issuer, due))) paid.push(due.money);
  }
  return {
    paidToHolders: perUnit(issuer, paid),
    holdersWithoutAccount: perUnit(issuer, unpayable),
    pointsLapsed: perUnit(issuer, await lapsePoints(issuer)),
  };
}

/** What was promised in points to a card that is closed, retired or replaced, is promised no more. */
async function lapsePoints(issuer: Issuer): Promise<Money[]> {
  const rows = await closedBalances(issuer.store.db);
  const lapsed: Money[] = [];
  for (const row of rows.filter(({ money: { unit } }) => isLoyalty(unit))) {
    const due = { ...row, kind: 'closing' as const, account: '' };
    const taken = await issuer.store.transaction(async (tx) => {
      if (!(await closingPaid(issuer, tx, due))) return false;
      await post(tx, [paidEvent(due)], issuer.clock());
      return true;
    });
    if (taken) lapsed.push(due.money);
  }
  return lapsed;
}

function perUnit({ scheme }: Issuer, amounts: readonly Money[]): readonly Money[] {
  return scheme.units
    .map((unit) =>
      sum(
        amounts.filter((one) => one.unit.code === unit.code),
        unit,
      ),
    )
    .filter(({ amount }) => amount > 0n);
}

/** Cards that broke their chain are not paid out before a person has looked; points are no money. */
async function duePayouts(issuer: Issuer): Promise<Due[]> {
  const rows = await issuer.store.db
    .selectFrom('payout')
    .innerJoin('card', 'card.card_id', 'payout.card_id')
    .innerJoin('holder', 'holder.holder_id', 'card.holder_id')
    .select(['payout.card_id', 'payout.kind', 'payout.ref', 'payout.unit', 'payout.amount'])
    .select(['holder.account', 'holder.name'])
    .where('payout.paid_at', 'is', null)
    .where('payout.due_at', '<=', BigInt(issuer.clock()))
    .where('card.fault', 'is', null)
    .execute();
  return rows.flatMap(({ card_id, kind, ref, unit, amount, account, name }) =>
    account === null || isLoyalty(unitByCode(unit))
      ? []
      : [{ cardId: card_id, kind, ref: Number(ref), money: money(amount, unitByCode(unit)), account, holder: name }],
  );
}

/** Balances of closed cards; that of a replaced card waits for the loads of a later one, as long as one is in use. */
async function dueClosings({ store: { db } }: Issuer): Promise<Due[]> {
  const rows = (await closedBalances(db)).filter(({ money: { unit } }) => !isLoyalty(unit));
  const replaced = rows.filter((row) => row.replaced).map(({ cardId }) => cardId);
  const waiting = await withHeir(db, [...new Set(replaced)]);
  return rows.flatMap(({ account, replaced: _, ...row }) =>
    account === null || waiting.has(row.cardId) ? [] : [{ ...row, kind: 'closing' as const, account }],
  );
}

interface ClosedBalance extends Omit<Due, 'kind' | 'account'> {
  readonly account: string | null;
  readonly replaced: boolean;
}

async function closedBalances(db: Db): Promise<ClosedBalance[]> {
  const rows = await db
    .selectFrom('card_slot')
    .innerJoin('card', 'card.card_id', 'card_slot.card_id')
    .innerJoin('holder', 'holder.holder_id', 'card.holder_id')
    .select(['card_slot.card_id', 'card_slot.slot', 'card_slot.unit', 'card_slot.balance', 'card.replaced_by'])
    .select(['holder.account', 'holder.name'])
    .where('card.state', '=', 'closed')
    .where('card_slot.balance', '>', 0n)
    .execute();
  return rows.map(({ card_id, slot, unit, balance, replaced_by, account, name }) => ({
    cardId: card_id,
    ref: slot,
    money: money(balance, unitByCode(unit)),
    holder: name,
    account,
    replaced: replaced_by !== null,
  }));
}

async function payOne(issuer: Issuer, due: Due): Promise<boolean> {
  const request = { key: `${due.cardId}/${due.kind}/${due.ref}`, account: due.account, money: due.money };
  if ((await askBank(() => issuer.funding.payOut(request))) !== 'yes') return false;
  await issuer.store.transaction(async (tx) => {
    await post(tx, [paidEvent(due)], issuer.clock());
    await (due.kind === 'closing' ? closingPaid(issuer, tx, due) : payoutPaid(issuer, tx, due));
  });
  return true;
}

/** Once: of two runs at a time, one finds that it is ordered already. */
async function orderOne(issuer: Issuer, due: Due): Promise<boolean> {
  return issuer.store.transaction(async (tx) => {
    const taken = await (due.kind === 'closing' ? closingPaid(issuer, tx, due) : payoutPaid(issuer, tx, due));
    if (!taken) return false;
    const { kind, cardId, ref, money: owed, account, holder } = due;
    const payee = { name: holder, iban: compact(account), bic: null };
    await orderPayment(tx, { kind, owner: cardId, ref, money: owed, payee }, issuer.clock());
    return true;
  });
}

function paidEvent({ cardId, kind, ref, money: paid }: Due): LedgerEvent {
  switch (kind) {
    case 'unload':
      return { kind: 'unload-paid', cardId, counter: ref, money: paid };
    case 'holder':
      return { kind: 'holder-paid', cardId, nt: ref, money: paid };
    case 'closing':
      return { kind: 'closing-paid', cardId, slot: ref, money: paid };
  }
}

/** @returns false where it was paid before */
async function payoutPaid(issuer: Issuer, tx: Tx, { cardId, kind, ref }: Due): Promise<boolean> {
  const paid = await tx
    .updateTable('payout')
    .set({ paid_at: issuer.clock() })
    .where('card_id', '=', cardId)
    .where('kind', '=', kind)
    .where('ref', '=', BigInt(ref))
    .where('paid_at', 'is', null)
    .returning('ref')
    .execute();
  return paid.length > 0;
}

/** @returns false where it was paid before */
async function closingPaid(issuer: Issuer, tx: Tx, { cardId, ref, money: paid }: Due): Promise<boolean> {
  if (!(await takeSlotBalance(tx, cardId, ref, paid.amount))) return false;
  const now = issuer.clock();
  const row = { card_id: cardId, kind: 'closing' as const, ref, unit: paid.unit.code, amount: paid.amount };
  await tx
    .insertInto('payout')
    .values({ ...row, due_at: now, paid_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return true;
}
