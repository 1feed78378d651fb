/** A batch out of the journal: each transaction number once, numbers left open before once more when they close. Pure. */
import { concat } from '../protocol/codec/bytes.js';
import { moneyToWire } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import type { TerminalCertificate } from '../protocol/certificates/terminal.js';
import { Outcome } from '../protocol/generated/enums.js';
import type { BatchEntryFields, BatchFields, BatchTotalFields } from '../protocol/generated/structures.js';
import type { JournalState, Order } from '../terminal/journal/state.js';

export interface BatchFrame {
  readonly scheme: number;
  readonly terminal: TerminalCertificate;
  /** Version in use now. */
  readonly hotListVersion: number;
  readonly now: Seconds;
}

/** The next batch, or undefined where nothing happened since the last one. */
export function nextBatch(
  journal: JournalState,
  { scheme, terminal, hotListVersion, now }: BatchFrame,
): BatchFields | undefined {
  const last = journal.batches.at(-1);
  const firstTn = (last?.lastTn ?? 0) + 1;
  const fresh = [...journal.orders.values()].filter(({ tn }) => tn >= firstTn);
  const corrected = corrections(journal);
  if (fresh.length === 0 && corrected.length === 0) return undefined;
  const entries = [...fresh.map((order) => entryOf(order, false)), ...corrected.map((order) => entryOf(order, true))];
  const { terminalId, acquirerId, merchantId } = terminal;
  return {
    scheme,
    terminalId,
    acquirerId,
    merchantId,
    batchNumber: (last?.number ?? 0) + 1,
    firstTn,
    lastTn: journal.nextTn - 1,
    hotListVersion,
    closedAt: now,
    totals: totalsOf(entries),
    entries,
  };
}

/** Numbers that a batch reported open and that are closed now. */
function corrections({ batches, orders }: JournalState): Order[] {
  const done = new Set(batches.flatMap((batch) => batch.corrections));
  return batches
    .flatMap((batch) => batch.open)
    .filter((tn) => !done.has(tn))
    .flatMap((tn) => orders.get(tn) ?? [])
    .filter((order) => order.end !== undefined);
}

/** What the terminal says about one of its numbers. */
export function outcomeOf({ end, kind, undoneBy }: Order): Outcome {
  if (end === undefined) return Outcome.open;
  if (end.result === 'void') return Outcome.void;
  if (kind === 'cancel') return Outcome.cancel;
  return undoneBy === undefined ? Outcome.sold : Outcome.cancelled;
}

function entryOf(order: Order, correction: boolean): BatchEntryFields {
  const { tn, cardId, slot, amount, ntSeen, end, cancels } = order;
  const outcome = outcomeOf(order);
  return {
    tn,
    outcome,
    correction: correction ? 1 : 0,
    cardId,
    slot,
    unit: amount.unit.code,
    amount: moneyToWire(amount),
    ntSeen,
    proof: end?.result === 'executed' ? concat(end.record, end.s3) : new Uint8Array(0),
    cancelOrder: outcome === Outcome.cancel && cancels !== undefined ? cancels.signature : new Uint8Array(0),
  };
}

/** Control totals: sold counts every proven purchase, cancel every proven cancel; a unit where nothing moved has none. */
export function totalsOf(entries: readonly BatchEntryFields[]): BatchTotalFields[] {
  const units = [...new Set(entries.filter(moved).map(({ unit }) => unit))].sort((a, b) => a - b);
  return units.map((unit) => {
    const here = entries.filter((entry) => entry.unit === unit && moved(entry));
    const cancels = here.filter(({ outcome }) => outcome === Outcome.cancel);
    const sales = here.filter(({ outcome }) => outcome !== Outcome.cancel);
    return {
      unit,
      soldCount: sales.length,
      soldAmount: sumOf(sales),
      cancelCount: cancels.length,
      cancelAmount: sumOf(cancels),
    };
  });
}

function moved({ outcome }: BatchEntryFields): boolean {
  return outcome === Outcome.sold || outcome === Outcome.cancelled || outcome === Outcome.cancel;
}

function sumOf(entries: readonly BatchEntryFields[]): bigint {
  return entries.reduce((total, { amount }) => total + BigInt(amount), 0n);
}
