/**
 * A batch as a whole: every transaction number accounted for once, in order, and control totals that agree. Whatever is wrong
 * here makes the batch unreadable as evidence, so it is refused whole; a single bad proof is not (claims.ts).
 */
import type { Unit } from '../../protocol/codec/money.js';

export type BatchOutcome = 'sold' | 'cancelled' | 'void' | 'open' | 'cancel';

export interface BatchEntryFacts {
  readonly tn: number;
  readonly outcome: BatchOutcome;
  readonly correction: boolean;
  readonly unit: number;
  readonly amount: bigint;
  readonly proven: boolean;
  readonly ordered: boolean;
}

export interface BatchTotalFacts {
  readonly unit: number;
  readonly soldCount: number;
  readonly soldAmount: bigint;
  readonly cancelCount: number;
  readonly cancelAmount: bigint;
}

export interface BatchFacts {
  readonly batchNumber: number;
  readonly firstTn: number;
  readonly lastTn: number;
  readonly entries: readonly BatchEntryFacts[];
  readonly totals: readonly BatchTotalFacts[];
}

/** What the issuer has from this terminal so far. */
export interface TerminalAccount {
  readonly lastBatch: number;
  readonly lastTn: number;
  /** Numbers reported open and not corrected yet. */
  readonly open: ReadonlySet<number>;
}

/** One sentence that names entry and field, or undefined for a sound batch. @param units those that people know by name */
export function batchFlaw(batch: BatchFacts, terminal: TerminalAccount, units: readonly Unit[]): string | undefined {
  if (batch.batchNumber !== terminal.lastBatch + 1)
    return `batchNumber is ${batch.batchNumber}, the next one is ${terminal.lastBatch + 1}.`;
  if (batch.firstTn !== terminal.lastTn + 1)
    return `firstTn is ${batch.firstTn}, the first one not accounted for is ${terminal.lastTn + 1}.`;
  if (batch.lastTn < batch.firstTn - 1) return `lastTn is ${batch.lastTn}, before firstTn.`;
  return numberingFlaw(batch) ?? correctionFlaw(batch, terminal) ?? entryFlaw(batch) ?? totalsFlaw(batch, units);
}

/** firstTn … lastTn in order, each once. */
function numberingFlaw({ entries, firstTn, lastTn }: BatchFacts): string | undefined {
  const fresh = entries.filter(({ correction }) => !correction);
  const wrong = fresh.findIndex(({ tn }, i) => tn !== firstTn + i);
  const first = fresh[wrong];
  if (first !== undefined) return `Entry ${entries.indexOf(first) + 1}: tn is ${first.tn}, ${firstTn + wrong} is due.`;
  const last = firstTn + fresh.length - 1;
  return last === lastTn ? undefined : `The entries end with tn ${last}, lastTn is ${lastTn}.`;
}

/** A correction closes a number that an earlier batch left open, once. */
function correctionFlaw({ entries }: BatchFacts, { open }: TerminalAccount): string | undefined {
  const corrected = new Set<number>();
  for (const [i, { tn, correction, outcome }] of entries.entries()) {
    if (!correction) continue;
    if (!open.has(tn) || corrected.has(tn))
      return `Entry ${i + 1}: tn ${tn} is not open, so nothing is there to correct.`;
    if (outcome === 'open') return `Entry ${i + 1}: a correction cannot leave tn ${tn} open.`;
    corrected.add(tn);
  }
  return undefined;
}

function entryFlaw({ entries }: BatchFacts): string | undefined {
  for (const [i, { outcome, proven, ordered, amount }] of entries.entries()) {
    const needsProof = outcome === 'sold' || outcome === 'cancelled' || outcome === 'cancel';
    if (needsProof !== proven)
      return `Entry ${i + 1}: proof is ${proven ? 'there' : 'missing'} where outcome is ${outcome}.`;
    if ((outcome === 'cancel') !== ordered)
      return `Entry ${i + 1}: cancelOrder is ${ordered ? 'there' : 'missing'} where outcome is ${outcome}.`;
    if (amount === 0n) return `Entry ${i + 1}: amount is zero.`;
  }
  return undefined;
}

function totalsFlaw({ entries, totals }: BatchFacts, units: readonly Unit[]): string | undefined {
  const counted = totalsOf(entries);
  const stated = new Map(totals.map((total) => [total.unit, total]));
  if (stated.size !== totals.length) return 'totals name a unit twice.';
  for (const unit of new Set([...counted.keys(), ...stated.keys()])) {
    const is = stated.get(unit) ?? emptyTotal(unit);
    const should = counted.get(unit) ?? emptyTotal(unit);
    for (const field of ['soldCount', 'soldAmount', 'cancelCount', 'cancelAmount'] as const) {
      if (is[field] !== should[field])
        return `Total of ${nameOf(units, unit)}: ${field} is ${is[field]}, the entries make ${should[field]}.`;
    }
  }
  return undefined;
}

/** As people call it; a code that no list has, in hexadecimal. */
function nameOf(units: readonly Unit[], code: number): string {
  const unit = units.find((known) => known.code === code);
  return unit?.name ?? `unit ${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** sold counts every proven purchase, cancelled ones too; cancel every proven cancel (apdu-specs/structures.yaml, batchTotal). */
export function totalsOf(entries: readonly BatchEntryFacts[]): Map<number, BatchTotalFacts> {
  const totals = new Map<number, Writable<BatchTotalFacts>>();
  for (const { unit, amount, outcome, proven } of entries) {
    if (!proven) continue;
    const total = totals.get(unit) ?? emptyTotal(unit);
    totals.set(unit, total);
    if (outcome === 'cancel') {
      total.cancelCount++;
      total.cancelAmount += amount;
    } else {
      total.soldCount++;
      total.soldAmount += amount;
    }
  }
  return totals;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function emptyTotal(unit: number): Writable<BatchTotalFacts> {
  return { unit, soldCount: 0, soldAmount: 0n, cancelCount: 0, cancelAmount: 0n };
}
