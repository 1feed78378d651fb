/**
 * The audit log as a chain: hash(n) = SHA-256(tag ‖ hash(n-1) ‖ canonical text of entry n), hash(0) = 32 zero bytes. An entry
 * that is changed, taken out, put in or moved breaks the chain at its place.
 */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { equalBytes } from '../../protocol/codec/bytes.js';
import { canonicalText } from './canonical.js';
import type { Db } from './database.js';
import type { AuditEntryTable } from './schema-audit.js';

export type AuditRow = Selectable<AuditEntryTable>;

/** The issuer has one log. */
export const auditChain = 'issuer';

const tag = 'epurse audit entry 1\n';

/** What an entry's hash is over, besides the hash before it. */
export type AuditContent = Pick<
  AuditRow,
  'chain' | 'seq' | 'at' | 'actor_kind' | 'actor_name' | 'action' | 'subject' | 'detail'
>;

/** @param previous 32 bytes @returns 32 bytes */
export function auditHash(previous: Uint8Array, content: AuditContent): Uint8Array {
  const { chain, seq, at, actor_kind, actor_name, action, subject, detail } = content;
  const text = canonicalText({ chain, seq, at, actor_kind, actor_name, action, subject, detail });
  return new Uint8Array(createHash('sha256').update(tag).update(previous).update(text).digest());
}

/** Where a chain stands: the number of its last entry, and that one's hash. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: Uint8Array;
}

export async function auditHead(db: Db): Promise<ChainHead> {
  const row = await db
    .selectFrom('audit_head')
    .select(['seq', 'hash'])
    .where('chain', '=', auditChain)
    .executeTakeFirstOrThrow();
  return { seq: row.seq, hash: new Uint8Array(row.hash) };
}

const page = 1000;

/** Every entry in order, read page by page. */
export async function* auditEntries(db: Db): AsyncGenerator<AuditRow> {
  for (let after = 0n; ;) {
    const rows = await db
      .selectFrom('audit_entry')
      .selectAll()
      .where('chain', '=', auditChain)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(page)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.seq;
  }
}

/**
 * One sentence on the first entry that does not hold, or undefined.
 *
 * @param seen told each entry that does; a sentence from it ends the search
 */
export async function auditFlaw(
  db: Db,
  seen: (row: AuditRow) => Promise<string | undefined>,
): Promise<string | undefined> {
  let seq = 0n;
  let hash: Uint8Array = new Uint8Array(32);
  for await (const row of auditEntries(db)) {
    if (row.seq !== seq + 1n) return `Audit entry ${seq + 1n} is missing; ${row.seq} comes next.`;
    if (!equalBytes(new Uint8Array(row.previous), hash))
      return `Audit entry ${row.seq} does not follow from the one before it.`;
    hash = auditHash(hash, row);
    if (!equalBytes(new Uint8Array(row.hash), hash))
      return `Audit entry ${row.seq} (${row.action} ${row.subject}) is not what was written.`;
    seq = row.seq;
    const flaw = await seen(row);
    if (flaw !== undefined) return flaw;
  }
  const head = await auditHead(db);
  if (head.seq > seq) return `Audit entry ${seq + 1n} is missing; the log ends before its head, ${head.seq}.`;
  if (head.seq < seq) return `Audit entry ${head.seq + 1n} comes after the head of the log.`;
  return equalBytes(head.hash, hash) ? undefined : `The head of the audit log is not its last entry, ${seq}.`;
}
