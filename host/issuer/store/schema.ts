/** The tables as Kysely types them. Counters and times are 64-bit in SQL, hence bigint here; ids are hexadecimal text. */
import type { ColumnType } from 'kysely';
import type { AuditTables } from './schema-audit.js';
import type { CaseTables } from './schema-cases.js';
import type { Big, BigOrNull, BigOrZero, Fixed, FixedBig, FixedOr, Optional } from './schema-columns.js';
import type { LedgerTables } from './schema-ledger.js';
import type { OperatorTables } from './schema-operators.js';

export interface HolderTable {
  holder_id: Fixed<string>;
  name: string;
  account: string | null;
  since: FixedOr<bigint | number>;
  /** The operator's own number for him. */
  reference: Optional<string>;
  note: ColumnType<string, string | undefined, string>;
}

export interface ProductTable {
  name: Fixed<string>;
  label: string;
  /** Null: the policy's. */
  lifetime_years: Optional<number>;
  since: FixedBig;
  closed_at: BigOrNull;
}

export type StockState = 'raw' | 'assigned' | 'issued' | 'retired' | 'lost' | 'destroyed';

export interface CardStockTable {
  card_id: Fixed<string>;
  serial: Fixed<Uint8Array>;
  state: StockState;
  /** Which delivery of raw cards it came with. */
  delivery: Fixed<string>;
  holder_id: Optional<string>;
  product: Optional<string>;
  /** Card that this one is to follow. */
  replaces: Optional<string>;
  registered_at: FixedBig;
  changed_at: Big;
  note: Optional<string>;
}

export type CardState = 'issued' | 'active' | 'retired' | 'lost' | 'closed';

export interface CardTable {
  card_id: Fixed<string>;
  serial: Fixed<Uint8Array>;
  sign_point: Fixed<Uint8Array>;
  agree_point: Fixed<Uint8Array>;
  key_version: Fixed<number>;
  certificate: Fixed<Uint8Array>;
  card_data: Fixed<Uint8Array>;
  holder_id: Fixed<string>;
  state: CardState;
  issued_at: FixedBig;
  expiry: FixedBig;
  /** Last one a record or statement shows on the card. */
  parameters_version: number;
  fault: Optional<string>;
  load_counter: BigOrZero;
  order_counter: BigOrZero;
  /** Highest block number issued. */
  block_number: BigOrZero;
  replaces: Optional<string>;
  replaced_by: Optional<string>;
  /** Retired or lost at. */
  ended_at: BigOrNull;
  closing: Optional<Uint8Array>;
  closing_signature: Optional<Uint8Array>;
  /** Versions of the keys that were current when it was issued; it holds the successor of each too. */
  terminal_ca_version: FixedOr<number>;
  pos_ca_version: FixedOr<number>;
  credit_version: FixedOr<number>;
  order_version: FixedOr<number>;
  product: FixedOr<string>;
}

/** A KEY SWITCH order made for a card, the latest for each key. */
export interface KeySwitchTable {
  card_id: Fixed<string>;
  key_ref: Fixed<number>;
  number: Big;
  ordered_at: Big;
  taken_at: BigOrNull;
}

/** View: the shadow balances, one by one. */
export interface CardSlotView {
  card_id: Fixed<string>;
  slot: Fixed<number>;
  unit: Fixed<number>;
  balance: FixedBig;
}

export interface ParameterSetTable {
  version: Fixed<number>;
  parameters: Fixed<Uint8Array>;
  since: FixedBig;
  product: FixedOr<string>;
}

export interface RecordTable {
  card_id: Fixed<string>;
  nt: FixedBig;
  kind: Fixed<'purchase' | 'cancel' | 'load' | 'unload'>;
  tn: FixedBig;
  terminal_id: Fixed<string>;
  merchant: Fixed<string>;
  slot: Fixed<number>;
  unit: Fixed<number>;
  amount: FixedBig;
  points: FixedBig;
  points_unit: Fixed<number>;
  points_slot: Fixed<number>;
  time: FixedBig;
  /** Structure `record` as signed. */
  content: Fixed<Uint8Array>;
  /** Null where only the log has it. */
  s3: Optional<Uint8Array>;
  /** The S3 repeats a random number of another one: kept as evidence. */
  repeats: ColumnType<boolean, boolean | undefined, boolean>;
  placement: 'waiting' | 'placed' | 'broken' | 'late';
  clearing: 'none' | 'open' | 'claimed' | 'cancelled' | 'reversed' | 'forfeited';
  /** R(nt), once placed. */
  running_hash: Optional<Uint8Array>;
  seen_at: FixedBig;
  /** When the merchant's claim was accepted, and the settlement it is in. */
  sale_at: BigOrNull;
  sale_settlement: BigOrNull;
  /** The same of what takes the claim back: its cancel. */
  reversal_at: BigOrNull;
  reversal_settlement: BigOrNull;
}

/** Of statements; that of an S3 is in its record. */
export interface SignatureSeenTable {
  card_id: Fixed<string>;
  r: Fixed<Uint8Array>;
  message_hash: Fixed<Uint8Array>;
}

/** View: claims and what takes them back, one by one. */
export interface ClaimView {
  card_id: Fixed<string>;
  nt: FixedBig;
  kind: Fixed<'sale' | 'reversal'>;
  merchant: Fixed<string>;
  unit: Fixed<number>;
  amount: FixedBig;
  terminal_id: Fixed<string>;
  tn: FixedBig;
  accepted_at: FixedBig;
  settlement: BigOrNull;
}

export interface CancelOrderTable {
  card_id: Fixed<string>;
  cancelled_nt: FixedBig;
  terminal_id: Fixed<string>;
  cancelled_tn: FixedBig;
  tn: FixedBig;
  slot: Fixed<number>;
  amount: FixedBig;
  signature: Fixed<Uint8Array>;
}

export interface VoidedTable {
  card_id: Fixed<string>;
  terminal_id: Fixed<string>;
  tn: FixedBig;
  at: FixedBig;
}

export interface PayoutTable {
  card_id: Fixed<string>;
  kind: Fixed<'unload' | 'holder' | 'closing'>;
  /** Load counter, NT, or slot. */
  ref: FixedBig;
  unit: Fixed<number>;
  amount: FixedBig;
  due_at: FixedBig;
  paid_at: BigOrNull;
}

export interface LoadTable {
  card_id: Fixed<string>;
  counter: FixedBig;
  kind: Fixed<'load' | 'unload'>;
  slot: Fixed<number>;
  unit: Fixed<number>;
  amount: FixedBig;
  random: Fixed<Uint8Array>;
  kiosk_id: Fixed<string>;
  holder_id: Fixed<string>;
  state: 'asked' | 'declined' | 'lapsed' | 'authorised' | 'credited' | 'given-up';
  funding: 'none' | 'asked' | 'taken' | 'returning' | 'returned';
  /** Card whose balance funds this load, when it replaces one. */
  lost_card: Optional<string>;
  lost_slot: Optional<number>;
  /** NT of the statement that asked: A of the authorisation. */
  asked_nt: Big;
  authorisation: Optional<Uint8Array>;
  signature: Optional<Uint8Array>;
  credit_nt: BigOrNull;
  asked_at: FixedBig;
  decided_at: BigOrNull;
}

export interface TerminalTable {
  terminal_id: Fixed<string>;
  role: Fixed<number>;
  merchant: Fixed<string>;
  point: Uint8Array;
  certificate: Uint8Array;
  /** Of the first certificate seen; expiry of the newest. */
  effective: FixedBig;
  expiry: Big;
  last_batch: BigOrZero;
  last_tn: BigOrZero;
  revoked_at: BigOrNull;
  revoked_reason: Optional<string>;
  /** Nothing that it claims is settled until it is released. */
  held_at: BigOrNull;
  held_reason: Optional<string>;
}

export interface BatchTable {
  terminal_id: Fixed<string>;
  number: FixedBig;
  hash: Fixed<Uint8Array>;
  content: Fixed<Uint8Array>;
  signature: Fixed<Uint8Array>;
  certificate: Fixed<Uint8Array>;
  acknowledgement: Fixed<Uint8Array>;
  acknowledgement_signature: Fixed<Uint8Array>;
  closed_at: FixedBig;
  accepted_at: FixedBig;
  /** How many. */
  entries: Fixed<number>;
}

/** An entry that was not simply paid; those that were are in their batch and have their claim. */
export interface BatchEntryTable {
  terminal_id: Fixed<string>;
  tn: FixedBig;
  batch: FixedBig;
  outcome: Fixed<'sold' | 'cancelled' | 'void' | 'open' | 'cancel'>;
  card_id: Fixed<string>;
  unit: Fixed<number>;
  amount: FixedBig;
  /** `accepted`, `noted`, or the fault that kept it from being paid. */
  result: Fixed<string>;
  corrected_in: BigOrNull;
}

export interface EntryQuestionTable {
  card_id: Fixed<string>;
  terminal_id: Fixed<string>;
  tn: FixedBig;
  nt_seen: FixedBig;
  first_asked: FixedBig;
  answer: Optional<Uint8Array>;
  signature: Optional<Uint8Array>;
}

export interface SettlementTable {
  id: FixedBig;
  settled_at: FixedBig;
}

export interface SettlementLineTable {
  settlement: FixedBig;
  merchant: Fixed<string>;
  unit: Fixed<number>;
  sales: FixedBig;
  sold: FixedBig;
  reversals: FixedBig;
  reversed: FixedBig;
  /** What decisions on cases and returned payments added, signed. */
  adjusted: ColumnType<bigint, bigint | number | undefined, never>;
  /** The scheme's commission, kept back. */
  fee: ColumnType<bigint, bigint | number | undefined, never>;
}

export interface CardOrderTable {
  card_id: Fixed<string>;
  type: Fixed<number>;
  number: FixedBig;
  body: Fixed<Uint8Array>;
  signature: Fixed<Uint8Array>;
  key_index: Fixed<number>;
  issued_at: FixedBig;
  reason: Fixed<string>;
}

export interface ListingTable {
  card_id: Fixed<string>;
  block_number: FixedBig;
  reason: Fixed<'operator' | 'lost' | 'fault'>;
  note: Fixed<string>;
  listed_at: FixedBig;
  /** First list that has it. */
  since_version: BigOrNull;
  taken_at: BigOrNull;
  taken_statement: Optional<Uint8Array>;
  /** By the operator. */
  released_at: BigOrNull;
}

export interface HotListTable {
  version: FixedBig;
  issued_at: FixedBig;
  list: Fixed<Uint8Array>;
  signature: Fixed<Uint8Array>;
  content_hash: Fixed<Uint8Array>;
}

export interface FindingTable {
  party: Fixed<string>;
  kind: Fixed<string>;
  subject: Fixed<string>;
  detail: Fixed<string>;
  found_at: FixedBig;
}

export interface Schema extends AuditTables, CaseTables, LedgerTables, OperatorTables {
  holder: HolderTable;
  card: CardTable;
  card_slot: CardSlotView;
  card_stock: CardStockTable;
  product: ProductTable;
  parameter_set: ParameterSetTable;
  record: RecordTable;
  signature_seen: SignatureSeenTable;
  claim: ClaimView;
  cancel_order: CancelOrderTable;
  voided: VoidedTable;
  payout: PayoutTable;
  load: LoadTable;
  terminal: TerminalTable;
  batch: BatchTable;
  batch_entry: BatchEntryTable;
  entry_question: EntryQuestionTable;
  settlement: SettlementTable;
  settlement_line: SettlementLineTable;
  card_order: CardOrderTable;
  key_switch: KeySwitchTable;
  listing: ListingTable;
  hot_list: HotListTable;
  finding: FindingTable;
}
