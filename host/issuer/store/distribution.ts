/**
 * How the tables spread over the nodes of a distributed PostgreSQL: each by one text column that is in every one of its unique keys,
 * so that a node can hold the key without asking the others. Rows of one card, with the transfers it owns, land on one node.
 */
import type { Schema } from './schema.js';

/** Table → the column it is spread by. */
export const distribution = {
  card: 'card_id',
  record: 'card_id',
  signature_seen: 'card_id',
  cancel_order: 'card_id',
  voided: 'card_id',
  payout: 'card_id',
  load: 'card_id',
  entry_question: 'card_id',
  card_order: 'card_id',
  card_stock: 'card_id',
  key_switch: 'card_id',
  listing: 'card_id',
  ledger_event: 'owner',
  ledger_head: 'owner',
  ledger_seal: 'owner',
  terminal: 'terminal_id',
  batch: 'terminal_id',
  batch_entry: 'terminal_id',
  settlement_line: 'merchant',
  merchant: 'merchant',
  merchant_hold: 'merchant',
  merchant_adjustment: 'merchant',
  payment: 'owner',
  finding: 'party',
  case_file: 'party',
  audit_entry: 'chain',
  audit_head: 'chain',
} as const satisfies Partial<Record<keyof Schema, string>>;

/** Small or seldom written, and referred to from everywhere: whole on every node. */
export const referenceTables = [
  'holder',
  'product',
  'parameter_set',
  'settlement',
  'payout_file',
  'hot_list',
  'operator',
  'operator_session',
  'sign_in_failure',
  'terminal_invitation',
] as const satisfies readonly (keyof Schema)[];
