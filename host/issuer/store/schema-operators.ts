/** Tables of migration 008, as Kysely types them. */
import type { Big, BigOrNull, Fixed, FixedBig, Optional } from './schema-columns.js';

export type OperatorRole = 'teller' | 'operator' | 'auditor';

export interface OperatorTable {
  name: Fixed<string>;
  role: OperatorRole;
  salt: Uint8Array;
  hash: Uint8Array;
  log_n: number;
  r: number;
  p: number;
  created_at: FixedBig;
  password_at: Big;
  disabled_at: BigOrNull;
}

export interface OperatorSessionTable {
  id_hash: Fixed<Uint8Array>;
  name: Fixed<string>;
  opened_at: FixedBig;
  seen_at: Big;
}

export interface SignInFailureTable {
  /** `name NAME` or `address ADDRESS`. */
  subject: Fixed<string>;
  failures: number;
  locked_until: Big;
  last_at: Big;
}

export interface TerminalInvitationTable {
  token_hash: Fixed<Uint8Array>;
  terminal_id: Fixed<string>;
  role: Fixed<number>;
  acquirer_id: Fixed<Uint8Array>;
  merchant_id: Fixed<Uint8Array>;
  /** JSON: unit code and limit in minor units. */
  limits: Fixed<string>;
  invited_by: Fixed<string>;
  invited_at: FixedBig;
  expires_at: FixedBig;
  used_at: BigOrNull;
  /** What was certified under it, and the answer: the same request gets the same again. */
  request_hash: Optional<Uint8Array>;
  certificate: Optional<Uint8Array>;
  connection: Optional<Uint8Array>;
}

export interface OperatorTables {
  operator: OperatorTable;
  operator_session: OperatorSessionTable;
  sign_in_failure: SignInFailureTable;
  terminal_invitation: TerminalInvitationTable;
}
