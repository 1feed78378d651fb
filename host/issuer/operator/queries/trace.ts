/** What one request left behind. */
import { auditChain } from '../../store/audit-chain.js';
import type { Db } from '../../store/database.js';

export interface TraceEvent {
  readonly owner: string;
  readonly id: string;
  readonly kind: string;
  /** Seconds. */
  readonly bookedAt: number;
}

export interface TraceEntry {
  readonly seq: number;
  /** Seconds. */
  readonly at: number;
  readonly action: string;
  readonly subject: string;
}

export interface TraceFound {
  readonly events: readonly TraceEvent[];
  readonly entries: readonly TraceEntry[];
  /** More of either than is shown. */
  readonly more: boolean;
}

const most = 1000;

/** @param trace 32 hexadecimal digits */
export async function whatTraceLeft(db: Db, trace: string): Promise<TraceFound> {
  const events = await db
    .selectFrom('ledger_event')
    .select(['owner', 'id', 'kind', 'booked_at'])
    .where('trace', '=', trace)
    .orderBy('owner')
    .orderBy('seq')
    .limit(most + 1)
    .execute();
  const entries = await db
    .selectFrom('audit_entry')
    .select(['seq', 'at', 'action', 'subject'])
    .where('chain', '=', auditChain)
    .where('trace', '=', trace)
    .orderBy('seq')
    .limit(most + 1)
    .execute();
  return {
    events: events.slice(0, most).map(({ booked_at, ...event }) => ({ ...event, bookedAt: Number(booked_at) })),
    entries: entries.slice(0, most).map(({ seq, at, ...entry }) => ({ ...entry, seq: Number(seq), at: Number(at) })),
    more: events.length > most || entries.length > most,
  };
}
