/** A batch as sent → what the domain checks, and the proofs in it one by one. */
import { Outcome } from '../../protocol/generated/enums.js';
import type { BatchEntryFields, BatchFields } from '../../protocol/generated/structures.js';
import type { BatchEntryFacts, BatchFacts, BatchOutcome } from '../domain/batch.js';
import { hex } from '../store/copy.js';
import { recordLength } from '../store/record-facts.js';

export interface EntryContent extends BatchEntryFacts {
  readonly entry: BatchEntryFields;
  readonly cardId: string;
  /** Structure `record`; empty where nothing was executed. */
  readonly record: Uint8Array;
  /** Empty where the terminal has the issuer's word alone. */
  readonly s3: Uint8Array;
}

export function entriesOf({ entries }: BatchFields): readonly EntryContent[] {
  return entries.map((entry) => ({
    entry,
    tn: entry.tn,
    outcome: outcomeName(entry.outcome),
    correction: entry.correction !== 0,
    unit: entry.unit,
    amount: BigInt(entry.amount),
    proven: entry.proof.length > 0,
    ordered: entry.cancelOrder.length > 0,
    cardId: hex(entry.cardId),
    record: entry.proof.subarray(0, recordLength),
    s3: entry.proof.subarray(recordLength),
  }));
}

export function batchFacts(
  { batchNumber, firstTn, lastTn, totals }: BatchFields,
  entries: readonly EntryContent[],
): BatchFacts {
  return { batchNumber, firstTn, lastTn, entries, totals };
}

function outcomeName(outcome: Outcome): BatchOutcome {
  switch (outcome) {
    case Outcome.sold:
      return 'sold';
    case Outcome.cancelled:
      return 'cancelled';
    case Outcome.void:
      return 'void';
    case Outcome.open:
      return 'open';
    case Outcome.cancel:
      return 'cancel';
  }
}
