/**
 * The issuer's book of one card: its shadow balances, the records known so far, and what a further record or claim means.
 * Pure: it is loaded with what is known, told what came, and asked for what changed.
 *
 * A record is placed in sequence (NT after NT); one that comes before its predecessor waits, its money in suspense. A record
 * that does not follow from the one before breaks the book: the card's keys are used outside it, and from then on everything
 * it signs is paid from the fraud account.
 */
import type { Money, Unit } from '../../protocol/codec/money.js';
import type { CardKey, MerchantKey } from './accounts.js';
import type { CancelSource, CardSide, LedgerEvent } from './events.js';
import { describeFinding } from './findings.js';
import type { CardFault, Finding } from './findings.js';
import { moved, sameFacts } from './records.js';
import type { RecordFacts, RecordKind } from './records.js';
import { flawOf } from './sequence.js';
import type { PointsRule } from './sequence.js';

/** retired: closing statement given; lost: replaced; closed: the presentation window is over and the balance paid or on its way. */
export type Standing = 'live' | 'retired' | 'lost' | 'closed';

/** waiting: an earlier record is missing; placed: in sequence; broken: proves a fault; late: after the closing. */
export type Placement = 'waiting' | 'placed' | 'broken' | 'late';

/** Who may have the amount of a purchase. A cancel that came before its purchase is `open` too, with the opposite sign. */
export type Clearing =
  | 'none'
  | 'open'
  | 'claimed'
  | 'cancelled'
  /** Cancelled when the merchant had claimed it: he pays it back. */
  | 'reversed'
  | 'forfeited';

export interface BookRecord {
  readonly facts: RecordFacts;
  readonly placement: Placement;
  readonly clearing: Clearing;
}

export interface BookLoad {
  readonly counter: number;
  readonly kind: Extract<RecordKind, 'load' | 'unload'>;
  readonly slot: number;
  readonly amount: bigint;
  readonly state: 'asked' | 'authorised' | 'credited' | 'given-up';
}

export interface BookState {
  readonly cardId: CardKey;
  readonly units: readonly Unit[];
  readonly standing: Standing;
  /** Set once the card has contradicted itself. */
  readonly fault: CardFault | undefined;
  /** Highest NT up to which every record is placed. */
  readonly nt: number;
  readonly balances: readonly bigint[];
  /** All that wait; beside them at least those whose NT, predecessor or cancel is going to be asked about. */
  readonly records: readonly BookRecord[];
  readonly loads: readonly BookLoad[];
  readonly pointsRules: ReadonlyMap<number, PointsRule>;
  /** Transaction numbers that were signed or answered void: "terminal id/TN". */
  readonly voided: ReadonlySet<string>;
}

/** A card's numbers have 32 bits: a second content under one NT is kept under NT + 2³², a third under NT + 2·2³². */
export const fork = 2 ** 32;

export class Book {
  readonly cardId: CardKey;
  readonly units: readonly Unit[];
  standing: Standing;
  fault: CardFault | undefined;
  nt: number;
  balances: readonly bigint[];
  readonly records: Map<number, BookRecord>;
  readonly loads: Map<number, BookLoad>;
  readonly events: LedgerEvent[] = [];
  readonly findings: Finding[] = [];
  /** NTs whose row is new or changed, in the order of the changes. */
  readonly touched = new Set<number>();
  /** Counters of loads whose state changed. */
  readonly touchedLoads = new Set<number>();
  private readonly pointsRules: ReadonlyMap<number, PointsRule>;
  private readonly voided: ReadonlySet<string>;

  constructor(state: BookState) {
    this.cardId = state.cardId;
    this.units = state.units;
    this.standing = state.standing;
    this.fault = state.fault;
    this.nt = state.nt;
    this.balances = state.balances;
    this.records = new Map(state.records.map((record) => [record.facts.nt, record]));
    this.loads = new Map(state.loads.map((load) => [load.counter, load]));
    this.pointsRules = state.pointsRules;
    this.voided = state.voided;
  }

  /**
   * A record whose signature, or the statement that covers it, was verified.
   *
   * @returns the number it is kept under: its NT, or for a second content under one NT a number of its own ({@link fork})
   */
  take(facts: RecordFacts): number {
    const nt = this.numberFor(facts);
    if (this.records.has(nt)) return nt;
    const kept = nt === facts.nt ? facts : { ...facts, nt };
    if (nt !== facts.nt) this.breakWith('two-contents', `Record ${facts.nt} exists with two contents.`);
    if (this.standing === 'closed') this.takeLate(kept);
    else if (this.fault !== undefined) this.takeBroken(kept);
    else this.takeInOrder(kept);
    this.forfeitIfVoid(kept);
    return nt;
  }

  /** Where this very record is kept or would be. */
  private numberFor(facts: RecordFacts): number {
    let nt = facts.nt;
    for (let known = this.records.get(nt); known !== undefined; known = this.records.get(nt)) {
      if (sameFacts(known.facts, nt === facts.nt ? facts : { ...facts, nt })) break;
      nt += fork;
    }
    return nt;
  }

  /** The purchase that a cancel names, at the terminal that cancels it. */
  private purchaseOf({ ref, terminalId }: RecordFacts): BookRecord | undefined {
    for (let nt = ref, record = this.records.get(nt); record !== undefined; record = this.records.get((nt += fork)))
      if (record.facts.terminalId === terminalId) return record;
    return undefined;
  }

  /** The card has contradicted itself: nothing of it is in sequence any more. */
  breakWith(fault: CardFault, detail: string): void {
    this.find(fault, fault, detail);
    if (this.fault !== undefined) return;
    this.fault = fault;
    for (const record of this.waiting()) this.place(record, 'fraud', 'broken');
  }

  find(kind: Finding['kind'], subject: string, detail: string, party: string = this.cardId): void {
    this.findings.push({ kind, party, subject, detail });
  }

  waiting(): readonly BookRecord[] {
    return [...this.records.values()]
      .filter(({ placement }) => placement === 'waiting')
      .sort((a, b) => a.facts.nt - b.facts.nt);
  }

  put(record: BookRecord): void {
    this.records.set(record.facts.nt, record);
    this.touched.add(record.facts.nt);
  }

  private takeInOrder(facts: RecordFacts): void {
    if (facts.nt <= this.nt) throw new Error(`record ${facts.nt} of ${this.cardId} was not loaded into its book`);
    const unit = this.units[facts.slot];
    if (unit?.code !== facts.money.unit.code) return this.breakBy(facts, 'wrong-unit');
    const loadFault = this.loadFault(facts);
    if (loadFault !== undefined) return this.breakBy(facts, loadFault);
    const side = facts.nt === this.nt + 1 ? this.sequenced(facts) : 'suspense';
    if (side === 'fraud') return;
    this.book(facts, side, side === 'suspense' ? 'waiting' : 'placed');
    if (side !== 'suspense') this.placeWaiting();
  }

  /** The side for the record that is next, or `fraud` after it has broken the book. */
  private sequenced(facts: RecordFacts): CardSide {
    const flaw = flawOf(facts, this.balances, this.purchaseOf(facts)?.facts, this.pointsRules);
    if (flaw === undefined) return this.advance(facts);
    this.breakBy(facts, flaw);
    return 'fraud';
  }

  private advance(facts: RecordFacts): Extract<CardSide, 'cards' | 'closingsUnpaid'> {
    this.nt = facts.nt;
    this.balances = moved(this.balances, facts);
    return this.standing === 'retired' ? 'closingsUnpaid' : 'cards';
  }

  /** The gap before the oldest waiting record may have closed. */
  private placeWaiting(): void {
    for (
      let next = this.records.get(this.nt + 1);
      next?.placement === 'waiting';
      next = this.records.get(this.nt + 1)
    ) {
      const flaw = flawOf(next.facts, this.balances, this.purchaseOf(next.facts)?.facts, this.pointsRules);
      if (flaw !== undefined) return this.breakWith(flaw, sentence(next.facts, flaw));
      this.place(next, this.advance(next.facts), 'placed');
    }
  }

  place({ facts, clearing }: BookRecord, side: Exclude<CardSide, 'suspense'>, placement: Placement): void {
    this.events.push({ kind: 'record-placed', cardId: this.cardId, nt: facts.nt, movement: facts, side });
    this.put({ facts, placement, clearing: this.records.get(facts.nt)?.clearing ?? clearing });
  }

  private breakBy(facts: RecordFacts, fault: CardFault): void {
    this.breakWith(fault, sentence(facts, fault));
    this.takeBroken(facts);
  }

  /** Purchases that a merchant could not refuse are a loss; loads and unloads of such a card move nothing. */
  private takeBroken(facts: RecordFacts): void {
    if (facts.kind !== 'unload' && this.loadFault(facts) === undefined)
      this.book({ ...facts, points: none(facts) }, 'fraud', 'broken', facts);
    else this.put({ facts, placement: 'broken', clearing: 'none' });
  }

  private takeLate(facts: RecordFacts): void {
    this.put({ facts, placement: 'late', clearing: 'none' });
    this.find('record-after-closing', `record/${facts.nt}`, `Record ${facts.nt} came after the card's closing.`);
  }

  /** A load or unload needs an authorisation that says the same and was neither used nor given up. */
  private loadFault(facts: RecordFacts): CardFault | undefined {
    if (facts.kind !== 'load' && facts.kind !== 'unload') return undefined;
    const load = this.loads.get(facts.ref);
    if (load?.state === 'given-up') return 'load-given-up-and-taken';
    const same = load?.kind === facts.kind && load.slot === facts.slot && load.amount === facts.money.amount;
    return same && load.state === 'authorised' ? undefined : 'unauthorised-load';
  }

  private book(movement: RecordFacts, side: CardSide, placement: Placement, facts = movement): void {
    const undone = movement.kind === 'cancel' ? this.undo(facts) : undefined;
    const load = this.loads.get(facts.ref);
    if (load !== undefined && (movement.kind === 'load' || movement.kind === 'unload')) {
      this.loads.set(load.counter, { ...load, state: 'credited' });
      this.touchedLoads.add(load.counter);
    }
    this.events.push({
      kind: 'record-booked',
      cardId: this.cardId,
      nt: facts.nt,
      movement,
      side,
      ...(undone === undefined ? {} : { source: undone.source }),
    });
    this.put({ facts, placement, clearing: undone?.clearing ?? this.firstClearing(facts) });
  }

  /** A purchase whose cancel came first is nobody's. */
  private firstClearing(facts: RecordFacts): Clearing {
    if (facts.kind !== 'purchase') return 'none';
    const cancel = this.records.get(facts.nt + 1);
    const isOurs = cancel?.facts.ref === facts.nt && cancel.facts.terminalId === facts.terminalId;
    if (!isOurs || cancel.facts.kind !== 'cancel' || cancel.clearing !== 'open') return 'open';
    this.put({ ...cancel, clearing: 'none' });
    return 'cancelled';
  }

  /** Takes the cancelled purchase from whoever could have had it. */
  private undo(facts: RecordFacts): { readonly source: CancelSource; readonly clearing: Clearing } {
    const purchase = this.purchaseOf(facts);
    switch (purchase?.clearing) {
      case undefined:
        return { source: 'clearing', clearing: 'open' };
      case 'claimed':
        this.put({ ...purchase, clearing: 'reversed' });
        return { source: 'merchant', clearing: 'none' };
      case 'open':
        this.put({ ...purchase, clearing: 'cancelled' });
        return { source: 'clearing', clearing: 'none' };
      case 'forfeited':
      case 'cancelled':
      case 'reversed':
      case 'none':
        this.find(
          'cancel-after-forfeit',
          `record/${facts.nt}`,
          `Record ${facts.nt} cancels what was given back before.`,
        );
        return { source: 'fraud', clearing: 'none' };
    }
  }

  /** A terminal signed this order void: should the card have executed it all the same, the holder gets it back. */
  forfeitOrder(terminalId: string, tn: number): void {
    for (const { facts } of this.records.values())
      if (facts.kind === 'purchase' && facts.terminalId === terminalId && facts.tn === tn) this.forfeit(facts.nt);
  }

  private forfeitIfVoid(facts: RecordFacts): void {
    if (facts.kind === 'purchase' && this.voided.has(`${facts.terminalId}/${facts.tn}`)) this.forfeit(facts.nt);
  }

  /** The card gave its closing statement: what it holds is owed to the holder from now on. */
  retire(): void {
    this.standing = 'retired';
    this.events.push({ kind: 'card-retired', cardId: this.cardId, balances: this.owed() });
  }

  /**
   * The presentation window of a retired or lost card is over: what still waits for a record that never came is placed as far as
   * the balances reach, and the rest is owed to the holder.
   */
  close(): void {
    if (this.standing === 'lost') this.assumeLoads();
    for (const record of this.waiting()) {
      const short = moved(this.balances, record.facts).some((balance) => balance < 0n);
      this.place(record, short ? 'fraud' : this.advance(record.facts), short ? 'broken' : 'placed');
    }
    if (this.standing === 'lost') this.retire();
    this.standing = 'closed';
  }

  /** A lost card says no more whether it took a load: on the card or not, the money was its holder's. */
  private assumeLoads(): void {
    for (const load of this.loads.values()) {
      const { kind, counter, slot, amount, state } = load;
      const unit = this.units[slot];
      if (kind !== 'load' || state !== 'authorised' || unit === undefined) continue;
      this.balances = this.balances.map((balance, other) => (other === slot ? balance + amount : balance));
      this.loads.set(counter, { ...load, state: 'credited' });
      this.touchedLoads.add(counter);
      this.events.push({ kind: 'load-assumed', cardId: this.cardId, counter, slot, money: { amount, unit } });
    }
  }

  private owed(): readonly Money[] {
    return this.units.map((unit, slot) => ({ amount: this.balances[slot] ?? 0n, unit }));
  }

  /** The merchant is owed this open purchase. One booked in the same round is his from the first. */
  claim(record: BookRecord, merchant: MerchantKey): void {
    const { nt, money } = record.facts;
    const at = this.events.findLastIndex((event) => event.kind === 'record-booked' && event.nt === nt);
    const booked = this.events[at];
    if (booked?.kind === 'record-booked') this.events[at] = { ...booked, claimedBy: merchant };
    else this.events.push({ kind: 'purchase-claimed', cardId: this.cardId, nt, money, merchant });
    this.put({ ...record, clearing: 'claimed' });
  }

  /** Nobody may claim this purchase any more. True where that is news. */
  forfeit(nt: number): boolean {
    const record = this.records.get(nt);
    if (record?.clearing !== 'open' || record.facts.kind !== 'purchase') return false;
    const to = record.placement === 'broken' ? 'fraud' : 'holdersPayable';
    this.events.push({ kind: 'purchase-forfeited', cardId: this.cardId, nt, money: record.facts.money, to });
    this.put({ ...record, clearing: 'forfeited' });
    return true;
  }
}

function none(facts: RecordFacts): RecordFacts['points'] {
  return { amount: 0n, unit: facts.points.unit };
}

function sentence(facts: RecordFacts, fault: CardFault): string {
  return `Record ${facts.nt} (${facts.kind} of ${facts.money.amount} minor units of ${facts.money.unit.name}): ${describeFinding(fault)}.`;
}
