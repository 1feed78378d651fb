/** May this merchant be paid for this record? Decided once per (card, NT); what is refused becomes a finding, not an error. */
import type { Book } from './book.js';
import type { MerchantKey } from './accounts.js';
import type { TerminalFault } from './findings.js';
import type { RecordFacts } from './records.js';

export interface Claim {
  readonly terminalId: string;
  readonly merchant: MerchantKey;
  /** Of the terminal's certificate. */
  readonly effective: number;
  readonly expiry: number;
  /** What it sold later is not paid; undefined for a terminal in service. */
  readonly revokedAt: number | undefined;
  /** Most it may debit at once, by unit code. */
  readonly limits: ReadonlyMap<number, bigint>;
  readonly now: number;
  /** Last transaction number of the terminal that its batch accounts for. */
  readonly lastTn: number;
  /** Of the terminal's batches before this one: the last number, and the latest time under any of them; zeros for the first. */
  readonly before: { readonly lastTn: number; readonly closedAt: number };
  /** Seconds after the sale within which it has to be presented. */
  readonly window: number;
  /** First second in which a terminal that keeps its list fresh refuses the card; undefined for a card on no list. */
  readonly refusedFrom: number | undefined;
}

/** `overtaken`: the terminal cancelled the sale after it had closed the batch; there is nothing to pay and nothing to blame. */
export type ClaimResult = 'accepted' | 'repeated' | 'overtaken' | TerminalFault;

/** @param nt of a purchase the book has taken before */
export function claimPurchase(book: Book, nt: number, claim: Claim): ClaimResult {
  const record = book.records.get(nt);
  if (record?.facts.kind !== 'purchase') return 'wrong-record';
  const { facts, clearing } = record;
  if (facts.terminalId !== claim.terminalId || facts.merchant !== claim.merchant) return 'wrong-record';
  switch (clearing) {
    case 'claimed':
      return 'repeated';
    case 'cancelled':
      return cancelledSince(book, nt, claim) ? 'overtaken' : 'cancelled-but-claimed';
    case 'reversed':
      return 'cancelled-but-claimed';
    case 'forfeited':
      return 'void-but-claimed';
    case 'none':
      return 'too-late';
    case 'open':
      break;
  }
  const fault = faultOf(facts, claim);
  if (fault !== undefined) return fault;
  book.claim(record, claim.merchant);
  return 'accepted';
}

/** The card brought the cancel before the terminal brought the batch with the sale. */
function cancelledSince(book: Book, nt: number, { terminalId, lastTn }: Claim): boolean {
  const cancel = book.records.get(nt + 1)?.facts;
  return cancel?.kind === 'cancel' && cancel.terminalId === terminalId && cancel.tn > lastTn;
}

function faultOf(facts: RecordFacts, claim: Claim): TerminalFault | undefined {
  const limit = claim.limits.get(facts.money.unit.code);
  if (limit === undefined || facts.money.amount > limit) return 'above-limit';
  const sold = soldAt(facts, claim);
  if (facts.time < claim.effective || sold >= claim.expiry) return 'certificate-over';
  if (claim.revokedAt !== undefined && sold > claim.revokedAt) return 'terminal-revoked';
  if (claim.refusedFrom !== undefined && sold >= claim.refusedFrom) return 'listed-card';
  if (facts.time + claim.window < claim.now) return 'too-late';
  return undefined;
}

/**
 * The time in a record is the terminal's word, and one that was revoked, or sells to a listed card, has reason to write an earlier one. But what it
 * numbered after it closed a batch, it sold after that, by its own signature. Who dates every closing back as well is not caught by this.
 */
function soldAt({ tn, time }: RecordFacts, { before }: Claim): number {
  return tn > before.lastTn ? Math.max(time, before.closedAt) : time;
}
