/** Payments by file: what is ordered, the files that order it, and what the bank said to each payment. */
import { sql } from 'kysely';
import { moneyToJson } from '../../../protocol/codec/money.js';
import { unitByCode } from '../../../protocol/codec/units.js';
import { listFiles, messageIdOf } from '../../payout/files.js';
import { moneyOf } from '../../payout/payments.js';
import { rejected } from '../../service/context.js';
import type { Issuer } from '../../service/context.js';
import type { PayoutFileView, PayoutsView } from '../views/payouts.js';

/** Payments of a file that are shown; the file itself has them all. */
const most = 1000;

export async function showPayouts({ store, policy }: Issuer): Promise<PayoutsView> {
  const ordered = await store.db
    .selectFrom('payment')
    .select(({ fn }) => ['unit', fn.countAll<bigint>().as('count'), sql<bigint>`sum(amount)::bigint`.as('sum')])
    .where('state', '=', 'ordered')
    .groupBy('unit')
    .orderBy('unit')
    .execute();
  const { debtor } = policy;
  return {
    debtor: debtor === undefined ? null : { name: debtor.name, iban: debtor.iban },
    ordered: {
      count: ordered.reduce((total, { count }) => total + Number(count), 0),
      sums: ordered.map(({ unit, sum }) => moneyToJson({ amount: BigInt(sum), unit: unitByCode(unit) })),
    },
    files: (await listFiles(store.db)).map((file) => ({ ...file, states: { ...file.states } })),
  };
}

/** @throws IssuerError rejected where there is none */
export async function showPayoutFile(issuer: Issuer, number: number): Promise<PayoutFileView> {
  const { db } = issuer.store;
  const file = await db.selectFrom('payout_file').selectAll().where('number', '=', BigInt(number)).executeTakeFirst();
  if (file === undefined) throw rejected(`There is no pay-out file ${number}.`);
  const states = await db
    .selectFrom('payment')
    .select(({ fn }) => ['state', fn.countAll<bigint>().as('count')])
    .where('file', '=', BigInt(number))
    .groupBy('state')
    .execute();
  const rows = await db
    .selectFrom('payment')
    .selectAll()
    .where('file', '=', BigInt(number))
    .orderBy('unit')
    .orderBy('owner')
    .orderBy('reference')
    .limit(most)
    .execute();
  return {
    number,
    messageId: messageIdOf(issuer, number),
    madeAt: Number(file.made_at),
    payments: file.payments,
    states: Object.fromEntries(states.map(({ state, count }) => [state, Number(count)])),
    rows: rows.map((row) => ({
      reference: row.reference,
      kind: row.kind,
      owner: row.owner,
      payee: row.payee,
      iban: row.iban,
      money: moneyToJson(moneyOf(row)),
      state: row.state,
      answer: row.answer,
    })),
  };
}
