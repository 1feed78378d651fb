// Generated from apdu-specs by "npm run generate". Do not edit.

/** Application identifiers (ISO 7816-4 section 12.2.3, proprietary). */
export const aids = {
  package: Uint8Array.of(0xf0, 0x45, 0x50, 0x55, 0x52, 0x53, 0x45, 0x01),
  applet: Uint8Array.of(0xf0, 0x45, 0x50, 0x55, 0x52, 0x53, 0x45, 0x01, 0x01),
} as const;

/** Version the applet shows in SELECT. */
export const appletVersion = { major: 1, minor: 0 } as const;

/** Class bytes. */
export const classes = { interindustry: 0x00, plain: 0x80, protected: 0x84 } as const;

/** purse slots on a card: two currencies and one loyalty slot */
export const purseSlots = 3;
/** the loyalty slot; takes awarded points, is never loaded */
export const pointsSlot = 2;
/** terminals a card remembers for resumed sessions */
export const pairSlots = 8;
/** transaction records kept on the card; a record is written only while NT - A < logSize */
export const logSize = 32;
/** log places a purchase leaves free: cancel, load, unload */
export const purchaseReserve = 3;
/** most records in one READ LOG answer */
export const recordsPerRead = 4;
/** cancel orders kept on the card; upper bound of the parameter cancelsBetweenSyncs */
export const cancelOrders = 4;
/** last values of NT refused to purchases, so that the way out always has a number */
export const counterReserve = 16;
/** wrong PINs that block the card (R16) */
export const pinTries = 5;
/** shortest PIN */
export const pinMinDigits = 4;
/** longest PIN (ISO 9564-1) */
export const pinMaxDigits = 12;
/** most (unit, limit) entries in a terminal certificate */
export const unitLimits = 3;
/** bytes of a CMAC sent (the full 16 stay in the chain) */
export const macLength = 8;
/** bytes of a session nonce, either side */
export const nonceLength = 16;
/** SHA-256 */
export const hashLength = 32;
/** P-256 public key as X || Y */
export const pointLength = 64;
/** longest DER ECDSA signature on P-256 */
export const signatureMax = 72;
/** longest terminal certificate: one PRESENT CERTIFICATE */
export const certificateTerminalMax = 239;
/** longest card certificate: one OPEN answer */
export const certificateCardMax = 255;
/** most plaintext bytes in a protected command */
export const protectedCommandMax = 239;
/** most plaintext bytes in a protected answer, status word apart */
export const protectedAnswerMax = 237;
/** card certificate bytes in one STORE DATA block (the last may be shorter) */
export const certificateBlock = 128;

/** What the applet may use at most, in bytes. */
export const budgets = { transientRam: 1536, persistent: 8192, commitBuffer: 256 } as const;

/** A unit of value: code is what the card stores. */
export interface UnitOfValue {
  readonly code: number;
  readonly name: string;
  readonly digits: number;
  readonly symbol: string;
}

/** Units host software can print. */
export const units: readonly UnitOfValue[] = [
  { code: 0x0978, name: 'EUR', digits: 2, symbol: '€' },
  { code: 0x0840, name: 'USD', digits: 2, symbol: '$' },
  { code: 0xf001, name: 'PTS', digits: 0, symbol: 'points' },
];

/** Units of the purse slots of a card unless the scheme says otherwise, by name. */
export const defaultUnits = ['EUR', 'USD', 'PTS'] as const;
