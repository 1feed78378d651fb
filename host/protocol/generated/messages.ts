// Generated from apdu-specs by "npm run generate". Do not edit.
import { type Codec, type Empty, bytes, empty, oneOf, rest, struct, u8, u16, u32 } from '../codec/fields.js';
import { LoadType } from './enums.js';
import {
  pinBlockCodec,
  type PinBlockFields,
  openingAnswerCodec,
  type OpeningAnswerFields,
  recordCodec,
  type RecordFields,
  statementCodec,
  type StatementFields,
} from './structures.js';
/**
 * SELECT: Choose the purse. Ends any session, finishes a torn erase of the transport keys, checks the stored date.
 * 0 to 16 bytes.
 */
export interface SelectRequest {
  /** offset 0, 0 to 16 bytes. */
  readonly aid: Uint8Array;
}
/** Codec of {@link SelectRequest}. */
export const selectRequestCodec: Codec<SelectRequest> = struct<SelectRequest>({
  aid: rest(16),
});

/**
 * Answer to SELECT.
 * 0 to 62 bytes.
 */
export interface SelectResponse {
  /** TLV · offset 0, 0 to 62 bytes. */
  readonly fci: Uint8Array;
}
/** Codec of {@link SelectResponse}. */
export const selectResponseCodec: Codec<SelectResponse> = struct<SelectResponse>({
  fci: rest(62),
});

/**
 * PRESENT_CERTIFICATE: First check on the card: the terminal's certificate against the CA named in it, roles, stored date. Blocked cards: PERSO only; retired cards: PERSO only.
 * 0 to 239 bytes.
 */
export interface PresentCertificateRequest {
  /** TLV · offset 0, 0 to 239 bytes. */
  readonly certificate: Uint8Array;
}
/** Codec of {@link PresentCertificateRequest}. */
export const presentCertificateRequestCodec: Codec<PresentCertificateRequest> = struct<PresentCertificateRequest>({
  certificate: rest(239),
});

/**
 * Answer to PRESENT_CERTIFICATE.
 * 16 bytes.
 */
export interface PresentCertificateResponse {
  /** offset 0, 16 bytes. */
  readonly cardNonce: Uint8Array;
}
/** Codec of {@link PresentCertificateResponse}. */
export const presentCertificateResponseCodec: Codec<PresentCertificateResponse> = struct<PresentCertificateResponse>({
  cardNonce: bytes(16),
});

/**
 * OPEN_SESSION_FULL: Second check: the terminal's signature over both nonces and its ephemeral key. Only then the card shows its certificate.
 * 80 to 152 bytes.
 */
export interface OpenSessionFullRequest {
  /** offset 0, 16 bytes. */
  readonly terminalNonce: Uint8Array;
  /** X || Y · offset 16, 64 bytes. */
  readonly ephemeral: Uint8Array;
  /** over terminalAuthentication · offset 80, 0 to 72 bytes. */
  readonly signature: Uint8Array;
}
/** Codec of {@link OpenSessionFullRequest}. */
export const openSessionFullRequestCodec: Codec<OpenSessionFullRequest> = struct<OpenSessionFullRequest>({
  terminalNonce: bytes(16),
  ephemeral: bytes(64),
  signature: rest(72),
});

/**
 * Answer to OPEN_SESSION_FULL.
 * 0 to 255 bytes.
 */
export interface OpenSessionFullResponse {
  /** TLV · offset 0, 0 to 255 bytes. */
  readonly certificate: Uint8Array;
}
/** Codec of {@link OpenSessionFullResponse}. */
export const openSessionFullResponseCodec: Codec<OpenSessionFullResponse> = struct<OpenSessionFullResponse>({
  certificate: rest(255),
});

/**
 * OPEN_SESSION_RESUMED: Known terminal: no public-key operation. On a raw card the transport key stands for the pair key, the pair name is zero and there is no S1. Unknown, expired or evicted: 6A88. The card's own MAC answers; the terminal is confirmed by its next command.
 * 25 bytes.
 */
export interface OpenSessionResumedRequest {
  /** offset 0, 8 bytes. */
  readonly terminalId: Uint8Array;
  /** offset 8, 16 bytes. */
  readonly terminalNonce: Uint8Array;
  /** offset 24, 1 byte. */
  readonly slot: number;
}
/** Codec of {@link OpenSessionResumedRequest}. */
export const openSessionResumedRequestCodec: Codec<OpenSessionResumedRequest> = struct<OpenSessionResumedRequest>({
  terminalId: bytes(8),
  terminalNonce: bytes(16),
  slot: u8,
});

/**
 * Answer to OPEN_SESSION_RESUMED.
 * 24 to 96 bytes.
 */
export interface OpenSessionResumedResponse {
  /** offset 0, 8 bytes. */
  readonly pairName: Uint8Array;
  /** offset 8, 16 bytes. */
  readonly cardNonce: Uint8Array;
  /** S1 (openingAnswer) and status, encrypted and MACed · offset 24, 0 to 72 bytes. */
  readonly protected: Uint8Array;
}
/** Codec of {@link OpenSessionResumedResponse}. */
export const openSessionResumedResponseCodec: Codec<OpenSessionResumedResponse> = struct<OpenSessionResumedResponse>({
  pairName: bytes(8),
  cardNonce: bytes(16),
  protected: rest(72),
});

/**
 * CONFIRM_SESSION: Key confirmation of a full session; the card now remembers the terminal in a pair slot.
 * 1 bytes.
 */
export interface ConfirmSessionRequest {
  /** offset 0, 1 byte. */
  readonly slot: number;
}
/** Codec of {@link ConfirmSessionRequest}. */
export const confirmSessionRequestCodec: Codec<ConfirmSessionRequest> = struct<ConfirmSessionRequest>({
  slot: u8,
});

/**
 * Answer to CONFIRM_SESSION.
 * 61 bytes.
 */
export interface ConfirmSessionResponse {
  /** offset 0, 8 bytes. */
  readonly pairName: Uint8Array;
  /** offset 8, 53 bytes. */
  readonly s1: OpeningAnswerFields;
}
/** Codec of {@link ConfirmSessionResponse}. */
export const confirmSessionResponseCodec: Codec<ConfirmSessionResponse> = struct<ConfirmSessionResponse>({
  pairName: bytes(8),
  s1: openingAnswerCodec,
});

/**
 * GENERATE_KEYS: Make the card's two key pairs, once; asked again it gives the same public keys.
 * 0 bytes.
 */
export type GenerateKeysRequest = Empty;
export const generateKeysRequestCodec: Codec<GenerateKeysRequest> = empty;

/**
 * Answer to GENERATE_KEYS.
 * 128 bytes.
 */
export interface GenerateKeysResponse {
  /** offset 0, 64 bytes. */
  readonly signPoint: Uint8Array;
  /** offset 64, 64 bytes. */
  readonly agreePoint: Uint8Array;
}
/** Codec of {@link GenerateKeysResponse}. */
export const generateKeysResponseCodec: Codec<GenerateKeysResponse> = struct<GenerateKeysResponse>({
  signPoint: bytes(64),
  agreePoint: bytes(64),
});

/**
 * STORE_DATA: One group of personalization data, P1 dataGroup; may be repeated while RAW.
 * 0 to 239 bytes.
 */
export interface StoreDataRequest {
  /** by P1; keyData: P2 keyRef; certificate block: P2 number, 128 bytes, the last shorter · offset 0, 0 to 239 bytes. Secret: never in a trace. */
  readonly data: Uint8Array;
}
/** Codec of {@link StoreDataRequest}. */
export const storeDataRequestCodec: Codec<StoreDataRequest> = struct<StoreDataRequest>({
  data: rest(239),
});

/**
 * Answer to STORE_DATA.
 * 0 bytes.
 */
export type StoreDataResponse = Empty;
export const storeDataResponseCodec: Codec<StoreDataResponse> = empty;

/**
 * ACTIVATE: RAW to ACTIVE: every group present, the certificate holds this card's own keys, id, key version and expiry. Then the transport keys are erased and the session ends.
 * 0 bytes.
 */
export type ActivateRequest = Empty;
export const activateRequestCodec: Codec<ActivateRequest> = empty;

/**
 * Answer to ACTIVATE.
 * 0 bytes.
 */
export type ActivateResponse = Empty;
export const activateResponseCodec: Codec<ActivateResponse> = empty;

/**
 * VERIFY_PIN: Check the PIN: five tries, decremented before comparing. Serves one transaction.
 * 8 bytes.
 */
export interface VerifyPinRequest {
  /** offset 0, 8 bytes. */
  readonly pin: PinBlockFields;
}
/** Codec of {@link VerifyPinRequest}. */
export const verifyPinRequestCodec: Codec<VerifyPinRequest> = struct<VerifyPinRequest>({
  pin: pinBlockCodec,
});

/**
 * Answer to VERIFY_PIN.
 * 0 bytes.
 */
export type VerifyPinResponse = Empty;
export const verifyPinResponseCodec: Codec<VerifyPinResponse> = empty;

/**
 * CHANGE_PIN: Old PIN and new PIN; a wrong old one costs a try.
 * 16 bytes.
 */
export interface ChangePinRequest {
  /** offset 0, 8 bytes. */
  readonly oldPin: PinBlockFields;
  /** offset 8, 8 bytes. */
  readonly newPin: PinBlockFields;
}
/** Codec of {@link ChangePinRequest}. */
export const changePinRequestCodec: Codec<ChangePinRequest> = struct<ChangePinRequest>({
  oldPin: pinBlockCodec,
  newPin: pinBlockCodec,
});

/**
 * Answer to CHANGE_PIN.
 * 0 bytes.
 */
export type ChangePinResponse = Empty;
export const changePinResponseCodec: Codec<ChangePinResponse> = empty;

/**
 * DEBIT: S2 to S3: take an amount from a slot. Checks in order: state, dates, role and terminal limit, unit, amount, maximum per transaction, PIN rule, offline limits, log room, balance, counter; then one transaction; then the signature.
 * 13 bytes.
 */
export interface DebitRequest {
  /** offset 0, 1 byte. */
  readonly slot: number;
  /** offset 1, 4 bytes. */
  readonly amount: number;
  /** offset 5, 4 bytes. */
  readonly tn: number;
  /** offset 9, 4 bytes. */
  readonly time: number;
}
/** Codec of {@link DebitRequest}. */
export const debitRequestCodec: Codec<DebitRequest> = struct<DebitRequest>({
  slot: u8,
  amount: u32,
  tn: u32,
  time: u32,
});

/**
 * Answer to DEBIT.
 * 11 to 83 bytes.
 */
export interface DebitResponse {
  /** offset 0, 4 bytes. */
  readonly points: number;
  /** offset 4, 4 bytes. */
  readonly pointsBalance: number;
  /** offset 8, 1 byte. */
  readonly flags: number;
  /** offset 9, 2 bytes. */
  readonly parametersVersion: number;
  /** over signedRecord · offset 11, 0 to 72 bytes. */
  readonly s3: Uint8Array;
}
/** Codec of {@link DebitResponse}. */
export const debitResponseCodec: Codec<DebitResponse> = struct<DebitResponse>({
  points: u32,
  pointsBalance: u32,
  flags: u8,
  parametersVersion: u16,
  s3: rest(72),
});

/**
 * CANCEL_LAST: Undo the last purchase, whole, once, if it is this terminal's and the newest record.
 * 21 to 93 bytes.
 */
export interface CancelLastRequest {
  /** offset 0, 1 byte. */
  readonly slot: number;
  /** offset 1, 4 bytes. */
  readonly amount: number;
  /** offset 5, 4 bytes. */
  readonly cancelledNt: number;
  /** offset 9, 4 bytes. */
  readonly cancelledTn: number;
  /** offset 13, 4 bytes. */
  readonly tn: number;
  /** offset 17, 4 bytes. */
  readonly time: number;
  /** over cancelOrder · offset 21, 0 to 72 bytes. */
  readonly signature: Uint8Array;
}
/** Codec of {@link CancelLastRequest}. */
export const cancelLastRequestCodec: Codec<CancelLastRequest> = struct<CancelLastRequest>({
  slot: u8,
  amount: u32,
  cancelledNt: u32,
  cancelledTn: u32,
  tn: u32,
  time: u32,
  signature: rest(72),
});

/**
 * Answer to CANCEL_LAST.
 * 11 to 83 bytes.
 */
export interface CancelLastResponse {
  /** offset 0, 4 bytes. */
  readonly points: number;
  /** offset 4, 4 bytes. */
  readonly pointsBalance: number;
  /** offset 8, 1 byte. */
  readonly flags: number;
  /** offset 9, 2 bytes. */
  readonly parametersVersion: number;
  /** over signedRecord · offset 11, 0 to 72 bytes. */
  readonly s3: Uint8Array;
}
/** Codec of {@link CancelLastResponse}. */
export const cancelLastResponseCodec: Codec<CancelLastResponse> = struct<CancelLastResponse>({
  points: u32,
  pointsBalance: u32,
  flags: u8,
  parametersVersion: u16,
  s3: rest(72),
});

/**
 * INIT_LOAD: Ask for a load or unload: PIN verified just before; maximum balance checked here and never again for this load; the same type, slot and amount asked again gets the same counter and random.
 * 10 bytes.
 */
export interface InitLoadRequest {
  /** offset 0, 1 byte. */
  readonly type: LoadType;
  /** offset 1, 1 byte. */
  readonly slot: number;
  /** offset 2, 4 bytes. */
  readonly amount: number;
  /** offset 6, 4 bytes. */
  readonly time: number;
}
/** Codec of {@link InitLoadRequest}. */
export const initLoadRequestCodec: Codec<InitLoadRequest> = struct<InitLoadRequest>({
  type: oneOf('loadType', LoadType),
  slot: u8,
  amount: u32,
  time: u32,
});

/**
 * Answer to INIT_LOAD.
 * 96 to 168 bytes.
 */
export interface InitLoadResponse {
  /** offset 0, 96 bytes. */
  readonly statement: StatementFields;
  /** over signedStatement · offset 96, 0 to 72 bytes. */
  readonly signature: Uint8Array;
}
/** Codec of {@link InitLoadResponse}. */
export const initLoadResponseCodec: Codec<InitLoadResponse> = struct<InitLoadResponse>({
  statement: statementCodec,
  signature: rest(72),
});

/**
 * CREDIT: Present the issuer's authorisation (current credit key). Applied exactly once; presented again it answers with the same record's S3.
 * 60 to 132 bytes.
 */
export interface CreditRequest {
  /** offset 0, 4 bytes. */
  readonly counter: number;
  /** offset 4, 8 bytes. */
  readonly random: Uint8Array;
  /** offset 12, 1 byte. */
  readonly type: number;
  /** offset 13, 1 byte. */
  readonly slot: number;
  /** offset 14, 2 bytes. */
  readonly unit: number;
  /** offset 16, 4 bytes. */
  readonly amount: number;
  /** offset 20, 4 bytes. */
  readonly acknowledged: number;
  /** offset 24, 32 bytes. */
  readonly runningHash: Uint8Array;
  /** offset 56, 4 bytes. */
  readonly date: number;
  /** over creditAuthorisation · offset 60, 0 to 72 bytes. */
  readonly signature: Uint8Array;
}
/** Codec of {@link CreditRequest}. */
export const creditRequestCodec: Codec<CreditRequest> = struct<CreditRequest>({
  counter: u32,
  random: bytes(8),
  type: u8,
  slot: u8,
  unit: u16,
  amount: u32,
  acknowledged: u32,
  runningHash: bytes(32),
  date: u32,
  signature: rest(72),
});

/**
 * Answer to CREDIT.
 * 55 to 127 bytes.
 */
export interface CreditResponse {
  /** offset 0, 55 bytes. */
  readonly record: RecordFields;
  /** over signedRecord · offset 55, 0 to 72 bytes. */
  readonly s3: Uint8Array;
}
/** Codec of {@link CreditResponse}. */
export const creditResponseCodec: Codec<CreditResponse> = struct<CreditResponse>({
  record: recordCodec,
  s3: rest(72),
});

/**
 * CANCEL_LOAD: Give up a pending load, then sign how it ended, again whenever asked. kind 01: the record of the credit with S3; kind 02: the statement (purpose register).
 * 4 bytes.
 */
export interface CancelLoadRequest {
  /** offset 0, 4 bytes. */
  readonly counter: number;
}
/** Codec of {@link CancelLoadRequest}. */
export const cancelLoadRequestCodec: Codec<CancelLoadRequest> = struct<CancelLoadRequest>({
  counter: u32,
});

/**
 * Answer to CANCEL_LOAD.
 * 1 to 237 bytes.
 */
export interface CancelLoadResponse {
  /** offset 0, 1 byte. */
  readonly kind: number;
  /** kind 01: record and S3; kind 02: statement and signature · offset 1, 0 to 236 bytes. */
  readonly body: Uint8Array;
}
/** Codec of {@link CancelLoadResponse}. */
export const cancelLoadResponseCodec: Codec<CancelLoadResponse> = struct<CancelLoadResponse>({
  kind: u8,
  body: rest(236),
});

/**
 * GET_PROOF: P1 proof. record: a POS and a kiosk without PIN get their own records only. log: LOAD with PIN, PERSO. block: any role, once a block order was taken. closing: PERSO on a retired card.
 * 0 to 4 bytes.
 */
export interface GetProofRequest {
  /** record: NT (4); else empty · offset 0, 0 to 4 bytes. */
  readonly data: Uint8Array;
}
/** Codec of {@link GetProofRequest}. */
export const getProofRequestCodec: Codec<GetProofRequest> = struct<GetProofRequest>({
  data: rest(4),
});

/**
 * Answer to GET_PROOF.
 * 0 to 237 bytes.
 */
export interface GetProofResponse {
  /** by P1: record; log and closing; block · offset 0, 0 to 237 bytes. */
  readonly body: Uint8Array;
}
/** Codec of {@link GetProofResponse}. */
export const getProofResponseCodec: Codec<GetProofResponse> = struct<GetProofResponse>({
  body: rest(237),
});

/**
 * READ_LOG: P1 logView. LOAD with the holder's PIN (which it does not use up), PERSO without.
 * 0 to 4 bytes.
 */
export interface ReadLogRequest {
  /** records: first NT wanted (4); else empty · offset 0, 0 to 4 bytes. */
  readonly data: Uint8Array;
}
/** Codec of {@link ReadLogRequest}. */
export const readLogRequestCodec: Codec<ReadLogRequest> = struct<ReadLogRequest>({
  data: rest(4),
});

/**
 * Answer to READ_LOG.
 * 0 to 237 bytes.
 */
export interface ReadLogResponse {
  /** records: up to 4 records from that NT on, oldest first · cancelOrders: keptCancelOrder number P2 · totals · offset 0, 0 to 237 bytes. */
  readonly body: Uint8Array;
}
/** Codec of {@link ReadLogResponse}. */
export const readLogResponseCodec: Codec<ReadLogResponse> = struct<ReadLogResponse>({
  body: rest(237),
});

/**
 * PUT_ORDER: An issuer order: P1 orderType, P2 0 = current order key, 1 = next order key (the first valid order under it retires the current one). Unblock, PIN reset and RETIRE from PERSO only; parameters, KEY SWITCH and SYNC from LOAD or PERSO; block from any role. Block, KEY SWITCH and RETIRE end the session with their answer.
 * 0 to 161 bytes.
 */
export interface PutOrderRequest {
  /** order body by type, for pinReset the new PIN, signature over order · offset 0, 0 to 161 bytes. Secret: never in a trace. */
  readonly body: Uint8Array;
}
/** Codec of {@link PutOrderRequest}. */
export const putOrderRequestCodec: Codec<PutOrderRequest> = struct<PutOrderRequest>({
  body: rest(161),
});

/**
 * Answer to PUT_ORDER.
 * 0 to 237 bytes.
 */
export interface PutOrderResponse {
  /** block: block statement; retire: closing statement; else empty · offset 0, 0 to 237 bytes. */
  readonly body: Uint8Array;
}
/** Codec of {@link PutOrderResponse}. */
export const putOrderResponseCodec: Codec<PutOrderResponse> = struct<PutOrderResponse>({
  body: rest(237),
});
