/** The audit log, newest first. */
import { toHex } from '../../../protocol/codec/bytes.js';
import { auditChain } from '../../store/audit-chain.js';
import type { Db } from '../../store/database.js';
import type { Part } from '../views/common.js';
import type { AuditEntryView } from '../views/keys.js';
import { cursorOf, limitOf, partOf, wholeNumber } from './paging.js';
import type { Paging } from './paging.js';

export interface AuditSearch extends Paging {
  /** Part of a subject, action or name, or a whole trace id. */
  readonly text?: string | undefined;
}

export async function searchAudit(db: Db, search: AuditSearch): Promise<Part<AuditEntryView>> {
  const after = cursorOf(search, 1);
  const text = (search.text ?? '').trim();
  const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await db
    .selectFrom('audit_entry')
    .select(['seq', 'at', 'actor_kind', 'actor_name', 'action', 'subject', 'detail', 'hash', 'trace'])
    .where('chain', '=', auditChain)
    .$if(text !== '', (query) =>
      query.where(({ or, eb }) =>
        or([
          eb('subject', 'ilike', like),
          eb('action', 'ilike', like),
          eb('actor_name', 'ilike', like),
          eb('trace', '=', text),
        ]),
      ),
    )
    .$if(after !== undefined, (query) => query.where('seq', '<', wholeNumber(after?.[0])))
    .orderBy('seq', 'desc')
    .limit(limitOf(search) + 1)
    .execute();
  return partOf(
    rows,
    search,
    (row): AuditEntryView => ({
      seq: Number(row.seq),
      at: Number(row.at),
      actor: { kind: row.actor_kind, name: row.actor_name },
      action: row.action,
      subject: row.subject,
      detail: row.detail,
      hash: toHex(new Uint8Array(row.hash)),
      trace: row.trace,
    }),
    ({ seq }) => [seq],
  );
}
