// Generated from apdu-specs by "npm run generate". Do not edit.
import { type Codec, blob8, bytes, fixedList, list, oneOf, rest, struct, u8, u16, u32, u64 } from '../codec/fields.js';
import {
  LifeCycle,
  Role,
  RecordType,
  LoadType,
  LoadState,
  StatementPurpose,
  OrderType,
  KeyRef,
  Authority,
  Outcome,
} from './enums.js';

/**
 * Application-specific install parameters (C9) of a raw card.
 * 41 bytes.
 */
export interface InstallParametersFields {
  /** chip serial, shown by SELECT while RAW · offset 0, 8 bytes. */
  readonly serial: Uint8Array;
  /** CMAC(batch key, 01 || serial) · offset 8, 16 bytes. Secret: never in a trace. */
  readonly transportEnc: Uint8Array;
  /** CMAC(batch key, 02 || serial) · offset 24, 16 bytes. Secret: never in a trace. */
  readonly transportMac: Uint8Array;
  /** bit 0: build CMAC on AES_MAC_128_NOPAD even where the card has it · offset 40, 1 byte. */
  readonly options: number;
}
/** Codec of {@link InstallParametersFields}. */
export const installParametersCodec: Codec<InstallParametersFields> = struct<InstallParametersFields>({
  serial: bytes(8),
  transportEnc: bytes(16),
  transportMac: bytes(16),
  options: u8,
});

/**
 * Key identifier (the certificate's CAR, ISO 7816-8 tag 42).
 * 4 bytes.
 */
export interface KeyIdFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 1 byte. */
  readonly authority: Authority;
  /** offset 3, 1 byte. */
  readonly version: number;
}
/** Codec of {@link KeyIdFields}. */
export const keyIdCodec: Codec<KeyIdFields> = struct<KeyIdFields>({
  scheme: u16,
  authority: oneOf('authority', Authority),
  version: u8,
});

/**
 * Unit of a purse slot.
 * 2 bytes.
 */
export interface UnitCodeFields {
  /** offset 0, 2 bytes. */
  readonly unit: number;
}
/** Codec of {@link UnitCodeFields}. */
export const unitCodeCodec: Codec<UnitCodeFields> = struct<UnitCodeFields>({
  unit: u16,
});

/**
 * STORE DATA cardData.
 * 25 bytes.
 */
export interface CardDataFields {
  /** offset 0, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 8, 2 bytes. */
  readonly scheme: number;
  /** version of the card's own key pairs, in its certificate · offset 10, 1 byte. */
  readonly keyVersion: number;
  /** issuer's time of issue, seconds since 1970-01-01 UTC; the card's first stored date · offset 11, 4 bytes. */
  readonly date: number;
  /** five years from issue (R8); equals the certificate's · offset 15, 4 bytes. */
  readonly expiry: number;
  /** unit of each purse slot · offset 19, 6 bytes. */
  readonly units: readonly UnitCodeFields[];
}
/** Codec of {@link CardDataFields}. */
export const cardDataCodec: Codec<CardDataFields> = struct<CardDataFields>({
  cardId: bytes(8),
  scheme: u16,
  keyVersion: u8,
  date: u32,
  expiry: u32,
  units: fixedList(3, unitCodeCodec),
});

/**
 * STORE DATA key.
 * 69 bytes.
 */
export interface KeyDataFields {
  /** offset 0, 4 bytes. */
  readonly keyId: KeyIdFields;
  /** roles this CA may grant (bits of role); 0 for credit and order keys · offset 4, 1 byte. */
  readonly roles: number;
  /** X || Y · offset 5, 64 bytes. */
  readonly point: Uint8Array;
}
/** Codec of {@link KeyDataFields}. */
export const keyDataCodec: Codec<KeyDataFields> = struct<KeyDataFields>({
  keyId: keyIdCodec,
  roles: u8,
  point: bytes(64),
});

/**
 * Limits of one purse slot.
 * 24 bytes.
 */
export interface SlotParametersFields {
  /** offset 0, 4 bytes. */
  readonly maxBalance: number;
  /** offset 4, 4 bytes. */
  readonly maxTransaction: number;
  /** most one debit may take without PIN · offset 8, 4 bytes. */
  readonly pinlessSingle: number;
  /** most debits may take together without PIN; cleared only by a debit with PIN · offset 12, 4 bytes. */
  readonly pinlessSum: number;
  /** most debits may take together between two synchronisations · offset 16, 4 bytes. */
  readonly offlineSum: number;
  /** one point for each full step of a purchase; 0 = none · offset 20, 4 bytes. */
  readonly pointsStep: number;
}
/** Codec of {@link SlotParametersFields}. */
export const slotParametersCodec: Codec<SlotParametersFields> = struct<SlotParametersFields>({
  maxBalance: u32,
  maxTransaction: u32,
  pinlessSingle: u32,
  pinlessSum: u32,
  offlineSum: u32,
  pointsStep: u32,
});

/**
 * Parameter set (issuer-signed when it changes).
 * 76 bytes.
 */
export interface ParametersFields {
  /** offset 0, 2 bytes. */
  readonly version: number;
  /** debits between two synchronisations, all slots together · offset 2, 1 byte. */
  readonly offlineCount: number;
  /** at most cancelOrders · offset 3, 1 byte. */
  readonly cancelsBetweenSyncs: number;
  /** offset 4, 72 bytes. */
  readonly slots: readonly SlotParametersFields[];
}
/** Codec of {@link ParametersFields}. */
export const parametersCodec: Codec<ParametersFields> = struct<ParametersFields>({
  version: u16,
  offlineCount: u8,
  cancelsBetweenSyncs: u8,
  slots: fixedList(3, slotParametersCodec),
});

/**
 * PIN as in EMV Book 3 section 6.5.12 / ISO 9564-1 format 2: 2L, L digits packed, padded with F.
 * 8 bytes.
 */
export interface PinBlockFields {
  /** offset 0, 8 bytes. Secret: never in a trace. */
  readonly block: Uint8Array;
}
/** Codec of {@link PinBlockFields}. */
export const pinBlockCodec: Codec<PinBlockFields> = struct<PinBlockFields>({
  block: bytes(8),
});

/**
 * One unit a POS may debit, and how much at once.
 * 6 bytes.
 */
export interface UnitLimitFields {
  /** offset 0, 2 bytes. */
  readonly unit: number;
  /** offset 2, 4 bytes. */
  readonly limit: number;
}
/** Codec of {@link UnitLimitFields}. */
export const unitLimitCodec: Codec<UnitLimitFields> = struct<UnitLimitFields>({
  unit: u16,
  limit: u32,
});

/**
 * Discretionary data (53) of a terminal certificate's holder authorisation.
 * 9 to 27 bytes.
 */
export interface TerminalAuthorisationFields {
  /** offset 0, 1 byte. */
  readonly role: Role;
  /** offset 1, 4 bytes. */
  readonly acquirerId: Uint8Array;
  /** offset 5, 4 bytes. */
  readonly merchantId: Uint8Array;
  /** none unless the role is pos · offset 9, 0 to 18 bytes. */
  readonly limits: readonly UnitLimitFields[];
}
/** Codec of {@link TerminalAuthorisationFields}. */
export const terminalAuthorisationCodec: Codec<TerminalAuthorisationFields> = struct<TerminalAuthorisationFields>({
  role: oneOf('role', Role),
  acquirerId: bytes(4),
  merchantId: bytes(4),
  limits: list('rest', 3, unitLimitCodec),
});

/**
 * Holder reference (5F20) of a card certificate.
 * 9 bytes.
 */
export interface CardHolderFields {
  /** offset 0, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 8, 1 byte. */
  readonly keyVersion: number;
}
/** Codec of {@link CardHolderFields}. */
export const cardHolderCodec: Codec<CardHolderFields> = struct<CardHolderFields>({
  cardId: bytes(8),
  keyVersion: u8,
});

/**
 * What the terminal signs in OPEN (TR-03110 terminal authentication version 2).
 * 110 bytes.
 * Signed or MACed behind the domain tag "EPT1"; key: terminal.
 */
export interface TerminalAuthenticationFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** names which certificate of the terminal · offset 10, 4 bytes. */
  readonly certificateExpiry: number;
  /** offset 14, 16 bytes. */
  readonly cardNonce: Uint8Array;
  /** offset 30, 16 bytes. */
  readonly terminalNonce: Uint8Array;
  /** X || Y · offset 46, 64 bytes. */
  readonly ephemeral: Uint8Array;
}
/** Codec of {@link TerminalAuthenticationFields}. */
export const terminalAuthenticationCodec: Codec<TerminalAuthenticationFields> = struct<TerminalAuthenticationFields>({
  scheme: u16,
  terminalId: bytes(8),
  certificateExpiry: u32,
  cardNonce: bytes(16),
  terminalNonce: bytes(16),
  ephemeral: bytes(64),
});

/**
 * SharedInfo of the X9.63 KDF (SEC 1 section 3.6.1, SHA-256); 64 bytes out: session K-ENC, K-MAC, pair K-ENC, K-MAC.
 * 116 bytes.
 * Signed or MACed behind the domain tag "EPK1"; key: none.
 */
export interface SessionKeyInfoFields {
  /** offset 0, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 8, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 16, 4 bytes. */
  readonly certificateExpiry: number;
  /** offset 20, 16 bytes. */
  readonly cardNonce: Uint8Array;
  /** offset 36, 16 bytes. */
  readonly terminalNonce: Uint8Array;
  /** offset 52, 64 bytes. */
  readonly ephemeral: Uint8Array;
}
/** Codec of {@link SessionKeyInfoFields}. */
export const sessionKeyInfoCodec: Codec<SessionKeyInfoFields> = struct<SessionKeyInfoFields>({
  cardId: bytes(8),
  terminalId: bytes(8),
  certificateExpiry: u32,
  cardNonce: bytes(16),
  terminalNonce: bytes(16),
  ephemeral: bytes(64),
});

/**
 * CMAC'ed under K-MAC: the first chaining value of a resumed session.
 * 53 bytes.
 * Signed or MACed behind the domain tag "EPS1"; key: pair.
 */
export interface ResumedTranscriptFields {
  /** CLA INS P1 P2 of OPEN · offset 0, 4 bytes. */
  readonly header: Uint8Array;
  /** offset 4, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 12, 16 bytes. */
  readonly terminalNonce: Uint8Array;
  /** offset 28, 1 byte. */
  readonly slot: number;
  /** offset 29, 8 bytes. */
  readonly pairName: Uint8Array;
  /** offset 37, 16 bytes. */
  readonly cardNonce: Uint8Array;
}
/** Codec of {@link ResumedTranscriptFields}. */
export const resumedTranscriptCodec: Codec<ResumedTranscriptFields> = struct<ResumedTranscriptFields>({
  header: bytes(4),
  terminalId: bytes(8),
  terminalNonce: bytes(16),
  slot: u8,
  pairName: bytes(8),
  cardNonce: bytes(16),
});

/**
 * Newest record of this terminal on the card; all zero when there is none.
 * 14 bytes.
 */
export interface NewestRecordFields {
  /** offset 0, 4 bytes. */
  readonly nt: number;
  /** offset 4, 1 byte. */
  readonly type: number;
  /** offset 5, 4 bytes. */
  readonly tn: number;
  /** offset 9, 1 byte. */
  readonly slot: number;
  /** offset 10, 4 bytes. */
  readonly amount: number;
}
/** Codec of {@link NewestRecordFields}. */
export const newestRecordCodec: Codec<NewestRecordFields> = struct<NewestRecordFields>({
  nt: u32,
  type: u8,
  tn: u32,
  slot: u8,
  amount: u32,
});

/**
 * S1 for POS: what this terminal may debit in the slot now.
 * 12 bytes.
 */
export interface HeadroomFields {
  /** per transaction: card's maximum and terminal's limit, the lesser; 0 when the unit is not granted · offset 0, 4 bytes. */
  readonly transaction: number;
  /** without PIN · offset 4, 4 bytes. */
  readonly pinless: number;
  /** before the next synchronisation; 0 when the count is used up · offset 8, 4 bytes. */
  readonly offline: number;
}
/** Codec of {@link HeadroomFields}. */
export const headroomCodec: Codec<HeadroomFields> = struct<HeadroomFields>({
  transaction: u32,
  pinless: u32,
  offline: u32,
});

/**
 * S1 for LOAD and PERSO, in place of the headroom.
 * 12 bytes.
 */
export interface LoadRegisterBriefFields {
  /** offset 0, 4 bytes. */
  readonly counter: number;
  /** offset 4, 1 byte. */
  readonly state: LoadState;
  /** loadType; 0 before the first load · offset 5, 1 byte. */
  readonly type: number;
  /** offset 6, 1 byte. */
  readonly slot: number;
  /** offset 7, 4 bytes. */
  readonly amount: number;
  /** 0 · offset 11, 1 byte. */
  readonly rfu: number;
}
/** Codec of {@link LoadRegisterBriefFields}. */
export const loadRegisterBriefCodec: Codec<LoadRegisterBriefFields> = struct<LoadRegisterBriefFields>({
  counter: u32,
  state: oneOf('loadState', LoadState),
  type: u8,
  slot: u8,
  amount: u32,
  rfu: u8,
});

/**
 * S1 (EN 1546): the card's opening answer. flags: bit 0 PIN verified is never set here; bit 1 blocked; bit 2 expired; bit 3 retired; bit 4 no log room for a purchase.
 * 53 bytes.
 */
export interface OpeningAnswerFields {
  /** offset 0, 1 byte. */
  readonly flags: number;
  /** tries left · offset 1, 1 byte. */
  readonly pinTries: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** stored date · offset 10, 4 bytes. */
  readonly date: number;
  /** offset 14, 4 bytes. */
  readonly nt: number;
  /** offset 18, 1 byte. */
  readonly slot: number;
  /** offset 19, 2 bytes. */
  readonly unit: number;
  /** offset 21, 4 bytes. */
  readonly balance: number;
  /** offset 25, 2 bytes. */
  readonly parametersVersion: number;
  /** headroom for POS, loadRegisterBrief for LOAD and PERSO · offset 27, 12 bytes. */
  readonly room: Uint8Array;
  /** offset 39, 14 bytes. */
  readonly newest: NewestRecordFields;
}
/** Codec of {@link OpeningAnswerFields}. */
export const openingAnswerCodec: Codec<OpeningAnswerFields> = struct<OpeningAnswerFields>({
  flags: u8,
  pinTries: u8,
  cardId: bytes(8),
  date: u32,
  nt: u32,
  slot: u8,
  unit: u16,
  balance: u32,
  parametersVersion: u16,
  room: bytes(12),
  newest: newestRecordCodec,
});

/**
 * Transaction record as kept in the log and handed out. Newest balance and points balance are after the transaction.
 * 55 bytes.
 */
export interface RecordFields {
  /** offset 0, 1 byte. */
  readonly type: RecordType;
  /** card's transaction counter · offset 1, 4 bytes. */
  readonly nt: number;
  /** terminal's transaction number; 0 for load and unload · offset 5, 4 bytes. */
  readonly tn: number;
  /** offset 9, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 17, 4 bytes. */
  readonly acquirerId: Uint8Array;
  /** offset 21, 4 bytes. */
  readonly merchantId: Uint8Array;
  /** offset 25, 1 byte. */
  readonly slot: number;
  /** offset 26, 2 bytes. */
  readonly unit: number;
  /** offset 28, 4 bytes. */
  readonly amount: number;
  /** offset 32, 4 bytes. */
  readonly balance: number;
  /** points awarded (purchase) or taken back (cancel) · offset 36, 4 bytes. */
  readonly points: number;
  /** offset 40, 4 bytes. */
  readonly pointsBalance: number;
  /** terminal's time; for load and unload the authorisation's · offset 44, 4 bytes. */
  readonly time: number;
  /** bit 0: PIN verified · offset 48, 1 byte. */
  readonly flags: number;
  /** offset 49, 2 bytes. */
  readonly parametersVersion: number;
  /** cancelled NT, or load counter; else 0 · offset 51, 4 bytes. */
  readonly ref: number;
}
/** Codec of {@link RecordFields}. */
export const recordCodec: Codec<RecordFields> = struct<RecordFields>({
  type: oneOf('recordType', RecordType),
  nt: u32,
  tn: u32,
  terminalId: bytes(8),
  acquirerId: bytes(4),
  merchantId: bytes(4),
  slot: u8,
  unit: u16,
  amount: u32,
  balance: u32,
  points: u32,
  pointsBalance: u32,
  time: u32,
  flags: u8,
  parametersVersion: u16,
  ref: u32,
});

/**
 * S3 (EN 1546): the card's signature over a record.
 * 66 bytes.
 * Signed or MACed behind the domain tag "EPR1"; key: card.
 */
export interface SignedRecordFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 1 byte. */
  readonly keyVersion: number;
  /** offset 11, 55 bytes. */
  readonly record: RecordFields;
}
/** Codec of {@link SignedRecordFields}. */
export const signedRecordCodec: Codec<SignedRecordFields> = struct<SignedRecordFields>({
  scheme: u16,
  cardId: bytes(8),
  keyVersion: u8,
  record: recordCodec,
});

/**
 * Load register (not in the log).
 * 34 bytes.
 */
export interface LoadRegisterFields {
  /** offset 0, 4 bytes. */
  readonly counter: number;
  /** offset 4, 1 byte. */
  readonly state: LoadState;
  /** loadType; 0 before the first load · offset 5, 1 byte. */
  readonly type: number;
  /** offset 6, 1 byte. */
  readonly slot: number;
  /** offset 7, 2 bytes. */
  readonly unit: number;
  /** offset 9, 4 bytes. */
  readonly amount: number;
  /** offset 13, 8 bytes. */
  readonly random: Uint8Array;
  /** kiosk that asked first · offset 21, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** NT of the credit, 0 while not credited · offset 29, 4 bytes. */
  readonly creditNt: number;
  /** loadState in which the load before this one ended · offset 33, 1 byte. */
  readonly previousState: number;
}
/** Codec of {@link LoadRegisterFields}. */
export const loadRegisterCodec: Codec<LoadRegisterFields> = struct<LoadRegisterFields>({
  counter: u32,
  state: oneOf('loadState', LoadState),
  type: u8,
  slot: u8,
  unit: u16,
  amount: u32,
  random: bytes(8),
  terminalId: bytes(8),
  creditNt: u32,
  previousState: u8,
});

/**
 * Balance of one purse slot.
 * 4 bytes.
 */
export interface BalanceFields {
  /** offset 0, 4 bytes. */
  readonly balance: number;
}
/** Codec of {@link BalanceFields}. */
export const balanceCodec: Codec<BalanceFields> = struct<BalanceFields>({
  balance: u32,
});

/**
 * The card's account of itself, as sent.
 * 96 bytes.
 */
export interface StatementFields {
  /** offset 0, 1 byte. */
  readonly purpose: StatementPurpose;
  /** offset 1, 1 byte. */
  readonly state: LifeCycle;
  /** offset 2, 4 bytes. */
  readonly nt: number;
  /** A: highest NT up to which the issuer holds every record · offset 6, 4 bytes. */
  readonly acknowledged: number;
  /** offset 10, 12 bytes. */
  readonly balances: readonly BalanceFields[];
  /** R(NT); R(0) = 32 zero bytes, R(n) = SHA-256(R(n-1) || record n) · offset 22, 32 bytes. */
  readonly runningHash: Uint8Array;
  /** offset 54, 4 bytes. */
  readonly orderCounter: number;
  /** number of the last block order taken · offset 58, 4 bytes. */
  readonly blockNumber: number;
  /** offset 62, 34 bytes. */
  readonly register: LoadRegisterFields;
}
/** Codec of {@link StatementFields}. */
export const statementCodec: Codec<StatementFields> = struct<StatementFields>({
  purpose: oneOf('statementPurpose', StatementPurpose),
  state: oneOf('lifeCycle', LifeCycle),
  nt: u32,
  acknowledged: u32,
  balances: fixedList(3, balanceCodec),
  runningHash: bytes(32),
  orderCounter: u32,
  blockNumber: u32,
  register: loadRegisterCodec,
});

/**
 * What the card signs for a statement.
 * 107 bytes.
 * Signed or MACed behind the domain tag "EPQ1"; key: card.
 */
export interface SignedStatementFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 1 byte. */
  readonly keyVersion: number;
  /** offset 11, 96 bytes. */
  readonly statement: StatementFields;
}
/** Codec of {@link SignedStatementFields}. */
export const signedStatementCodec: Codec<SignedStatementFields> = struct<SignedStatementFields>({
  scheme: u16,
  cardId: bytes(8),
  keyVersion: u8,
  statement: statementCodec,
});

/**
 * Proof that a block order was taken, as sent; tells a POS nothing else.
 * 8 bytes.
 */
export interface BlockStatementFields {
  /** offset 0, 4 bytes. */
  readonly blockNumber: number;
  /** offset 4, 4 bytes. */
  readonly nt: number;
}
/** Codec of {@link BlockStatementFields}. */
export const blockStatementCodec: Codec<BlockStatementFields> = struct<BlockStatementFields>({
  blockNumber: u32,
  nt: u32,
});

/**
 * What the card signs for a block statement.
 * 19 bytes.
 * Signed or MACed behind the domain tag "EPB1"; key: card.
 */
export interface SignedBlockStatementFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 1 byte. */
  readonly keyVersion: number;
  /** offset 11, 8 bytes. */
  readonly statement: BlockStatementFields;
}
/** Codec of {@link SignedBlockStatementFields}. */
export const signedBlockStatementCodec: Codec<SignedBlockStatementFields> = struct<SignedBlockStatementFields>({
  scheme: u16,
  cardId: bytes(8),
  keyVersion: u8,
  statement: blockStatementCodec,
});

/**
 * READ LOG totals.
 * 140 bytes.
 */
export interface TotalsFields {
  /** offset 0, 4 bytes. */
  readonly nt: number;
  /** offset 4, 4 bytes. */
  readonly acknowledged: number;
  /** offset 8, 12 bytes. */
  readonly balances: readonly BalanceFields[];
  /** offset 20, 12 bytes. */
  readonly pinlessSums: readonly BalanceFields[];
  /** offset 32, 12 bytes. */
  readonly offlineSums: readonly BalanceFields[];
  /** debits since A · offset 44, 1 byte. */
  readonly offlineCount: number;
  /** cancels since A · offset 45, 1 byte. */
  readonly cancels: number;
  /** offset 46, 1 byte. */
  readonly pinTries: number;
  /** offset 47, 4 bytes. */
  readonly date: number;
  /** offset 51, 4 bytes. */
  readonly orderCounter: number;
  /** offset 55, 4 bytes. */
  readonly blockNumber: number;
  /** offset 59, 4 bytes. */
  readonly unblockNumber: number;
  /** 1 once the next order key is in force · offset 63, 1 byte. */
  readonly orderKeySwitched: number;
  /** offset 64, 76 bytes. */
  readonly parameters: ParametersFields;
}
/** Codec of {@link TotalsFields}. */
export const totalsCodec: Codec<TotalsFields> = struct<TotalsFields>({
  nt: u32,
  acknowledged: u32,
  balances: fixedList(3, balanceCodec),
  pinlessSums: fixedList(3, balanceCodec),
  offlineSums: fixedList(3, balanceCodec),
  offlineCount: u8,
  cancels: u8,
  pinTries: u8,
  date: u32,
  orderCounter: u32,
  blockNumber: u32,
  unblockNumber: u32,
  orderKeySwitched: u8,
  parameters: parametersCodec,
});

/**
 * What the terminal signs to undo its last purchase; the card keeps it and hands it out at sync.
 * 35 bytes.
 * Signed or MACed behind the domain tag "EPX1"; key: terminal.
 */
export interface CancelOrderFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 18, 4 bytes. */
  readonly cancelledNt: number;
  /** offset 22, 4 bytes. */
  readonly cancelledTn: number;
  /** the cancel's own number · offset 26, 4 bytes. */
  readonly tn: number;
  /** offset 30, 1 byte. */
  readonly slot: number;
  /** offset 31, 4 bytes. */
  readonly amount: number;
}
/** Codec of {@link CancelOrderFields}. */
export const cancelOrderCodec: Codec<CancelOrderFields> = struct<CancelOrderFields>({
  scheme: u16,
  cardId: bytes(8),
  terminalId: bytes(8),
  cancelledNt: u32,
  cancelledTn: u32,
  tn: u32,
  slot: u8,
  amount: u32,
});

/**
 * READ LOG cancelOrders: all a reader needs beside the records to rebuild the order.
 * 13 to 85 bytes.
 */
export interface KeptCancelOrderFields {
  /** offset 0, 4 bytes. */
  readonly cancelledNt: number;
  /** offset 4, 4 bytes. */
  readonly cancelledTn: number;
  /** offset 8, 4 bytes. */
  readonly tn: number;
  /** offset 12, 1 to 73 bytes. */
  readonly signature: Uint8Array;
}
/** Codec of {@link KeptCancelOrderFields}. */
export const keptCancelOrderCodec: Codec<KeptCancelOrderFields> = struct<KeptCancelOrderFields>({
  cancelledNt: u32,
  cancelledTn: u32,
  tn: u32,
  signature: blob8(72),
});

/**
 * Receipt for the holder.
 * 65 bytes.
 * Signed or MACed behind the domain tag "EPP1"; key: terminal.
 */
export interface ReceiptFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 55 bytes. */
  readonly record: RecordFields;
}
/** Codec of {@link ReceiptFields}. */
export const receiptCodec: Codec<ReceiptFields> = struct<ReceiptFields>({
  scheme: u16,
  cardId: bytes(8),
  record: recordCodec,
});

/**
 * One transaction number of a batch.
 * 27 to 226 bytes.
 */
export interface BatchEntryFields {
  /** offset 0, 4 bytes. */
  readonly tn: number;
  /** offset 4, 1 byte. */
  readonly outcome: Outcome;
  /** 1: reported open in an earlier batch · offset 5, 1 byte. */
  readonly correction: number;
  /** offset 6, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 14, 1 byte. */
  readonly slot: number;
  /** offset 15, 2 bytes. */
  readonly unit: number;
  /** offset 17, 4 bytes. */
  readonly amount: number;
  /** NT of S1 when the order was sent · offset 21, 4 bytes. */
  readonly ntSeen: number;
  /** record || S3 where executed, else empty · offset 25, 1 to 128 bytes. */
  readonly proof: Uint8Array;
  /** signature of the cancel order where outcome is cancel, else empty · 1 to 73 bytes. */
  readonly cancelOrder: Uint8Array;
}
/** Codec of {@link BatchEntryFields}. */
export const batchEntryCodec: Codec<BatchEntryFields> = struct<BatchEntryFields>({
  tn: u32,
  outcome: oneOf('outcome', Outcome),
  correction: u8,
  cardId: bytes(8),
  slot: u8,
  unit: u16,
  amount: u32,
  ntSeen: u32,
  proof: blob8(127),
  cancelOrder: blob8(72),
});

/**
 * Control total of one unit over all entries, corrections included: sold counts every proven purchase (outcomes sold and cancelled), cancel every proven cancel; net = sold - cancel.
 * 26 bytes.
 */
export interface BatchTotalFields {
  /** offset 0, 2 bytes. */
  readonly unit: number;
  /** offset 2, 4 bytes. */
  readonly soldCount: number;
  /** offset 6, 8 bytes. */
  readonly soldAmount: bigint;
  /** offset 14, 4 bytes. */
  readonly cancelCount: number;
  /** offset 18, 8 bytes. */
  readonly cancelAmount: bigint;
}
/** Codec of {@link BatchTotalFields}. */
export const batchTotalCodec: Codec<BatchTotalFields> = struct<BatchTotalFields>({
  unit: u16,
  soldCount: u32,
  soldAmount: u64,
  cancelCount: u32,
  cancelAmount: u64,
});

/**
 * What the terminal signs at close. firstTn..lastTn contiguous, each accounted for once; corrections apart.
 * 41 to 14811159 bytes.
 * Signed or MACed behind the domain tag "EPZ1"; key: terminal.
 */
export interface BatchFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 10, 4 bytes. */
  readonly acquirerId: Uint8Array;
  /** offset 14, 4 bytes. */
  readonly merchantId: Uint8Array;
  /** offset 18, 4 bytes. */
  readonly batchNumber: number;
  /** offset 22, 4 bytes. */
  readonly firstTn: number;
  /** offset 26, 4 bytes. */
  readonly lastTn: number;
  /** version in use when the batch closed · offset 30, 4 bytes. */
  readonly hotListVersion: number;
  /** offset 34, 4 bytes. */
  readonly closedAt: number;
  /** offset 38, 1 to 209 bytes. */
  readonly totals: readonly BatchTotalFields[];
  /** 2 to 14810912 bytes. */
  readonly entries: readonly BatchEntryFields[];
}
/** Codec of {@link BatchFields}. */
export const batchCodec: Codec<BatchFields> = struct<BatchFields>({
  scheme: u16,
  terminalId: bytes(8),
  acquirerId: bytes(4),
  merchantId: bytes(4),
  batchNumber: u32,
  firstTn: u32,
  lastTn: u32,
  hotListVersion: u32,
  closedAt: u32,
  totals: list('u8', 8, batchTotalCodec),
  entries: list('u16', 65535, batchEntryCodec),
});

/**
 * Authorisation of one load or unload, the same bytes on every repeat.
 * 70 bytes.
 * Signed or MACed behind the domain tag "EPC1"; key: credit.
 */
export interface CreditAuthorisationFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 4 bytes. */
  readonly counter: number;
  /** offset 14, 8 bytes. */
  readonly random: Uint8Array;
  /** offset 22, 1 byte. */
  readonly type: LoadType;
  /** offset 23, 1 byte. */
  readonly slot: number;
  /** offset 24, 2 bytes. */
  readonly unit: number;
  /** offset 26, 4 bytes. */
  readonly amount: number;
  /** A · offset 30, 4 bytes. */
  readonly acknowledged: number;
  /** R(A) · offset 34, 32 bytes. */
  readonly runningHash: Uint8Array;
  /** offset 66, 4 bytes. */
  readonly date: number;
}
/** Codec of {@link CreditAuthorisationFields}. */
export const creditAuthorisationCodec: Codec<CreditAuthorisationFields> = struct<CreditAuthorisationFields>({
  scheme: u16,
  cardId: bytes(8),
  counter: u32,
  random: bytes(8),
  type: oneOf('loadType', LoadType),
  slot: u8,
  unit: u16,
  amount: u32,
  acknowledged: u32,
  runningHash: bytes(32),
  date: u32,
});

/**
 * What the order key signs; body by type, below.
 * 11 to 91 bytes.
 * Signed or MACed behind the domain tag "EPO1"; key: order.
 */
export interface OrderFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 10, 1 byte. */
  readonly type: OrderType;
  /** offset 11, 0 to 80 bytes. */
  readonly body: Uint8Array;
}
/** Codec of {@link OrderFields}. */
export const orderCodec: Codec<OrderFields> = struct<OrderFields>({
  scheme: u16,
  cardId: bytes(8),
  type: oneOf('orderType', OrderType),
  body: rest(80),
});

/**
 * Body of a parameters order.
 * 80 bytes.
 */
export interface OrderParametersFields {
  /** offset 0, 4 bytes. */
  readonly orderCounter: number;
  /** offset 4, 76 bytes. */
  readonly parameters: ParametersFields;
}
/** Codec of {@link OrderParametersFields}. */
export const orderParametersCodec: Codec<OrderParametersFields> = struct<OrderParametersFields>({
  orderCounter: u32,
  parameters: parametersCodec,
});

/**
 * Body of an unblock order.
 * 8 bytes.
 */
export interface OrderUnblockFields {
  /** offset 0, 4 bytes. */
  readonly orderCounter: number;
  /** highest block number issued so far · offset 4, 4 bytes. */
  readonly highestBlockNumber: number;
}
/** Codec of {@link OrderUnblockFields}. */
export const orderUnblockCodec: Codec<OrderUnblockFields> = struct<OrderUnblockFields>({
  orderCounter: u32,
  highestBlockNumber: u32,
});

/**
 * Body of a PIN reset order; the new PIN travels beside it, never in it.
 * 4 bytes.
 */
export interface OrderPinResetFields {
  /** offset 0, 4 bytes. */
  readonly orderCounter: number;
}
/** Codec of {@link OrderPinResetFields}. */
export const orderPinResetCodec: Codec<OrderPinResetFields> = struct<OrderPinResetFields>({
  orderCounter: u32,
});

/**
 * Body of a RETIRE order.
 * 4 bytes.
 */
export interface OrderRetireFields {
  /** offset 0, 4 bytes. */
  readonly orderCounter: number;
}
/** Codec of {@link OrderRetireFields}. */
export const orderRetireCodec: Codec<OrderRetireFields> = struct<OrderRetireFields>({
  orderCounter: u32,
});

/**
 * Body of a KEY SWITCH order; key is the current keyRef (terminalCa, posCa or credit) whose successor takes over.
 * 5 bytes.
 */
export interface OrderKeySwitchFields {
  /** offset 0, 4 bytes. */
  readonly orderCounter: number;
  /** offset 4, 1 byte. */
  readonly key: KeyRef;
}
/** Codec of {@link OrderKeySwitchFields}. */
export const orderKeySwitchCodec: Codec<OrderKeySwitchFields> = struct<OrderKeySwitchFields>({
  orderCounter: u32,
  key: oneOf('keyRef', KeyRef),
});

/**
 * Body of a block order.
 * 4 bytes.
 */
export interface OrderBlockFields {
  /** offset 0, 4 bytes. */
  readonly blockNumber: number;
}
/** Codec of {@link OrderBlockFields}. */
export const orderBlockCodec: Codec<OrderBlockFields> = struct<OrderBlockFields>({
  blockNumber: u32,
});

/**
 * Body of a SYNC order.
 * 40 bytes.
 */
export interface OrderSyncFields {
  /** offset 0, 4 bytes. */
  readonly acknowledged: number;
  /** offset 4, 32 bytes. */
  readonly runningHash: Uint8Array;
  /** offset 36, 4 bytes. */
  readonly date: number;
}
/** Codec of {@link OrderSyncFields}. */
export const orderSyncCodec: Codec<OrderSyncFields> = struct<OrderSyncFields>({
  acknowledged: u32,
  runningHash: bytes(32),
  date: u32,
});

/**
 * One listed card with its block order (made in advance).
 * 13 to 85 bytes.
 */
export interface HotListEntryFields {
  /** offset 0, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 8, 4 bytes. */
  readonly blockNumber: number;
  /** signature of the block order · offset 12, 1 to 73 bytes. */
  readonly signature: Uint8Array;
}
/** Codec of {@link HotListEntryFields}. */
export const hotListEntryCodec: Codec<HotListEntryFields> = struct<HotListEntryFields>({
  cardId: bytes(8),
  blockNumber: u32,
  signature: blob8(72),
});

/**
 * Hot list; version never goes back at a terminal.
 * 12 to 5570487 bytes.
 * Signed or MACed behind the domain tag "EPH1"; key: order.
 */
export interface HotListFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 4 bytes. */
  readonly version: number;
  /** offset 6, 4 bytes. */
  readonly issuedAt: number;
  /** offset 10, 2 to 5570477 bytes. */
  readonly entries: readonly HotListEntryFields[];
}
/** Codec of {@link HotListFields}. */
export const hotListCodec: Codec<HotListFields> = struct<HotListFields>({
  scheme: u16,
  version: u32,
  issuedAt: u32,
  entries: list('u16', 65535, hotListEntryCodec),
});

/**
 * Issuer's receipt for a batch; the terminal keeps the batch until it has this.
 * 50 bytes.
 * Signed or MACed behind the domain tag "EPA1"; key: order.
 */
export interface BatchAcknowledgementFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 10, 4 bytes. */
  readonly batchNumber: number;
  /** SHA-256 of the batch as signed, tag included · offset 14, 32 bytes. */
  readonly batchHash: Uint8Array;
  /** offset 46, 4 bytes. */
  readonly acceptedAt: number;
}
/** Codec of {@link BatchAcknowledgementFields}. */
export const batchAcknowledgementCodec: Codec<BatchAcknowledgementFields> = struct<BatchAcknowledgementFields>({
  scheme: u16,
  terminalId: bytes(8),
  batchNumber: u32,
  batchHash: bytes(32),
  acceptedAt: u32,
});

/**
 * Public description of the scheme (scheme.json): the unit of each purse slot and every public key a terminal needs, certified by the root.
 * 14 to 4494 bytes.
 * Signed or MACed behind the domain tag "EPD1"; key: root.
 */
export interface SchemeDescriptionFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 4 bytes. */
  readonly createdAt: number;
  /** UTF-8 · offset 6, 1 to 65 bytes. */
  readonly name: Uint8Array;
  /** 6 bytes. */
  readonly units: readonly UnitCodeFields[];
  /** 1 to 4417 bytes. */
  readonly keys: readonly KeyDataFields[];
}
/** Codec of {@link SchemeDescriptionFields}. */
export const schemeDescriptionCodec: Codec<SchemeDescriptionFields> = struct<SchemeDescriptionFields>({
  scheme: u16,
  createdAt: u32,
  name: blob8(64),
  units: fixedList(3, unitCodeCodec),
  keys: list('u8', 64, keyDataCodec),
});

/**
 * Issuer's final word on a debit order whose answer never came; closes the terminal's entry for ever.
 * 32 to 87 bytes.
 * Signed or MACed behind the domain tag "EPE1"; key: order.
 */
export interface EntryAnswerFields {
  /** offset 0, 2 bytes. */
  readonly scheme: number;
  /** offset 2, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 10, 8 bytes. */
  readonly cardId: Uint8Array;
  /** offset 18, 4 bytes. */
  readonly tn: number;
  /** offset 22, 4 bytes. */
  readonly ntSeen: number;
  /** sold: executed; void: not executed · offset 26, 1 byte. */
  readonly outcome: Outcome;
  /** the record where executed, else empty · offset 27, 1 to 56 bytes. */
  readonly record: Uint8Array;
  /** 4 bytes. */
  readonly answeredAt: number;
}
/** Codec of {@link EntryAnswerFields}. */
export const entryAnswerCodec: Codec<EntryAnswerFields> = struct<EntryAnswerFields>({
  scheme: u16,
  terminalId: bytes(8),
  cardId: bytes(8),
  tn: u32,
  ntSeen: u32,
  outcome: oneOf('outcome', Outcome),
  record: blob8(55),
  answeredAt: u32,
});

/** Domain separation tags: the four bytes in front of what is signed or MACed. The codecs do not include them. */
export const domains = {
  /** "EPT1", key: terminal. What the terminal signs in OPEN (TR-03110 terminal authentication version 2). */
  terminalAuthentication: Uint8Array.of(0x45, 0x50, 0x54, 0x31),
  /** "EPK1", key: none. SharedInfo of the X9.63 KDF (SEC 1 section 3.6.1, SHA-256); 64 bytes out: session K-ENC, K-MAC, pair K-ENC, K-MAC. */
  sessionKeyInfo: Uint8Array.of(0x45, 0x50, 0x4b, 0x31),
  /** "EPS1", key: pair. CMAC'ed under K-MAC: the first chaining value of a resumed session. */
  resumedTranscript: Uint8Array.of(0x45, 0x50, 0x53, 0x31),
  /** "EPR1", key: card. S3 (EN 1546): the card's signature over a record. */
  signedRecord: Uint8Array.of(0x45, 0x50, 0x52, 0x31),
  /** "EPQ1", key: card. What the card signs for a statement. */
  signedStatement: Uint8Array.of(0x45, 0x50, 0x51, 0x31),
  /** "EPB1", key: card. What the card signs for a block statement. */
  signedBlockStatement: Uint8Array.of(0x45, 0x50, 0x42, 0x31),
  /** "EPX1", key: terminal. What the terminal signs to undo its last purchase; the card keeps it and hands it out at sync. */
  cancelOrder: Uint8Array.of(0x45, 0x50, 0x58, 0x31),
  /** "EPP1", key: terminal. Receipt for the holder. */
  receipt: Uint8Array.of(0x45, 0x50, 0x50, 0x31),
  /** "EPZ1", key: terminal. What the terminal signs at close. firstTn..lastTn contiguous, each accounted for once; corrections apart. */
  batch: Uint8Array.of(0x45, 0x50, 0x5a, 0x31),
  /** "EPC1", key: credit. Authorisation of one load or unload, the same bytes on every repeat. */
  creditAuthorisation: Uint8Array.of(0x45, 0x50, 0x43, 0x31),
  /** "EPO1", key: order. What the order key signs; body by type, below. */
  order: Uint8Array.of(0x45, 0x50, 0x4f, 0x31),
  /** "EPH1", key: order. Hot list; version never goes back at a terminal. */
  hotList: Uint8Array.of(0x45, 0x50, 0x48, 0x31),
  /** "EPA1", key: order. Issuer's receipt for a batch; the terminal keeps the batch until it has this. */
  batchAcknowledgement: Uint8Array.of(0x45, 0x50, 0x41, 0x31),
  /** "EPD1", key: root. Public description of the scheme (scheme.json): the unit of each purse slot and every public key a terminal needs, certified by the root. */
  schemeDescription: Uint8Array.of(0x45, 0x50, 0x44, 0x31),
  /** "EPE1", key: order. Issuer's final word on a debit order whose answer never came; closes the terminal's entry for ever. */
  entryAnswer: Uint8Array.of(0x45, 0x50, 0x45, 0x31),
} as const satisfies Record<string, Uint8Array>;

/** Lengths in bytes of the structures of fixed length, domain tag apart. */
export const lengths = {
  installParameters: 41,
  keyId: 4,
  cardData: 25,
  unitCode: 2,
  keyData: 69,
  slotParameters: 24,
  parameters: 76,
  pinBlock: 8,
  unitLimit: 6,
  cardHolder: 9,
  terminalAuthentication: 110,
  sessionKeyInfo: 116,
  resumedTranscript: 53,
  newestRecord: 14,
  headroom: 12,
  loadRegisterBrief: 12,
  openingAnswer: 53,
  record: 55,
  signedRecord: 66,
  loadRegister: 34,
  balance: 4,
  statement: 96,
  signedStatement: 107,
  blockStatement: 8,
  signedBlockStatement: 19,
  totals: 140,
  cancelOrder: 35,
  receipt: 65,
  batchTotal: 26,
  creditAuthorisation: 70,
  orderParameters: 80,
  orderUnblock: 8,
  orderPinReset: 4,
  orderRetire: 4,
  orderKeySwitch: 5,
  orderBlock: 4,
  orderSync: 40,
  batchAcknowledgement: 50,
} as const;

/** Name of a structure that is signed or MACed. */
export type DomainName = keyof typeof domains;
