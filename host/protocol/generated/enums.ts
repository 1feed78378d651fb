// Generated from apdu-specs by "npm run generate". Do not edit.

/** Life cycle, one bit each so that a set fits a byte. EXPIRED and BLOCKED are computed, never stored. */
export const LifeCycle = {
  /** installed; knows its serial and transport keys */
  raw: 0x01,
  /** personalized */
  active: 0x02,
  /** active past its date: reads and syncs, moves no money */
  expired: 0x04,
  /** block flag, reset flag or no PIN try left; PERSO only */
  blocked: 0x08,
  /** frozen; gives its closing statement */
  retired: 0x10,
} as const;
export type LifeCycle = (typeof LifeCycle)[keyof typeof LifeCycle];
/** Names of the values of {@link LifeCycle}. */
export const lifeCycleNames = {
  [LifeCycle.raw]: 'raw',
  [LifeCycle.active]: 'active',
  [LifeCycle.expired]: 'expired',
  [LifeCycle.blocked]: 'blocked',
  [LifeCycle.retired]: 'retired',
} as const satisfies Record<LifeCycle, string>;

/** Role of a terminal certificate; also the bit a CA must have to grant it. */
export const Role = {
  /** point of sale: debit, cancel its own last debit, pass on block orders */
  pos: 0x01,
  /** reload kiosk: carries credit authorisations, SYNC, parameters, block orders */
  load: 0x02,
  /** personalization desk: issues once, later passes on orders */
  perso: 0x04,
} as const;
export type Role = (typeof Role)[keyof typeof Role];
/** Names of the values of {@link Role}. */
export const roleNames = {
  [Role.pos]: 'pos',
  [Role.load]: 'load',
  [Role.perso]: 'perso',
} as const satisfies Record<Role, string>;

/** What a transaction record says happened. */
export const RecordType = {
  /** slot balance down, points up */
  purchase: 0x01,
  /** the last purchase undone whole; ref = its NT */
  cancel: 0x02,
  /** slot balance up under an issuer authorisation; ref = load counter */
  load: 0x03,
  /** slot balance down under an issuer authorisation; ref = load counter */
  unload: 0x04,
} as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];
/** Names of the values of {@link RecordType}. */
export const recordTypeNames = {
  [RecordType.purchase]: 'purchase',
  [RecordType.cancel]: 'cancel',
  [RecordType.load]: 'load',
  [RecordType.unload]: 'unload',
} as const satisfies Record<RecordType, string>;

/** Direction of the load register. */
export const LoadType = {
  /** issuer to card */
  load: 0x01,
  /** card to the holder's account */
  unload: 0x02,
} as const;
export type LoadType = (typeof LoadType)[keyof typeof LoadType];
/** Names of the values of {@link LoadType}. */
export const loadTypeNames = {
  [LoadType.load]: 'load',
  [LoadType.unload]: 'unload',
} as const satisfies Record<LoadType, string>;

/** State of the load register. */
export const LoadState = {
  /** no load yet */
  none: 0x00,
  /** asked for, neither credited nor cancelled */
  pending: 0x01,
  /** applied */
  credited: 0x02,
  /** given up for ever */
  cancelled: 0x03,
} as const;
export type LoadState = (typeof LoadState)[keyof typeof LoadState];
/** Names of the values of {@link LoadState}. */
export const loadStateNames = {
  [LoadState.none]: 'none',
  [LoadState.pending]: 'pending',
  [LoadState.credited]: 'credited',
  [LoadState.cancelled]: 'cancelled',
} as const satisfies Record<LoadState, string>;

/** Why the card signed a statement. */
export const StatementPurpose = {
  /** INIT LOAD: asks the issuer for an authorisation */
  initLoad: 0x01,
  /** GET PROOF: seals the records after A (upload) */
  log: 0x02,
  /** CANCEL LOAD: how the load ended */
  register: 0x03,
  /** GET PROOF on a retired card: what it is owed */
  closing: 0x04,
} as const;
export type StatementPurpose = (typeof StatementPurpose)[keyof typeof StatementPurpose];
/** Names of the values of {@link StatementPurpose}. */
export const statementPurposeNames = {
  [StatementPurpose.initLoad]: 'initLoad',
  [StatementPurpose.log]: 'log',
  [StatementPurpose.register]: 'register',
  [StatementPurpose.closing]: 'closing',
} as const satisfies Record<StatementPurpose, string>;

/** Issuer orders, P1 of PUT ORDER. */
export const OrderType = {
  /** new parameter set; order counter */
  parameters: 0x01,
  /** block flag off; order counter; PERSO */
  unblock: 0x02,
  /** new PIN, tries back; order counter; PERSO */
  pinReset: 0x03,
  /** freeze; order counter; PERSO */
  retire: 0x04,
  /** next key becomes current; order counter */
  keySwitch: 0x05,
  /** block flag on; own numbers; any role */
  block: 0x06,
  /** A, date; outside the order counter */
  sync: 0x07,
} as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];
/** Names of the values of {@link OrderType}. */
export const orderTypeNames = {
  [OrderType.parameters]: 'parameters',
  [OrderType.unblock]: 'unblock',
  [OrderType.pinReset]: 'pinReset',
  [OrderType.retire]: 'retire',
  [OrderType.keySwitch]: 'keySwitch',
  [OrderType.block]: 'block',
  [OrderType.sync]: 'sync',
} as const satisfies Record<OrderType, string>;

/** Public keys on the card, P2 of STORE DATA keys. Each has exactly one successor, stored at issue. */
export const KeyRef = {
  /** issuer's CA for kiosks and desks, current */
  terminalCa: 0x00,
  /** its successor */
  terminalCaNext: 0x01,
  /** acquirer's CA for POS, current */
  posCa: 0x02,
  /** its successor */
  posCaNext: 0x03,
  /** issuer's credit key, current */
  credit: 0x04,
  /** its successor */
  creditNext: 0x05,
  /** issuer's order key, current */
  order: 0x06,
  /** its successor */
  orderNext: 0x07,
} as const;
export type KeyRef = (typeof KeyRef)[keyof typeof KeyRef];
/** Names of the values of {@link KeyRef}. */
export const keyRefNames = {
  [KeyRef.terminalCa]: 'terminalCa',
  [KeyRef.terminalCaNext]: 'terminalCaNext',
  [KeyRef.posCa]: 'posCa',
  [KeyRef.posCaNext]: 'posCaNext',
  [KeyRef.credit]: 'credit',
  [KeyRef.creditNext]: 'creditNext',
  [KeyRef.order]: 'order',
  [KeyRef.orderNext]: 'orderNext',
} as const satisfies Record<KeyRef, string>;

/** Third byte of a key identifier. */
export const Authority = {
  /** 'C' signs card certificates */
  cardCa: 0x43,
  /** 'T' signs LOAD and PERSO certificates */
  terminalCa: 0x54,
  /** 'P' signs POS certificates */
  posCa: 0x50,
  /** 'L' signs credit authorisations */
  credit: 0x4c,
  /** 'O' signs orders, hot lists, acknowledgements */
  order: 0x4f,
} as const;
export type Authority = (typeof Authority)[keyof typeof Authority];
/** Names of the values of {@link Authority}. */
export const authorityNames = {
  [Authority.cardCa]: 'cardCa',
  [Authority.terminalCa]: 'terminalCa',
  [Authority.posCa]: 'posCa',
  [Authority.credit]: 'credit',
  [Authority.order]: 'order',
} as const satisfies Record<Authority, string>;

/** P1 of STORE DATA. */
export const DataGroup = {
  /** identity, dates, units */
  cardData: 0x01,
  /** one public key; P2 = keyRef */
  key: 0x02,
  /** card certificate; P2 = block number */
  certificate: 0x03,
  /** first parameter set */
  parameters: 0x04,
  /** first PIN */
  pin: 0x05,
} as const;
export type DataGroup = (typeof DataGroup)[keyof typeof DataGroup];
/** Names of the values of {@link DataGroup}. */
export const dataGroupNames = {
  [DataGroup.cardData]: 'cardData',
  [DataGroup.key]: 'key',
  [DataGroup.certificate]: 'certificate',
  [DataGroup.parameters]: 'parameters',
  [DataGroup.pin]: 'pin',
} as const satisfies Record<DataGroup, string>;

/** P1 of GET PROOF. */
export const Proof = {
  /** a record by its NT, with S3 */
  record: 0x01,
  /** statement sealing the log */
  log: 0x02,
  /** block statement */
  block: 0x03,
  /** closing statement */
  closing: 0x04,
} as const;
export type Proof = (typeof Proof)[keyof typeof Proof];
/** Names of the values of {@link Proof}. */
export const proofNames = {
  [Proof.record]: 'record',
  [Proof.log]: 'log',
  [Proof.block]: 'block',
  [Proof.closing]: 'closing',
} as const satisfies Record<Proof, string>;

/** P1 of READ LOG. */
export const LogView = {
  /** records from a given NT on */
  records: 0x01,
  /** one kept cancel order; P2 = index */
  cancelOrders: 0x02,
  /** all balances, sums and counters */
  totals: 0x03,
} as const;
export type LogView = (typeof LogView)[keyof typeof LogView];
/** Names of the values of {@link LogView}. */
export const logViewNames = {
  [LogView.records]: 'records',
  [LogView.cancelOrders]: 'cancelOrders',
  [LogView.totals]: 'totals',
} as const satisfies Record<LogView, string>;

/** P1 of OPEN SESSION. */
export const OpenForm = {
  /** after PRESENT CERTIFICATE: signature, ECDH */
  full: 0x00,
  /** pair key of a known terminal, or the transport key of a raw card */
  resumed: 0x01,
} as const;
export type OpenForm = (typeof OpenForm)[keyof typeof OpenForm];
/** Names of the values of {@link OpenForm}. */
export const openFormNames = {
  [OpenForm.full]: 'full',
  [OpenForm.resumed]: 'resumed',
} as const satisfies Record<OpenForm, string>;

/** What a terminal says in a batch about one of its transaction numbers. */
export const Outcome = {
  /** goods given for a valid S3 */
  sold: 0x01,
  /** sale undone by a later CANCEL LAST of this terminal */
  cancelled: 0x02,
  /** not executed; final */
  void: 0x03,
  /** not known yet; reported again as a correction */
  open: 0x04,
  /** this number is itself a CANCEL LAST */
  cancel: 0x05,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];
/** Names of the values of {@link Outcome}. */
export const outcomeNames = {
  [Outcome.sold]: 'sold',
  [Outcome.cancelled]: 'cancelled',
  [Outcome.void]: 'void',
  [Outcome.open]: 'open',
  [Outcome.cancel]: 'cancel',
} as const satisfies Record<Outcome, string>;

/** One byte before the status word of a refusal inside a session: which condition failed. */
export const Reason = {
  /** no more is said than the status word */
  none: 0x00,
  /** not in this life-cycle state */
  lifeCycle: 0x01,
  /** card past its date */
  cardExpired: 0x02,
  /** terminal certificate past its date */
  terminalExpired: 0x03,
  /** not for a terminal of this role */
  role: 0x04,
  /** needs a full session */
  fullSession: 0x05,
  /** no such slot, or unit not granted to this terminal */
  unit: 0x06,
  /** amount is zero */
  amount: 0x07,
  /** above the limit in the terminal's certificate */
  terminalLimit: 0x08,
  /** above the card's maximum per transaction */
  transactionLimit: 0x09,
  /** needs the PIN */
  pinRequired: 0x0a,
  /** offline amount used up: go and synchronise */
  offlineAmount: 0x0b,
  /** offline count used up: go and synchronise */
  offlineCount: 0x0c,
  /** log full: go and synchronise */
  logFull: 0x0d,
  /** balance too small */
  balance: 0x0e,
  /** balance would pass its maximum */
  maxBalance: 0x0f,
  /** a counter is used up */
  counter: 0x10,
  /** not the last record, or not a purchase of this terminal */
  notLast: 0x11,
  /** no cancel left before the next synchronisation */
  cancelLimit: 0x12,
  /** another load is pending */
  loadPending: 0x13,
  /** no such load pending */
  noLoad: 0x14,
  /** counter or number of the order is not the one due */
  stale: 0x15,
  /** signature does not verify */
  signature: 0x16,
  /** key unknown, retired or not yet due */
  key: 0x17,
  /** personalization data missing or not matching */
  missing: 0x18,
  /** a field has a value it cannot have */
  format: 0x19,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];
/** Names of the values of {@link Reason}. */
export const reasonNames = {
  [Reason.none]: 'none',
  [Reason.lifeCycle]: 'lifeCycle',
  [Reason.cardExpired]: 'cardExpired',
  [Reason.terminalExpired]: 'terminalExpired',
  [Reason.role]: 'role',
  [Reason.fullSession]: 'fullSession',
  [Reason.unit]: 'unit',
  [Reason.amount]: 'amount',
  [Reason.terminalLimit]: 'terminalLimit',
  [Reason.transactionLimit]: 'transactionLimit',
  [Reason.pinRequired]: 'pinRequired',
  [Reason.offlineAmount]: 'offlineAmount',
  [Reason.offlineCount]: 'offlineCount',
  [Reason.logFull]: 'logFull',
  [Reason.balance]: 'balance',
  [Reason.maxBalance]: 'maxBalance',
  [Reason.counter]: 'counter',
  [Reason.notLast]: 'notLast',
  [Reason.cancelLimit]: 'cancelLimit',
  [Reason.loadPending]: 'loadPending',
  [Reason.noLoad]: 'noLoad',
  [Reason.stale]: 'stale',
  [Reason.signature]: 'signature',
  [Reason.key]: 'key',
  [Reason.missing]: 'missing',
  [Reason.format]: 'format',
} as const satisfies Record<Reason, string>;
