import { z } from 'zod';
import { idView, moneyView, part, seconds } from './common.js';

export const cardRowView = z.object({
  cardId: idView,
  serial: idView,
  holder: z.string(),
  state: z.enum(['issued', 'active', 'retired', 'lost', 'closed']),
  listed: z.boolean(),
  issuedAt: seconds,
  expiry: seconds,
});

export const listingView = z.object({
  blockNumber: z.number().int(),
  reason: z.enum(['operator', 'lost', 'fault']),
  note: z.string(),
  listedAt: seconds,
  /** The card answered the block order. */
  takenAt: seconds.nullable(),
  releasedAt: seconds.nullable(),
});

export const cardView = cardRowView.extend({
  holderId: z.string(),
  /** How it contradicted itself. */
  fault: z.string().nullable(),
  replaces: idView.nullable(),
  replacedBy: idView.nullable(),
  /** Highest number up to which every record is here. */
  nt: z.number().int(),
  parametersVersion: z.number().int(),
  slots: z.array(z.object({ slot: z.number().int(), balance: moneyView })),
  listings: z.array(listingView),
});

export const recordView = z.object({
  nt: z.number().int(),
  kind: z.enum(['purchase', 'cancel', 'load', 'unload']),
  terminalId: idView,
  merchant: idView,
  money: moneyView,
  points: moneyView.nullable(),
  time: seconds,
  placement: z.enum(['waiting', 'placed', 'broken', 'late']),
  clearing: z.enum(['none', 'open', 'claimed', 'cancelled', 'reversed', 'forfeited']),
});

export const loadView = z.object({
  counter: z.number().int(),
  kind: z.enum(['load', 'unload']),
  kioskId: idView,
  money: moneyView,
  state: z.enum(['asked', 'declined', 'lapsed', 'authorised', 'credited', 'given-up']),
  funding: z.enum(['none', 'asked', 'taken', 'returning', 'returned']),
  askedAt: seconds,
  decidedAt: seconds.nullable(),
});

export const orderView = z.object({
  type: z.string(),
  number: z.number().int(),
  reason: z.string(),
  issuedAt: seconds,
});

export const cardPage = part(cardRowView);
export const recordPage = part(recordView);
export const loadPage = part(loadView);
export const orderPage = part(orderView);

export type CardRowView = z.infer<typeof cardRowView>;
export type CardView = z.infer<typeof cardView>;
export type ListingView = z.infer<typeof listingView>;
export type RecordView = z.infer<typeof recordView>;
export type LoadView = z.infer<typeof loadView>;
export type OrderView = z.infer<typeof orderView>;
