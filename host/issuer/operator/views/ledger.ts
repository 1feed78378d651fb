import { z } from 'zod';
import { moneyView, part, seconds } from './common.js';

export const accountView = z.object({
  account: z.string(),
  side: z.enum(['debit', 'credit']),
  /** Positive on the account's normal side. */
  balance: moneyView,
});

export const partyView = z.object({ party: z.string(), balance: moneyView });

export const postingView = z.object({
  owner: z.string(),
  eventId: z.string(),
  line: z.number().int(),
  kind: z.string(),
  bookedAt: seconds,
  debit: z.object({ account: z.string(), party: z.string() }),
  credit: z.object({ account: z.string(), party: z.string() }),
  money: moneyView,
});

export const chartView = z.object({
  at: seconds,
  units: z.array(z.string()),
  accounts: z.array(accountView),
  /** Debits less credits over all accounts, per unit: zero, always. */
  sums: z.array(moneyView),
});

export const eventView = z.object({
  owner: z.string(),
  eventId: z.string(),
  kind: z.string(),
  bookedAt: seconds,
  /** Place in the owner's hash chain. */
  seq: z.number().int(),
  hash: z.string(),
  /** Of the request that booked it, as in the service's log; null for a command or a job. */
  trace: z.string().nullable(),
  postings: z.array(postingView),
});

export const partyPage = part(partyView);
export const postingPage = part(postingView);

export type ChartView = z.infer<typeof chartView>;
export type AccountView = z.infer<typeof accountView>;
export type PartyView = z.infer<typeof partyView>;
export type PostingView = z.infer<typeof postingView>;
export type EventView = z.infer<typeof eventView>;
