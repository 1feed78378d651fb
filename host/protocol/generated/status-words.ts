// Generated from apdu-specs by "npm run generate". Do not edit.

/** Did money move? A status word received in clear inside a session proves nothing, whatever it is. */
export type Moved = 'no' | 'yes' | 'unknown' | 'as the command says';

export interface StatusWordEntry {
  readonly sw: number;
  /** Bits that count, where not all do. */
  readonly mask?: number;
  readonly meaning: string;
  readonly moved: Moved;
  /** What a person does. */
  readonly action: string;
}

/** Status words (ISO/IEC 7816-4) by name. */
export const statusWords = {
  ok: { sw: 0x9000, meaning: 'done', moved: 'as the command says', action: 'go on' },
  executedFetchProof: {
    sw: 0x6300,
    meaning: 'executed, but the signature could not be made: fetch it with GET PROOF',
    moved: 'yes',
    action: 'keep the card there; the terminal asks for the proof',
  },
  pinWrong: {
    sw: 0x63c0,
    mask: 0xfff0,
    meaning: 'wrong PIN; the last digit is the number of tries left',
    moved: 'no',
    action: 'enter the right PIN',
  },
  memoryFailure: {
    sw: 0x6581,
    meaning: 'the card could not write its memory',
    moved: 'no',
    action: 'take the card to the desk',
  },
  wrongLength: { sw: 0x6700, meaning: 'wrong length', moved: 'no', action: 'terminal defect: report it' },
  channelNotSupported: {
    sw: 0x6881,
    meaning: 'logical channel not supported',
    moved: 'no',
    action: 'terminal defect: report it',
  },
  securityStatus: {
    sw: 0x6982,
    meaning: 'not allowed to this terminal now: no session, wrong role, or the PIN is needed',
    moved: 'no',
    action: 'enter the PIN, or use another terminal',
  },
  blocked: { sw: 0x6983, meaning: 'the card is blocked', moved: 'no', action: 'take the card to the desk' },
  conditions: {
    sw: 0x6985,
    meaning: 'conditions of use not satisfied; the reason says which',
    moved: 'no',
    action: 'see the reason',
  },
  smMissing: {
    sw: 0x6987,
    meaning: 'secure messaging expected; the session ended',
    moved: 'unknown',
    action: 'present the card again',
  },
  smIncorrect: {
    sw: 0x6988,
    meaning: 'secure messaging wrong; the session ended',
    moved: 'unknown',
    action: 'present the card again',
  },
  incorrectData: {
    sw: 0x6a80,
    meaning: 'wrong data: certificate, signature, unit or amount',
    moved: 'no',
    action: 'see the reason',
  },
  recordNotFound: { sw: 0x6a83, meaning: 'no such record on the card any more', moved: 'no', action: 'ask the issuer' },
  logFull: { sw: 0x6a84, meaning: "no room in the card's log", moved: 'no', action: 'synchronise the card at a kiosk' },
  wrongP1P2: { sw: 0x6a86, meaning: 'wrong P1 or P2', moved: 'no', action: 'terminal defect: report it' },
  referenceNotFound: {
    sw: 0x6a88,
    meaning: 'terminal, key or data not known to the card',
    moved: 'no',
    action: 'the terminal opens a full session',
  },
  insNotSupported: {
    sw: 0x6d00,
    meaning: 'instruction not supported',
    moved: 'no',
    action: 'terminal defect: report it',
  },
  claNotSupported: { sw: 0x6e00, meaning: 'class not supported', moved: 'no', action: 'terminal defect: report it' },
  noDiagnosis: {
    sw: 0x6f00,
    meaning: 'the card failed without a reason',
    moved: 'unknown',
    action: 'take the card to the desk',
  },
} as const satisfies Record<string, StatusWordEntry>;
export type StatusWordName = keyof typeof statusWords;

export interface ReasonEntry {
  readonly value: number;
  readonly doc: string;
  /** The one status word it comes with, where there is one. */
  readonly statusWord?: StatusWordName;
}

/** Reasons of refusals inside a session, by name. */
export const reasons = {
  none: { value: 0x00, doc: 'no more is said than the status word' },
  lifeCycle: { value: 0x01, doc: 'not in this life-cycle state' },
  cardExpired: { value: 0x02, doc: 'card past its date', statusWord: 'conditions' },
  terminalExpired: { value: 0x03, doc: 'terminal certificate past its date', statusWord: 'conditions' },
  role: { value: 0x04, doc: 'not for a terminal of this role' },
  fullSession: { value: 0x05, doc: 'needs a full session' },
  unit: { value: 0x06, doc: 'no such slot, or unit not granted to this terminal', statusWord: 'incorrectData' },
  amount: { value: 0x07, doc: 'amount is zero', statusWord: 'incorrectData' },
  terminalLimit: { value: 0x08, doc: "above the limit in the terminal's certificate", statusWord: 'conditions' },
  transactionLimit: { value: 0x09, doc: "above the card's maximum per transaction", statusWord: 'conditions' },
  pinRequired: { value: 0x0a, doc: 'needs the PIN', statusWord: 'securityStatus' },
  offlineAmount: { value: 0x0b, doc: 'offline amount used up: go and synchronise', statusWord: 'conditions' },
  offlineCount: { value: 0x0c, doc: 'offline count used up: go and synchronise', statusWord: 'conditions' },
  logFull: { value: 0x0d, doc: 'log full: go and synchronise', statusWord: 'logFull' },
  balance: { value: 0x0e, doc: 'balance too small', statusWord: 'conditions' },
  maxBalance: { value: 0x0f, doc: 'balance would pass its maximum', statusWord: 'conditions' },
  counter: { value: 0x10, doc: 'a counter is used up', statusWord: 'conditions' },
  notLast: { value: 0x11, doc: 'not the last record, or not a purchase of this terminal', statusWord: 'conditions' },
  cancelLimit: { value: 0x12, doc: 'no cancel left before the next synchronisation', statusWord: 'conditions' },
  loadPending: { value: 0x13, doc: 'another load is pending', statusWord: 'conditions' },
  noLoad: { value: 0x14, doc: 'no such load pending', statusWord: 'conditions' },
  stale: { value: 0x15, doc: 'counter or number of the order is not the one due', statusWord: 'conditions' },
  signature: { value: 0x16, doc: 'signature does not verify', statusWord: 'incorrectData' },
  key: { value: 0x17, doc: 'key unknown, retired or not yet due', statusWord: 'referenceNotFound' },
  missing: { value: 0x18, doc: 'personalization data missing or not matching', statusWord: 'incorrectData' },
  format: { value: 0x19, doc: 'a field has a value it cannot have', statusWord: 'incorrectData' },
} as const satisfies Record<string, ReasonEntry>;
export type ReasonName = keyof typeof reasons;
