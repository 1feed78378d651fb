import { z } from 'zod';
import { idView, moneyView, seconds } from './common.js';
import { findingView } from './terminals.js';

export const caseRowView = z.object({
  party: idView,
  kind: z.string(),
  status: z.enum(['open', 'approved', 'dismissed']),
  /** How often it was opened. */
  round: z.number().int(),
  findings: z.number().int(),
  openedAt: seconds,
  decidedAt: seconds.nullable(),
  decidedBy: z.string().nullable(),
});

export const measureView = z.object({
  do: z.string(),
  /** Card, terminal or merchant it is done to. */
  subject: idView,
  money: moneyView.nullable(),
});

export const caseView = caseRowView.extend({
  /** What the party is. */
  partyKind: z.enum(['card', 'terminal', 'merchant']),
  found: z.array(findingView),
  proposal: z.array(measureView),
  /** Null where the system proposes. */
  proposedBy: z.string().nullable(),
  decision: z.string().nullable(),
  /** Goes with an approval: what it is given to. */
  revision: z.string(),
});

export const casePage = z.object({ rows: z.array(caseRowView) });

export type CaseRowView = z.infer<typeof caseRowView>;
export type CaseView = z.infer<typeof caseView>;
export type MeasureView = z.infer<typeof measureView>;
