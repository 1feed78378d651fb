import { z } from 'zod';
import { fromHex, toHex } from '../../../protocol/codec/bytes.js';
import type { Issuer } from '../../service/context.js';
import { Role } from '../../../protocol/generated/enums.js';
import { inviteTerminal, limitsOf } from '../../service/enrolment.js';
import type { InvitedTerminal } from '../../service/enrolment.js';
import { moneyView } from '../views/common.js';
import { holdTerminal, releaseTerminal } from '../../service/terminal-holds.js';
import { revokeTerminal } from '../../service/terminals.js';
import { batchEntries, listBatches, showBatch } from '../queries/batches.js';
import { searchTerminals, showTerminal } from '../queries/terminals.js';
import {
  batchEntryPage,
  batchPage,
  batchView,
  invitationView,
  terminalPage,
  terminalView,
} from '../views/terminals.js';
import { idParam, operatorRoute, paging, reason, searchText } from './route.js';
import type { OperatorRoute } from './route.js';

const params = z.strictObject({ terminalId: idParam });
const batchNumber = z.codec(z.string().regex(/^[1-9]\d{0,9}$/, 'expected the number of a batch'), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => String(value),
});
const ofBatch = z.strictObject({ terminalId: idParam, number: batchNumber });

/** Acquirer or merchant. */
const shopId = z.codec(
  z.string().regex(/^[0-9a-f]{8}$/),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (hex) => fromHex(hex),
    encode: (bytes) => toHex(bytes),
  },
);
/** A shop's POS, or a kiosk (`load`) or desk (`perso`) of the issuer. */
const invitedTerminal = z.union([
  z.strictObject({
    role: z.literal('pos').optional(),
    acquirerId: shopId,
    merchantId: shopId,
    limits: z.array(moneyView).min(1).max(3),
  }),
  z.strictObject({ role: z.enum(['load', 'perso']) }),
]);

function invitedOf(issuer: Issuer, body: z.output<typeof invitedTerminal>): InvitedTerminal {
  if (!('limits' in body)) return { role: body.role === 'load' ? Role.load : Role.perso };
  const { acquirerId, merchantId, limits } = body;
  return { role: Role.pos, acquirerId, merchantId, limits: limitsOf(issuer, limits) };
}

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
    method: 'POST',
    path: '/terminals',
    summary: 'Invites a POS, a kiosk or a desk: its id, and a token with which it enrols itself once, within a day.',
    permission: 'terminals.manage',
    body: invitedTerminal,
    answer: invitationView,
    run: ({ issuer, actor, body }) => inviteTerminal(issuer, invitedOf(issuer, body), actor),
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
    method: 'POST',
    path: '/terminals/{terminalId}/hold',
    summary:
      'Settles nothing the terminal claims until it is released; a kiosk or desk is not answered. Again changes nothing.',
    permission: 'terminals.manage',
    params,
    body: z.strictObject({ reason }),
    run: async ({ issuer, actor, params: { terminalId }, body }) => {
      await holdTerminal(issuer, terminalId, body.reason, actor);
    },
  }),
  operatorRoute({
    method: 'POST',
    path: '/terminals/{terminalId}/release',
    summary: 'Ends a hold. Again changes nothing.',
    permission: 'terminals.manage',
    params,
    run: async ({ issuer, actor, params: { terminalId } }) => {
      await releaseTerminal(issuer, terminalId, actor);
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
