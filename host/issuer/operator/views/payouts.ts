import { z } from 'zod';
import { moneyView, seconds } from './common.js';

const paymentStates = ['ordered', 'sent', 'paid', 'returned'] as const;

export const payoutFileRow = z.object({
  number: z.number().int(),
  madeAt: seconds,
  payments: z.number().int(),
  /** Payments by state. */
  states: z.record(z.string(), z.number().int()),
});

export const payoutsView = z.object({
  /** The account that is paid from; null where the settings name none: then nothing is paid by file. */
  debtor: z.object({ name: z.string(), iban: z.string() }).nullable(),
  /** Ordered and in no file yet. */
  ordered: z.object({ count: z.number().int(), sums: z.array(moneyView) }),
  /** Newest first, at most 100. */
  files: z.array(payoutFileRow),
});

export const paymentView = z.object({
  reference: z.string(),
  kind: z.enum(['settlement', 'unload', 'holder', 'closing']),
  /** Merchant, or card id of a holder's payment. */
  owner: z.string(),
  payee: z.string(),
  iban: z.string(),
  money: moneyView,
  state: z.enum(paymentStates),
  /** What the bank said last; null before. */
  answer: z.string().nullable(),
});

export const payoutFileView = payoutFileRow.extend({ messageId: z.string(), rows: z.array(paymentView) });
export const payoutContent = z.object({ messageId: z.string(), content: z.string() });
export const payoutMade = z.object({
  /** Null where nothing was ordered that is in no file yet. */
  number: z.number().int().nullable(),
});

export const answersTaken = z.object({
  file: z.number().int(),
  paid: z.number().int(),
  returned: z.number().int(),
  unchanged: z.number().int(),
  /** The bank says paid after it said returned: a case is open. */
  contradictions: z.number().int(),
});

export type PayoutsView = z.infer<typeof payoutsView>;
export type PayoutFileRow = z.infer<typeof payoutFileRow>;
export type PayoutFileView = z.infer<typeof payoutFileView>;
export type PaymentView = z.infer<typeof paymentView>;
export type PayoutContent = z.infer<typeof payoutContent>;
export type PayoutMade = z.infer<typeof payoutMade>;
export type AnswersTaken = z.infer<typeof answersTaken>;
