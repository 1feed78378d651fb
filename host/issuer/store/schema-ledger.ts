/** The ledger's tables as Kysely types them. */
import type { Big, BigOrNull, Fixed, FixedBig, Optional } from './schema-columns.js';

export interface LedgerEventTable {
  owner: Fixed<string>;
  id: Fixed<string>;
  kind: Fixed<string>;
  input_hash: Fixed<Uint8Array>;
  booked_at: FixedBig;
  /** Place in the owner's chain, from 1. */
  seq: FixedBig;
  /** Over the event, its transfers, and the hash before. */
  hash: Fixed<Uint8Array>;
  /** Of the request that booked it; under no hash. */
  trace: Optional<string>;
  /** Its transfers, line by line: accounts as `name` or `name:party`. */
  debits: Fixed<string[]>;
  credits: Fixed<string[]>;
  units: Fixed<number[]>;
  amounts: Fixed<bigint[]>;
}

/** Where an owner's book stands: one narrow row, for a card's changes with every payment. */
export interface LedgerHeadTable {
  owner: Fixed<string>;
  /** The last link of its chain of events. */
  seq: Big;
  hash: Uint8Array;
  /** Of a card, null for everybody else: highest NT up to which every record is here, and the running hash up to it. */
  nt: BigOrNull;
  running_hash: Optional<Uint8Array>;
  /** By slot. */
  units: Fixed<number[] | null>;
  /** By slot: the shadow balances. */
  balances: Optional<bigint[]>;
}

/** Chains that had grown since the seal before, as they stood when a seal was made. */
export interface LedgerSealTable {
  owner: Fixed<string>;
  seal: FixedBig;
  seq: FixedBig;
  hash: Fixed<Uint8Array>;
}

/** View: the transfers of all events. */
export interface TransferView {
  owner: Fixed<string>;
  event_id: Fixed<string>;
  line: Fixed<number>;
  kind: Fixed<string>;
  booked_at: FixedBig;
  debit_account: Fixed<string>;
  debit_party: Fixed<string>;
  credit_account: Fixed<string>;
  credit_party: Fixed<string>;
  unit: Fixed<number>;
  amount: FixedBig;
}

export interface LedgerTables {
  ledger_event: LedgerEventTable;
  ledger_head: LedgerHeadTable;
  ledger_seal: LedgerSealTable;
  transfer: TransferView;
}
