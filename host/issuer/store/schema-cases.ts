/** Tables of cases, merchants and payments, as Kysely types them (schema.ts has the others). */
import type { ColumnType } from 'kysely';

import type { BigOrNull, Fixed, FixedBig, Optional } from './schema-columns.js';

export interface CaseFileTable {
  party: Fixed<string>;
  kind: Fixed<string>;
  round: ColumnType<number, number | undefined, number>;
  status: ColumnType<'open' | 'approved' | 'dismissed', never, 'open' | 'approved' | 'dismissed'>;
  opened_at: FixedBig;
  /** Measures as JSON, where a person proposes others than the system. */
  proposal: Optional<string>;
  proposed_by: Optional<string>;
  proposed_at: BigOrNull;
  decided_at: BigOrNull;
  decided_by: Optional<string>;
  /** Measures as JSON, as they were carried out; or the reason to dismiss. */
  decision: Optional<string>;
}

export interface MerchantHoldTable {
  merchant: Fixed<string>;
  held_at: FixedBig;
  reason: Fixed<string>;
  released_at: BigOrNull;
}

export interface MerchantAdjustmentTable {
  merchant: Fixed<string>;
  reference: Fixed<string>;
  unit: Fixed<number>;
  amount: FixedBig;
  made_at: FixedBig;
  settlement: BigOrNull;
}

export interface MerchantTable {
  merchant: Fixed<string>;
  name: string;
  iban: string | null;
  bic: string | null;
  changed_at: ColumnType<bigint, bigint | number, bigint | number>;
}

export interface PayoutFileTable {
  number: FixedBig;
  made_at: FixedBig;
  debtor_name: Fixed<string>;
  debtor_iban: Fixed<string>;
  debtor_bic: Fixed<string | null>;
  payments: Fixed<number>;
  /** SHA-256 of the file as it was made. */
  content_hash: Fixed<Uint8Array>;
}

export interface PaymentTable {
  /** Merchant, or card id of a holder's payment. */
  owner: Fixed<string>;
  /** End-to-end identification. */
  reference: Fixed<string>;
  kind: Fixed<'settlement' | 'unload' | 'holder' | 'closing'>;
  /** Settlement number, load counter, NT, or slot. */
  ref: FixedBig;
  unit: Fixed<number>;
  amount: FixedBig;
  payee: Fixed<string>;
  iban: Fixed<string>;
  bic: Fixed<string | null>;
  /** sent: stands in a file; returned: the money is owed again. */
  state: 'ordered' | 'sent' | 'paid' | 'returned';
  file: BigOrNull;
  ordered_at: FixedBig;
  answered_at: BigOrNull;
  /** What the bank said. */
  answer: Optional<string>;
}

export interface CaseTables {
  merchant: MerchantTable;
  payout_file: PayoutFileTable;
  payment: PaymentTable;
  case_file: CaseFileTable;
  merchant_hold: MerchantHoldTable;
  merchant_adjustment: MerchantAdjustmentTable;
}
