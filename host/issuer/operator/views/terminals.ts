import { z } from 'zod';
import { idView, moneyView, part, seconds } from './common.js';

export const terminalRowView = z.object({
  terminalId: idView,
  role: z.string(),
  merchant: idView,
  effective: seconds,
  expiry: seconds,
  lastBatch: z.number().int(),
  lastBatchAt: seconds.nullable(),
  revokedAt: seconds.nullable(),
  /** Nothing it claims is settled since. */
  heldAt: seconds.nullable(),
  findings: z.number().int(),
});

export const batchRowView = z.object({
  terminalId: idView,
  number: z.number().int(),
  merchant: idView,
  entries: z.number().int(),
  closedAt: seconds,
  acceptedAt: seconds,
  /** Claims that were not accepted. */
  refused: z.number().int(),
});

export const batchEntryView = z.object({
  tn: z.number().int(),
  outcome: z.enum(['sold', 'cancelled', 'void', 'open', 'cancel']),
  cardId: idView,
  money: moneyView,
  /** `accepted`, `noted`, or the fault that kept it from being paid. */
  result: z.string(),
  correctedIn: z.number().int().nullable(),
});

export const findingView = z.object({ kind: z.string(), subject: z.string(), detail: z.string(), foundAt: seconds });

export const terminalView = terminalRowView.extend({ limits: z.array(moneyView), found: z.array(findingView) });
export const batchView = batchRowView.extend({ hash: z.string(), sums: z.array(moneyView) });

/** The token serves once, until then; it is shown this one time. */
export const invitationView = z.object({ terminalId: z.string(), token: z.string(), expiresAt: seconds });

export const terminalPage = part(terminalRowView);
export const batchPage = part(batchRowView);
export const batchEntryPage = part(batchEntryView);

export type TerminalRowView = z.infer<typeof terminalRowView>;
export type TerminalView = z.infer<typeof terminalView>;
export type BatchRowView = z.infer<typeof batchRowView>;
export type BatchView = z.infer<typeof batchView>;
export type BatchEntryView = z.infer<typeof batchEntryView>;
export type FindingView = z.infer<typeof findingView>;
export type InvitationView = z.infer<typeof invitationView>;
