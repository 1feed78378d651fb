import { bookRoutes } from './books.js';
import { cardRoutes } from './cards.js';
import { caseRoutes } from './cases.js';
import { deskRoutes } from './desk.js';
import { payoutRoutes } from './payouts.js';
import type { OperatorRoute } from './route.js';
import { sessionRoutes } from './session.js';
import { terminalRoutes } from './terminals.js';

export const operatorRoot = '/operator/v1';

/** All of it but signing in and out, which make and end what the others need. */
export const operatorRoutes: readonly OperatorRoute[] = [
  ...sessionRoutes,
  ...bookRoutes,
  ...cardRoutes,
  ...terminalRoutes,
  ...caseRoutes,
  ...deskRoutes,
  ...payoutRoutes,
];
