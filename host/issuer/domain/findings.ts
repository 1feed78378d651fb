/** What an issuer finds out about cards and terminals from their own signatures. Each names a party; some list the card. */

/** How a card can contradict itself; any of them proves that its keys are used outside it, and lists it for good. */
export const cardFaults = {
  'balance-chain': 'a balance does not follow from the one before',
  'negative-balance': 'more spent than was ever on the card',
  'points-rule': 'points do not follow from the purchase',
  'unknown-parameters': 'a parameter set that was never issued',
  'wrong-unit': 'a slot with another unit than it was issued with',
  'cancel-chain': 'a cancel of something that was not the last purchase',
  'unauthorised-load': 'a load or unload that was never authorised',
  'load-given-up-and-taken': 'a cancel statement and a credit for one load counter',
  'two-contents': 'two records with one number',
  'forked-log': 'two histories with one length',
  'statement-balances': 'a statement whose balances are not those of its own records',
  'signature-repeated': 'one ECDSA random number used for two messages',
  cloned: 'two cards with one key, used in turn',
  'rolled-back': 'a card that went on from an older state of itself',
  'executed-twice': 'two records for one order of a terminal',
} as const;
export type CardFault = keyof typeof cardFaults;

/** What a terminal or merchant did. */
export const terminalFaults = {
  'cancelled-but-claimed': 'claims a purchase that it signed away itself',
  'claimed-twice': 'claims a purchase that is claimed already',
  'void-but-claimed': 'claims a purchase after it, or the issuer for it, was told void',
  'above-limit': 'sold above the limit in its certificate',
  'certificate-over': 'sold when its certificate was not valid',
  'terminal-revoked': 'sold after it was revoked',
  'listed-card': 'sold to a card long after it was listed',
  'too-late': 'claims a purchase after the presentation window',
  'wrong-record': 'claims a record that does not say what the batch says',
  'bad-proof': 'claims a purchase with a signature that does not hold',
  'unknown-card': 'claims a purchase of a card that was never issued',
  'bad-cancel-order': 'reports a cancel with an order that is not its own',
} as const;
export type TerminalFault = keyof typeof terminalFaults;

/** What only a whole history shows about a terminal (jobs/reconcile). */
export const conduct = {
  'cancel-hidden': 'claims a sale and signs its executed cancel void',
  'wash-sale': 'sells to one holder again and again, for the points',
} as const;
export type Conduct = keyof typeof conduct;

/** What has no culprit but needs a person. */
export const oddities = {
  'record-after-closing': 'a record of a card whose balance is paid out',
  'closing-exceeds-shadow': 'a closing statement above what the issuer knows of',
  'payment-contradiction': 'the bank said paid to a payment that it had sent back',
  'funding-contradiction': 'the bank said two things about one payment',
  'cancel-after-forfeit': 'a purchase was cancelled after its amount went back to the holder',
  'record-missing': 'a record that never came, though later ones did',
  'merchant-in-debt': 'gave back more than it sold, for longer than the presentation window',
} as const;
export type Oddity = keyof typeof oddities;

export type FindingKind = CardFault | TerminalFault | Conduct | Oddity;

export interface Finding {
  readonly kind: FindingKind;
  /** Card id, terminal id or merchant it is about, in hexadecimal. */
  readonly party: string;
  /** What it is about: makes the finding unique, so that a repeat finds nothing new. */
  readonly subject: string;
  /** One sentence, figures included. */
  readonly detail: string;
}

export function describeFinding(kind: FindingKind): string {
  const all: Readonly<Record<FindingKind, string>> = { ...cardFaults, ...terminalFaults, ...conduct, ...oddities };
  return all[kind];
}

export function isFindingKind(text: string): text is FindingKind {
  return [cardFaults, terminalFaults, conduct, oddities].some((kinds) => Object.hasOwn(kinds, text));
}
