import { z } from 'zod';
import { block, release } from '../../service/listing.js';
import { cardLoads, cardOrders, cardRecords } from '../queries/card-history.js';
import { searchCards, showCard } from '../queries/cards.js';
import { cardPage, cardView, loadPage, orderPage, recordPage } from '../views/cards.js';
import { idParam, operatorRoute, paging, reason, searchText } from './route.js';
import type { OperatorRoute } from './route.js';

const params = z.strictObject({ cardId: idParam });
const part = z.strictObject(paging);

export const cardRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/cards',
    summary: 'Cards by id, serial or holder, newest first.',
    permission: 'cards.read',
    query: z.strictObject({ ...paging, text: searchText, holderId: z.string().max(64).optional() }),
    answer: cardPage,
    run: ({ issuer, query }) => searchCards(issuer.store.db, query),
  }),
  operatorRoute({
    method: 'GET',
    path: '/cards/{cardId}',
    summary: 'One card: shadow balances, listings, what it replaces.',
    permission: 'cards.read',
    params,
    answer: cardView,
    run: ({ issuer, params: { cardId } }) => showCard(issuer.store.db, cardId),
  }),
  operatorRoute({
    method: 'GET',
    path: '/cards/{cardId}/records',
    summary: 'What the card signed, newest first.',
    permission: 'cards.read',
    params,
    query: part,
    answer: recordPage,
    run: ({ issuer, params: { cardId }, query }) => cardRecords(issuer.store.db, cardId, query),
  }),
  operatorRoute({
    method: 'GET',
    path: '/cards/{cardId}/loads',
    summary: 'Loads and unloads, newest first.',
    permission: 'cards.read',
    params,
    query: part,
    answer: loadPage,
    run: ({ issuer, params: { cardId }, query }) => cardLoads(issuer.store.db, cardId, query),
  }),
  operatorRoute({
    method: 'GET',
    path: '/cards/{cardId}/orders',
    summary: 'Orders made for the card, newest first.',
    permission: 'cards.read',
    params,
    query: part,
    answer: orderPage,
    run: ({ issuer, params: { cardId }, query }) => cardOrders(issuer.store.db, cardId, query),
  }),
  operatorRoute({
    method: 'POST',
    path: '/cards/{cardId}/block',
    summary: 'Puts the card on the hot list, with a block order for whoever meets it. Again changes nothing.',
    permission: 'cards.block',
    params,
    body: z.strictObject({ reason }),
    run: async ({ issuer, actor, params: { cardId }, body }) => {
      await block(issuer, cardId, body.reason, actor);
    },
  }),
  operatorRoute({
    method: 'POST',
    path: '/cards/{cardId}/release',
    summary: 'Takes a card that an operator blocked off the hot list; a desk may then unblock it.',
    permission: 'cards.release',
    params,
    body: z.strictObject({ reason }),
    run: async ({ issuer, actor, params: { cardId }, body }) => {
      await release(issuer, cardId, actor, body.reason);
    },
  }),
];
