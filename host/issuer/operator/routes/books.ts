/** Today's figures, the ledger, keys and lists, the audit log: what is read and never changed here. */
import { z } from 'zod';
import { searchAudit } from '../queries/audit.js';
import { showKeys } from '../queries/keys.js';
import { accountNamed, accountParties, postings, showChart, showEvent, unitNamed } from '../queries/ledger.js';
import { today } from '../queries/today.js';
import { auditPage, keysView } from '../views/keys.js';
import { chartView, eventView, partyPage, postingPage } from '../views/ledger.js';
import { todayView } from '../views/today.js';
import { operatorRoute, paging, searchText } from './route.js';
import type { OperatorRoute } from './route.js';

const unit = z.string().max(20);
const account = z.string().max(40);
/** Card and slot, card, or merchant. */
const party = z.string().max(40);

export const bookRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/today',
    summary: 'Where the money is, what happened today, what somebody has to see to.',
    permission: 'today.read',
    answer: todayView,
    run: async ({ issuer, figures }) => today(issuer, await figures()),
  }),
  operatorRoute({
    method: 'GET',
    path: '/ledger',
    summary: 'The chart of accounts with its balances; the sum over all accounts is zero.',
    permission: 'ledger.read',
    answer: chartView,
    run: ({ issuer }) => showChart(issuer),
  }),
  operatorRoute({
    method: 'GET',
    path: '/ledger/{account}/parties',
    summary: 'Who has how much on an account.',
    permission: 'ledger.read',
    params: z.strictObject({ account }),
    query: z.strictObject({ ...paging, unit }),
    answer: partyPage,
    run: ({ issuer, params, query: { unit: name, ...part } }) =>
      accountParties(issuer.store.db, { ...part, account: accountNamed(params.account), unit: unitNamed(name) }),
  }),
  operatorRoute({
    method: 'GET',
    path: '/postings',
    summary: 'Transfers, newest first, by account, party, unit or owner.',
    permission: 'ledger.read',
    query: z.strictObject({
      ...paging,
      account: account.optional(),
      unit: unit.optional(),
      party: party.optional(),
      owner: party.optional(),
    }),
    answer: postingPage,
    run: ({ issuer, query: { account: name, unit: unitName, ...rest } }) =>
      postings(issuer.store.db, {
        ...rest,
        account: name === undefined ? undefined : accountNamed(name),
        unit: unitName === undefined ? undefined : unitNamed(unitName),
      }),
  }),
  operatorRoute({
    method: 'GET',
    path: '/events/{owner}/{eventId}',
    summary: 'One event with its transfers and its place in the hash chain.',
    permission: 'ledger.read',
    params: z.strictObject({ owner: party, eventId: z.string().max(120) }),
    answer: eventView,
    run: ({ issuer, params: { owner, eventId } }) => showEvent(issuer.store.db, owner, eventId),
  }),
  operatorRoute({
    method: 'GET',
    path: '/keys',
    summary: 'Keys of the scheme, the hot list, parameters.',
    permission: 'keys.read',
    answer: keysView,
    run: ({ issuer }) => showKeys(issuer),
  }),
  operatorRoute({
    method: 'GET',
    path: '/audit',
    summary: 'Who did what, newest first.',
    permission: 'audit.read',
    query: z.strictObject({ ...paging, text: searchText }),
    answer: auditPage,
    run: ({ issuer, query }) => searchAudit(issuer.store.db, query),
  }),
];
