import { z } from 'zod';
import { moneyView, seconds } from './common.js';

export const equationView = z.object({
  unit: z.string(),
  terms: z.object({
    cards: moneyView,
    waiting: moneyView,
    purchases: moneyView,
    loads: moneyView,
    payouts: moneyView,
    fees: moneyView,
    float: moneyView,
    fraud: moneyView,
    loyalty: moneyView,
  }),
  owed: moneyView,
  held: moneyView,
  difference: moneyView,
  holds: z.boolean(),
});

export const alarmKinds = [
  'unbalanced',
  'bank-simulated',
  'list-stale',
  'list-filling',
  'list-full',
  'cards-expiring',
  'terminal-expiring',
  'terminal-expired',
] as const;

export const alarmView = z.object({
  kind: z.enum(alarmKinds),
  /** Unit, `bank`, hot list version, how many of how many entries, number of cards, or terminal id. */
  subject: z.string(),
  /** When it ran or runs out; null where it does not. */
  at: seconds.nullable(),
});

const movement = z.object({ count: z.number().int(), sums: z.array(moneyView) });

export const todayView = z.object({
  at: seconds,
  /** When equations, cards, payments, loads and days were added up: now, or, where that takes long, a while ago. */
  figuresAt: seconds,
  /** Begin of the day that the figures are of: midnight UTC. */
  since: seconds,
  equations: z.array(equationView),
  cards: z.array(z.object({ state: z.string(), count: z.number().int() })),
  listed: z.number().int(),
  openCases: z.number().int(),
  /** Records that reached the issuer since. */
  payments: movement,
  loads: movement,
  batches: z.number().int(),
  /** Payments by day of arrival, oldest first. */
  days: z.array(z.object({ day: seconds, payments: z.number().int() })),
  alarms: z.array(alarmView),
});

export type TodayView = z.infer<typeof todayView>;
export type EquationView = z.infer<typeof equationView>;
export type AlarmView = z.infer<typeof alarmView>;
