/** Unloads, purchases nobody claimed, and closing balances, paid to the holders' accounts. Nobody is paid twice: the bank does one thing per key. */
import { money, sum } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { isLoyalty } from '../domain/accounts.js';
import type { LedgerEvent } from '../domain/events.js';
import { askBank } from '../funding/port.js';
import type { Issuer } from '../service/context.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';

interface Due {
  readonly cardId: string;
  readonly kind: 'unload' | 'holder' | 'closing';
  /** Load counter, NT, or slot. */
  readonly ref: number;
  readonly money: Money;
  readonly account: string;
}

/** @returns what was paid, per unit */
export async function payHolders(issuer: Issuer): Promise<readonly Money[]> {
  const paid: Money[] = [];
  for (const due of [...(await duePayouts(issuer)), ...(await dueClosings(issuer))]) {
    if (await payOne(issuer, due)) paid.push(due.money);
  }
  return issuer.scheme.units
    .map((unit) =>
      sum(
        paid.filter((one) => one.unit.code === unit.code),
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
    .select(['payout.card_id', 'payout.kind', 'payout.ref', 'payout.unit', 'payout.amount', 'holder.account'])
    .where('payout.paid_at', 'is', null)
    .where('payout.due_at', '<=', BigInt(issuer.clock()))
    .where('card.fault', 'is', null)
    .execute();
  return rows.flatMap(({ card_id, kind, ref, unit, amount, account }) =>
    account === null || isLoyalty(unitByCode(unit))
      ? []
      : [{ cardId: card_id, kind, ref: Number(ref), money: money(amount, unitByCode(unit)), account }],
  );
}

/** Balances of closed cards; that of a replaced card waits for the loads of the new one. */
async function dueClosings(issuer: Issuer): Promise<Due[]> {
  const rows = await issuer.store.db
    .selectFrom('card_slot')
    .innerJoin('card', 'card.card_id', 'card_slot.card_id')
    .innerJoin('holder', 'holder.holder_id', 'card.holder_id')
    .select(['card_slot.card_id', 'card_slot.slot', 'card_slot.unit', 'card_slot.balance', 'holder.account'])
    .where('card.state', '=', 'closed')
    .where('card.replaced_by', 'is', null)
    .where('card_slot.balance', '>', 0n)
    .execute();
  return rows.flatMap(({ card_id, slot, unit, balance, account }) =>
    account === null || isLoyalty(unitByCode(unit))
      ? []
      : [{ cardId: card_id, kind: 'closing' as const, ref: slot, money: money(balance, unitByCode(unit)), account }],
  );
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

async function payoutPaid(issuer: Issuer, tx: Tx, { cardId, kind, ref }: Due): Promise<void> {
  await tx
    .updateTable('payout')
    .set({ paid_at: issuer.clock() })
    .where('card_id', '=', cardId)
    .where('kind', '=', kind)
    .where('ref', '=', BigInt(ref))
    .execute();
}

async function closingPaid(issuer: Issuer, tx: Tx, { cardId, ref, money: paid }: Due): Promise<void> {
  const now = issuer.clock();
  const row = { card_id: cardId, kind: 'closing' as const, ref, unit: paid.unit.code, amount: paid.amount };
  await tx
    .insertInto('payout')
    .values({ ...row, due_at: now, paid_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .updateTable('card_slot')
    .set({ balance: 0n })
    .where('card_id', '=', cardId)
    .where('slot', '=', ref)
    .execute();
}
