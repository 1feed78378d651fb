/** The audit log, as Kysely types it: migrations 007 and 013. */
import type { Big, Fixed, FixedBig, Optional } from './schema-columns.js';

export interface AuditEntryTable {
  chain: Fixed<string>;
  seq: FixedBig;
  at: FixedBig;
  actor_kind: Fixed<'operator' | 'terminal' | 'system'>;
  actor_name: Fixed<string>;
  action: Fixed<string>;
  subject: Fixed<string>;
  detail: Fixed<string>;
  previous: Fixed<Uint8Array>;
  hash: Fixed<Uint8Array>;
  /** Of the request that wrote it; under no hash. */
  trace: Optional<string>;
}

export interface AuditHeadTable {
  chain: Fixed<string>;
  seq: Big;
  hash: Uint8Array;
}

export interface AuditTables {
  audit_entry: AuditEntryTable;
  audit_head: AuditHeadTable;
}
