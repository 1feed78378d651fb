/**
 * A card's whole history told again, record after record, from balances of zero: what {@link Book} decided as records came, in
 * whatever order, has to come out the same when they are read in theirs. Holds one card and two records at a time.
 */
import type { CardKey } from './accounts.js';
import { fork } from './book.js';
import type { Clearing, Placement, Standing } from './book.js';
import type { CardFault, Finding } from './findings.js';
import { moved } from './records.js';
import type { RecordFacts } from './records.js';
import { flawOf } from './sequence.js';
import type { PointsRule } from './sequence.js';

export interface ReplayedCard {
  readonly cardId: CardKey;
  readonly standing: Standing;
  readonly fault: CardFault | undefined;
  /** Up to here every record is placed. */
  readonly nt: number;
  /** Shadow balances as they are kept, by slot. */
  readonly balances: readonly bigint[];
}

export interface ReplayedRecord {
  readonly facts: RecordFacts;
  readonly placement: Placement;
  readonly clearing: Clearing;
  readonly claims: ReadonlySet<'sale' | 'reversal'>;
  readonly seenAt: number;
}

/** Records that wait for an earlier one. */
export interface Hole {
  /** Up to here everything is known. */
  readonly nt: number;
  readonly waiting: number;
  /** When the oldest of them came. */
  readonly since: number;
}

export class Replay {
  readonly findings: Finding[] = [];
  /** Where the books contradict themselves: their own fault, not the card's. */
  readonly differences: string[] = [];
  hole: Hole | undefined;
  private balances: readonly bigint[];
  private previous: RecordFacts | undefined;
  private lastClaims: ReplayedRecord['claims'] = new Set();
  private next = 1;
  /** Nothing follows from anything any more: the chain broke, or a closed card's was cut short. */
  private cut = false;
  private newest = 0;
  private readonly forks: RecordFacts[] = [];

  constructor(
    readonly card: ReplayedCard,
    private readonly rules: ReadonlyMap<number, PointsRule>,
  ) {
    this.balances = card.balances.map(() => 0n);
  }

  /** In ascending order of the numbers they are kept under. */
  feed(record: ReplayedRecord): void {
    const { facts, placement } = record;
    if (facts.nt >= fork) {
      this.forks.push(facts);
      return;
    }
    if (facts.nt !== this.next) this.skipped(facts.nt);
    this.next = facts.nt + 1;
    this.checkClaims(record);
    switch (placement) {
      case 'placed':
        this.follow(facts);
        break;
      case 'waiting':
        this.wait(record);
        break;
      case 'broken':
        this.cut = true;
        break;
      case 'late':
        break;
    }
    this.previous = facts;
  }

  /** After the last record of the card. */
  end(): void {
    if (this.next <= this.card.nt && this.card.standing !== 'closed')
      this.differ(`record ${this.next} is gone, though ${this.card.nt} are counted`);
    this.judgeForks();
    const { standing, fault, balances } = this.card;
    if (this.cut || fault !== undefined || standing === 'closed') return;
    for (const [slot, balance] of balances.entries()) {
      const told = this.balances[slot] ?? 0n;
      if (told !== balance)
        this.differ(`slot ${slot}: the records make ${told} minor units, the shadow balance is ${balance}`);
    }
  }

  private skipped(to: number): void {
    if (to > this.card.nt) return;
    // a card that was closed early has holes for good
    if (this.card.standing !== 'closed') this.differ(`record ${this.next} is gone, though ${this.card.nt} are counted`);
    this.cut = true;
  }

  private follow(facts: RecordFacts): void {
    this.newest = Math.max(this.newest, facts.time);
    if (!this.cut) {
      const cancelled = facts.kind === 'cancel' ? this.previous : undefined;
      const flaw = flawOf(facts, this.balances, cancelled, this.rules);
      if (flaw !== undefined) {
        this.find(flaw, flaw, `Record ${facts.nt} is counted, and does not follow: ${flaw}.`);
        this.cut = true;
      }
    }
    this.balances = moved(this.balances, facts);
  }

  private wait({ seenAt }: ReplayedRecord): void {
    const { nt } = this.card;
    const before = this.hole ?? { nt, waiting: 0, since: seenAt };
    this.hole = { nt, waiting: before.waiting + 1, since: Math.min(before.since, seenAt) };
  }

  /** What became of a purchase and who has claimed it say the same. */
  private checkClaims({ facts, clearing, claims }: ReplayedRecord): void {
    if (this.previous !== undefined && facts.kind === 'cancel' && facts.ref === this.previous.nt)
      this.checkCancel(this.previous);
    this.lastClaims = claims;
    const sale = clearing === 'claimed' || clearing === 'reversed';
    if (sale !== claims.has('sale') || (clearing === 'reversed') !== claims.has('reversal'))
      this.differ(`record ${facts.nt} stands as ${clearing}, its claims are [${[...claims].join(', ')}]`);
  }

  private checkCancel(purchase: RecordFacts): void {
    if (!this.lastClaims.has('sale') || this.lastClaims.has('reversal')) return;
    const detail = `Transaction ${purchase.tn} with card ${this.card.cardId} is paid although the terminal's own order undid it.`;
    this.find('cancelled-but-claimed', `tn/${purchase.tn}`, detail, purchase.terminalId);
  }

  /** Second contents later than everything in sequence: the card went back. Otherwise two cards were about at once. */
  private judgeForks(): void {
    const [first] = this.forks;
    if (first === undefined) return;
    const number = first.nt % fork;
    const kind = this.forks.every(({ time }) => time >= this.newest) ? 'rolled-back' : 'cloned';
    const times = kind === 'rolled-back' ? 'after' : 'while';
    const detail = `${this.forks.length} records from number ${number} on exist twice, the second ${times} the first were made.`;
    this.find(kind, kind, detail);
  }

  private find(kind: Finding['kind'], subject: string, detail: string, party: string = this.card.cardId): void {
    this.findings.push({ kind, party, subject, detail });
  }

  private differ(what: string): void {
    this.differences.push(`Card ${this.card.cardId}: ${what}.`);
  }
}
