import { z } from 'zod';
import { part, seconds } from './common.js';

export const keysView = z.object({
  scheme: z.object({ id: z.number().int(), name: z.string(), createdAt: seconds, units: z.array(z.string()) }),
  keys: z.array(
    z.object({
      authority: z.string(),
      version: z.number().int(),
      turn: z.enum(['current', 'next']),
      /** First 8 bytes of the hash of the public point. */
      fingerprint: z.string(),
    }),
  ),
  hotList: z
    .object({
      version: z.number().int(),
      issuedAt: seconds,
      entries: z.number().int(),
      /** POS terminals sell only below a floor amount from then on, unless a newer list reaches them. */
      staleAt: seconds,
      renewedAt: seconds,
    })
    .nullable(),
  parameters: z.array(z.object({ version: z.number().int(), since: seconds })),
});

export const auditEntryView = z.object({
  seq: z.number().int(),
  at: seconds,
  actor: z.object({ kind: z.enum(['operator', 'terminal', 'system']), name: z.string() }),
  action: z.string(),
  subject: z.string(),
  /** Canonical JSON. */
  detail: z.string(),
  hash: z.string(),
  /** Of the request that wrote it, as in the service's log; null for a command or a job. */
  trace: z.string().nullable(),
});

export const auditPage = part(auditEntryView);

export type KeysView = z.infer<typeof keysView>;
export type AuditEntryView = z.infer<typeof auditEntryView>;
