/**
 * How a command ends: the exit code, what a script reads in the last JSON line, what a person is told.
 *
 * Every failure has a code of the one table below; a part of the project that has a new way to fail adds its word here.
 */

export const exitCodes = { done: 0, refused: 1, usage: 2, unresolved: 3, environment: 4 } as const;

export type FailureKind = Exclude<keyof typeof exitCodes, 'done'>;

/** The stable word of every failure and the kind, hence the exit code, that it belongs to. */
export const kinds = {
  usage: 'usage',
  'amount-malformed': 'usage',
  'card-name': 'usage',

  'tools-missing': 'environment',
  'home-unusable': 'environment',
  'home-empty': 'environment',
  'disk-full': 'environment',
  'files-unusable': 'environment',
  'keys-unreadable': 'environment',
  'keys-locked': 'environment',
  'store-busy': 'environment',
  'store-unreachable': 'environment',
  'backup-failed': 'environment',
  'backup-refused': 'refused',
  'settings-unreadable': 'environment',
  'port-unusable': 'environment',
  'issuer-unreachable': 'environment',
  'driver-missing': 'environment',
  'pcscd-missing': 'environment',
  'pcscd-failed': 'environment',
  'no-reader': 'environment',
  'no-card': 'environment',
  'card-in-use': 'environment',
  'card-removed': 'environment',
  'card-mute': 'environment',
  'reader-failed': 'environment',
  'simulator-failed': 'environment',
  'clock-implausible': 'environment',
  'terminal-busy': 'environment',
  'wrong-terminal': 'environment',
  'journal-damaged': 'environment',
  'journal-failed': 'environment',
  defect: 'environment',

  'not-shown': 'refused',
  'gave-way': 'refused',
  'card-raw': 'refused',
  'card-not-raw': 'refused',
  'card-foreign': 'refused',
  'card-blocked': 'refused',
  'card-expired': 'refused',
  'card-retired': 'refused',
  'card-listed': 'refused',
  'card-lost': 'refused',
  'card-refused': 'refused',
  'terminal-expired': 'refused',
  'pin-not-given': 'refused',
  'pin-wrong': 'refused',
  'pin-blocked': 'refused',
  'pin-malformed': 'refused',
  'balance-too-small': 'refused',
  'balance-too-large': 'refused',
  'unit-not-granted': 'refused',
  'over-transaction-limit': 'refused',
  'over-offline-limit': 'refused',
  'log-full': 'refused',
  'hot-list-too-old': 'refused',
  'earlier-payment': 'refused',
  'nothing-to-cancel': 'refused',
  'cancel-limit': 'refused',
  'load-pending': 'refused',
  'load-refused': 'refused',
  'no-load-pending': 'refused',
  'issuer-refused': 'refused',
  'scheme-exists': 'refused',
  'terminal-exists': 'refused',
  'log-changed': 'refused',
  'key-refused': 'refused',
  'orders-faulty': 'refused',
  'receipt-unknown': 'refused',

  'choice-needed': 'refused',
  'wrong-card': 'refused',
  'card-exists': 'refused',
  'card-unknown': 'refused',
  'card-busy': 'refused',
  'card-absent': 'refused',
  'card-unfit': 'refused',
  'file-missing': 'refused',
  'file-exists': 'refused',
  'tool-failed': 'refused',
  'not-confirmed': 'refused',
  interrupted: 'refused',

  'outcome-unknown': 'unresolved',
  'proof-invalid': 'unresolved',
  'books-wrong': 'unresolved',
  'load-unresolved': 'unresolved',
  'books-differ': 'unresolved',
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof kinds;

export type MoneyMoved = 'no' | 'yes' | 'unknown';

/** What to do where the place that refuses knows nothing better: nobody is left standing before a no. */
const nextSteps: Readonly<Record<FailureKind, string>> = {
  usage: './epurse --help lists the commands; --help after a command tells its options.',
  refused: 'Nothing was changed. Mend what was named, and call it again.',
  environment: './epurse doctor says what is wrong here and how to mend it.',
  unresolved: './epurse pos journal --open lists what is open; present those cards again.',
};

/** A failure that a person is told of: what happened, whether money moved, what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly moneyMoved: MoneyMoved;
  readonly next: string;

  constructor(
    readonly code: FailureCode,
    /** One sentence: what happened. */
    message: string,
    details: { readonly moneyMoved?: MoneyMoved; readonly next?: string; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.moneyMoved = details.moneyMoved ?? (kinds[code] === 'unresolved' ? 'unknown' : 'no');
    this.next = details.next ?? nextSteps[kinds[code]];
  }

  get kind(): FailureKind {
    return kinds[this.code];
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** The sentence on money that every failure message carries. */
export function moneySentence(moved: MoneyMoved): string {
  switch (moved) {
    case 'no':
      return 'No money moved.';
    case 'yes':
      return 'Money has moved.';
    case 'unknown':
      return 'Money may have moved; the journal has the transaction.';
  }
}
