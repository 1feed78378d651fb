/**
 * Who did what: every operator's action and every unusual event becomes an entry of the audit log, in the SQL transaction of what
 * it is about. The log is a hash chain (store/audit-chain.ts); `epurse issuer verify` follows it.
 */
import { currentTrace } from '../ops/trace.js';
import { auditChain, auditHash } from '../store/audit-chain.js';
import type { ChainHead } from '../store/audit-chain.js';
import { canonicalText } from '../store/canonical.js';
import type { Tx } from '../store/database.js';

export type Actor =
  | { readonly kind: 'operator'; readonly name: string }
  | { readonly kind: 'terminal'; readonly id: string }
  /** A job, a migration, the command line of whoever runs the machine. */
  | { readonly kind: 'system'; readonly name: string };

/** What becomes canonical JSON; bytes are written in hexadecimal. */
export type AuditValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly AuditValue[]
  | { readonly [name: string]: AuditValue };

export interface AuditEntry {
  /** Seconds. */
  readonly at: number;
  readonly actor: Actor;
  /** What was done, as a stable word: `card-blocked`, `case-approved`. */
  readonly action: string;
  /** To what: `card/0123…`, `terminal/…`, `case/7`. */
  readonly subject: string;
  /** No secrets, no names of holders: entries stay for ever. */
  readonly detail: Readonly<Record<string, AuditValue>>;
}

/**
 * Adds an entry. From here to the end of the SQL transaction no other process can add one, so this comes after the row locks of
 * the work itself, and the transaction ends soon.
 *
 * @returns where the log stands now; whoever keeps it elsewhere can prove later that nothing before it was changed
 */
export async function recordAudit(tx: Tx, { at, actor, action, subject, detail }: AuditEntry): Promise<ChainHead> {
  const head = await tx
    .selectFrom('audit_head')
    .select(['seq', 'hash'])
    .where('chain', '=', auditChain)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const content = {
    chain: auditChain,
    seq: head.seq + 1n,
    at: BigInt(at),
    actor_kind: actor.kind,
    actor_name: actor.kind === 'terminal' ? actor.id : actor.name,
    action,
    subject,
    detail: canonicalText(detail),
  };
  const previous = new Uint8Array(head.hash);
  const hash = auditHash(previous, content);
  await tx
    .insertInto('audit_entry')
    .values({ ...content, previous, hash, trace: currentTrace() ?? null })
    .execute();
  await tx.updateTable('audit_head').set({ seq: content.seq, hash }).where('chain', '=', auditChain).execute();
  return { seq: content.seq, hash };
}
