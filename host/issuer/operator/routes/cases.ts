import { z } from 'zod';
import { isFindingKind } from '../../domain/findings.js';
import { approveCase, dismissCase, proposeCase, showCase } from '../../service/cases.js';
import { measuresSchema } from '../../service/measures.js';
import { caseRows, caseView as viewOf } from '../queries/cases.js';
import { casePage, caseView } from '../views/cases.js';
import { idParam, operatorRoute, reason } from './route.js';
import type { OperatorRoute } from './route.js';

const params = z.strictObject({
  party: idParam,
  kind: z.string().max(60).refine(isFindingKind, 'there is no such kind of finding'),
});

export const caseRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/cases',
    summary: 'Cases, open ones first.',
    permission: 'cases.read',
    query: z.strictObject({ status: z.enum(['open', 'approved', 'dismissed']).optional() }),
    answer: casePage,
    run: ({ issuer, query }) => caseRows(issuer, query.status),
  }),
  operatorRoute({
    method: 'GET',
    path: '/cases/{party}/{kind}',
    summary: 'One case: findings, what is proposed, what was decided.',
    permission: 'cases.read',
    params,
    answer: caseView,
    run: async ({ issuer, params: key }) => viewOf(issuer, await showCase(issuer, key)),
  }),
  operatorRoute({
    method: 'POST',
    path: '/cases/{party}/{kind}/propose',
    summary:
      'Proposes other measures than the system, or an earlier proposal; somebody else approves them. Nothing is done yet.',
    permission: 'cases.propose',
    params,
    body: z.strictObject({ measures: measuresSchema }),
    answer: caseView,
    run: async ({ issuer, session, params: key, body }) =>
      viewOf(issuer, await proposeCase(issuer, key, { operator: session.name, measures: body.measures })),
  }),
  operatorRoute({
    method: 'POST',
    path: '/cases/{party}/{kind}/approve',
    summary: 'Carries out what is proposed. Whoever proposed it may not approve it.',
    permission: 'cases.decide',
    params,
    body: z.strictObject({ revision: z.string().max(64) }),
    answer: caseView,
    run: async ({ issuer, session, params: key, body }) =>
      viewOf(issuer, await approveCase(issuer, key, { operator: session.name, revision: body.revision })),
  }),
  operatorRoute({
    method: 'POST',
    path: '/cases/{party}/{kind}/dismiss',
    summary: 'Decides that nothing is to be done, and why.',
    permission: 'cases.decide',
    params,
    body: z.strictObject({ reason }),
    answer: caseView,
    run: async ({ issuer, session, params: key, body }) =>
      viewOf(issuer, await dismissCase(issuer, key, { operator: session.name, reason: body.reason })),
  }),
];
