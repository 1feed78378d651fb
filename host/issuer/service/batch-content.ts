/** A batch as sent → what the domain checks, and the proofs in it one by one. */
import { toHex } from '../../protocol/codec/bytes.js';
import { Outcome } from '../../protocol/generated/enums.js';
import type { BatchEntryFields, BatchFields } from '../../protocol/generated/structures.js';
import type { BatchFacts, BatchOutcome } from '../domain/batch.js';
import { recordLength } from '../store/record-facts.js';

export interface EntryContent {
  readonly entry: BatchEntryFields;
  readonly outcome: BatchOutcome;
  readonly cardId: string;
  /** Structure `record`; empty where nothing was executed. */
  readonly record: Uint8Array;
  /** Empty where the terminal has the issuer's word alone. */
  readonly s3: Uint8Array;
}

export function entriesOf({ entries }: BatchFields): readonly EntryContent[] {
  return entries.map((entry) => ({
    entry,
    outcome: outcomeName(entry.outcome),
    cardId: toHex(entry.cardId),
    record: entry.proof.slice(0, recordLength),
    s3: entry.proof.slice(recordLength),
  }));
}

export function batchFacts(batch: BatchFields): BatchFacts {
  return {
    batchNumber: batch.batchNumber,
    firstTn: batch.firstTn,
    lastTn: batch.lastTn,
    entries: batch.entries.map((entry) => ({
      tn: entry.tn,
      outcome: outcomeName(entry.outcome),
      correction: entry.correction !== 0,
      unit: entry.unit,
      amount: BigInt(entry.amount),
      proven: entry.proof.length > 0,
      ordered: entry.cancelOrder.length > 0,
    })),
    totals: batch.totals,
  };
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
