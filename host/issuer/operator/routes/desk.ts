/** The card desk's stock: deliveries of raw cards, orders from a file, and the list of cards that wait for their holders. */
import { z } from 'zod';
import { CsvError } from '../../../protocol/codec/csv.js';
import { assignCards, deskList } from '../../service/assign.js';
import type { CardOrder } from '../../service/assign.js';
import { assignedCards } from '../../service/assigned.js';
import { rejected } from '../../service/context.js';
import { ordersIn } from '../../service/order-file.js';
import { registerStock, serialRange } from '../../service/stock.js';
import { deskLines, showDesk } from '../queries/desk.js';
import { deliveryTaken, deskLinePage, deskListView, deskView, ordersTaken } from '../views/desk.js';
import { largestFile, operatorRoute, paging } from './route.js';
import type { OperatorRoute } from './route.js';

/** @throws IssuerError rejected, naming the line */
function ordersOf(text: string): readonly CardOrder[] {
  try {
    return ordersIn(text);
  } catch (cause) {
    if (cause instanceof CsvError) throw rejected(`The file of orders: ${cause.message}`, cause);
    throw cause;
  }
}

export const deskRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/desk',
    summary: 'The stock of raw cards by delivery, the products, and how many cards end soon.',
    permission: 'desk.read',
    answer: deskView,
    run: ({ issuer }) => showDesk(issuer),
  }),
  operatorRoute({
    method: 'GET',
    path: '/desk/assigned',
    summary: 'Cards that are assigned to a holder and not issued yet: the list the desk works from.',
    permission: 'desk.read',
    query: z.strictObject(paging),
    answer: deskLinePage,
    run: ({ issuer, query }) => deskLines(issuer.store.db, query),
  }),
  operatorRoute({
    method: 'GET',
    path: '/desk/list',
    summary: 'The whole list as a file for ./epurse personalize --batch.',
    permission: 'desk.manage',
    answer: deskListView,
    run: async ({ issuer }) => ({ csv: deskList(await assignedCards(issuer.store.db)) }),
  }),
  operatorRoute({
    method: 'POST',
    path: '/desk/deliveries',
    summary: 'Enters a delivery of raw cards in the stock, by its first and last serial. Again changes nothing.',
    permission: 'desk.manage',
    body: z.strictObject({
      delivery: z.string().trim().min(1).max(80),
      from: z.string().max(40),
      to: z.string().max(40),
    }),
    answer: deliveryTaken,
    run: ({ issuer, actor, body: { delivery, from, to } }) =>
      registerStock(issuer, actor, serialRange(from, to), delivery),
  }),
  operatorRoute({
    method: 'POST',
    path: '/desk/orders',
    summary:
      'Assigns cards of the stock to the holders of a CSV file; a file with a fault assigns none, and every fault is named.',
    permission: 'desk.manage',
    largestBody: largestFile,
    body: z.strictObject({ csv: z.string().max(largestFile) }),
    answer: ordersTaken,
    run: async ({ issuer, actor, body }) => {
      const result = await assignCards(issuer, actor, ordersOf(body.csv));
      if ('faults' in result) return { assigned: 0, faults: [...result.faults] };
      return { assigned: result.lines.length, faults: [] };
    },
  }),
];
