/** The day's report: where the money is, whether the books agree, who is owed, what waits for a person. */
import { formatTime } from '../../protocol/codec/time.js';
import { chart } from '../domain/accounts.js';
import { report } from '../jobs/report.js';
import { listFiles } from '../payout/files.js';
import { listCases } from '../service/cases.js';
import type { Issuer } from '../service/context.js';
import { keyStatus } from '../service/key-status.js';
import { listMerchants } from '../service/merchants.js';
import { moneyEquations } from '../store/equation.js';
import type { ReportDocument, Table } from './document.js';

export async function dailyReport(issuer: Issuer): Promise<ReportDocument> {
  const { at, accounts, cards, listedCards, merchants, settlements } = await report(issuer);
  const names = new Map((await listMerchants(issuer)).map((entry) => [entry.merchant, entry]));
  const tables: Table[] = [
    {
      title: 'Accounts',
      columns: ['Account', 'Side', 'Balance', 'Holds'],
      rows: accounts.map(({ account, money }) => [account, chart[account].side, money, chart[account].doc]),
      empty: 'Nothing was booked yet.',
    },
    {
      title: 'Owed and held',
      columns: ['Unit', 'Owed', 'Held', 'Agree'],
      rows: (await moneyEquations(issuer.store.db, issuer.scheme.units)).map(({ unit, owed, held, holds }) => [
        unit.name,
        { amount: owed, unit },
        { amount: held, unit },
        holds ? 'yes' : 'NO',
      ]),
      empty: 'The scheme has no units.',
      note: 'What holders, merchants and payers are owed, from the cards and claims, against the float and named losses, from the transfers.',
    },
    {
      title: 'Owed to merchants',
      columns: ['Merchant', 'Name', 'Account', 'Owed'],
      rows: merchants.map(({ merchant, owed }) => {
        const entry = names.get(merchant);
        return [
          merchant,
          entry?.name ?? 'not registered',
          entry?.held === true ? 'held' : (entry?.iban ?? 'none'),
          owed,
        ];
      }),
      empty: 'Every merchant is paid.',
    },
    {
      title: 'Settlements',
      columns: ['Number', 'At', 'Merchant', 'Sales', 'Given back', 'Commission', 'Paid'],
      rows: settlements.map((line) => [
        line.number,
        formatTime(line.settledAt),
        line.merchant,
        line.sales,
        line.reversals,
        line.fee,
        line.paid,
      ]),
      empty: 'Nothing was settled yet.',
    },
    await casesTable(issuer),
    await filesTable(issuer),
    await endingTable(issuer),
    {
      title: 'Cards',
      columns: ['State', 'Cards'],
      rows: [...cards.map(({ state, count }) => [state, count]), ['on the hot list', listedCards]],
      empty: 'No card was issued.',
    },
  ];
  const subtitle = `${issuer.scheme.name}, scheme ${issuer.scheme.id}, ${formatTime(at)}`;
  return { title: 'Daily report', subtitle, at, tables };
}

async function casesTable(issuer: Issuer): Promise<Table> {
  const cases = await listCases(issuer, 'open', 100);
  return {
    title: 'Open cases',
    columns: ['Party', 'Kind', 'What it means', 'Findings', 'Since'],
    rows: cases.map(({ party, kind, title, findings, openedAt }) => [
      party,
      kind,
      title,
      findings,
      formatTime(openedAt),
    ]),
    empty: 'Nothing waits for a person.',
  };
}

async function endingTable(issuer: Issuer): Promise<Table> {
  const { keys, terminals, cardsExpiring } = await keyStatus(issuer);
  const behind = keys.flatMap(({ authority, cardsBehind = 0, terminalsBehind = 0 }) => [
    ...(cardsBehind === 0 ? [] : [['key', authority, `${cardsBehind} cards have not switched`]]),
    ...(terminalsBehind === 0 ? [] : [['key', authority, `${terminalsBehind} terminals are not renewed`]]),
  ]);
  return {
    title: 'What runs out',
    columns: ['What', 'Which', 'Until'],
    rows: [
      ...terminals.map(({ terminalId, role, expiry }) => [`terminal, ${role}`, terminalId, formatTime(expiry)]),
      ...(cardsExpiring === 0 ? [] : [['cards', `${cardsExpiring} in use`, 'within 60 days']]),
      ...behind,
    ],
    empty: 'Nothing runs out soon, and no rotation of keys is unfinished.',
  };
}

async function filesTable({ store }: Issuer): Promise<Table> {
  const files = await listFiles(store.db, 20);
  return {
    title: 'Pay-out files',
    columns: ['File', 'Made', 'Payments', 'Paid', 'Returned', 'Unanswered'],
    rows: files.map(({ number, madeAt, payments, states }) => [
      number,
      formatTime(madeAt),
      payments,
      states['paid'] ?? 0,
      states['returned'] ?? 0,
      states['sent'] ?? 0,
    ]),
    empty: 'No file was made.',
  };
}
