import { z } from 'zod';
import { revokeTerminal } from '../../service/terminals.js';
import { batchEntries, listBatches, showBatch } from '../queries/batches.js';
import { searchTerminals, showTerminal } from '../queries/terminals.js';
import { batchEntryPage, batchPage, batchView, terminalPage, terminalView } from '../views/terminals.js';
import { idParam, operatorRoute, paging, reason, searchText } from './route.js';
import type { OperatorRoute } from './route.js';

const params = z.strictObject({ terminalId: idParam });
const ofBatch = z.strictObject({ terminalId: idParam, number: z.coerce.bigint().min(1n).max(0xffff_ffffn) });

export const terminalRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/terminals',
    summary: 'Terminals by id or merchant.',
    permission: 'terminals.read',
    query: z.strictObject({ ...paging, text: searchText }),
    answer: terminalPage,
    run: ({ issuer, query }) => searchTerminals(issuer.store.db, query),
  }),
  operatorRoute({
    method: 'GET',
    path: '/terminals/{terminalId}',
    summary: 'One terminal: limits, certificate, findings.',
    permission: 'terminals.read',
    params,
    answer: terminalView,
    run: ({ issuer, params: { terminalId } }) => showTerminal(issuer.store.db, terminalId),
  }),
  operatorRoute({
    method: 'POST',
    path: '/terminals/{terminalId}/revoke',
    summary: 'Refuses the terminal from now on, for ever. Again changes nothing.',
    permission: 'terminals.manage',
    params,
    body: z.strictObject({ reason }),
    run: async ({ issuer, actor, params: { terminalId }, body }) => {
      await revokeTerminal(issuer, terminalId, body.reason, actor);
    },
  }),
  operatorRoute({
    method: 'GET',
    path: '/batches',
    summary: 'Batches as they came in, newest first.',
    permission: 'batches.read',
    query: z.strictObject({ ...paging, terminalId: idParam.optional() }),
    answer: batchPage,
    run: ({ issuer, query }) => listBatches(issuer.store.db, query),
  }),
  operatorRoute({
    method: 'GET',
    path: '/batches/{terminalId}/{number}',
    summary: 'One batch with its totals.',
    permission: 'batches.read',
    params: ofBatch,
    answer: batchView,
    run: ({ issuer, params: { terminalId, number } }) => showBatch(issuer.store.db, terminalId, number),
  }),
  operatorRoute({
    method: 'GET',
    path: '/batches/{terminalId}/{number}/entries',
    summary: 'Entries of a batch by transaction number, each with what came of it.',
    permission: 'batches.read',
    params: ofBatch,
    query: z.strictObject(paging),
    answer: batchEntryPage,
    run: ({ issuer, params: { terminalId, number }, query }) =>
      batchEntries(issuer.store.db, terminalId, number, query),
  }),
];
