/** The entries of an accepted batch: what its bytes say, and what became of those that were not simply paid. */
import { batchCodec } from '../../protocol/generated/structures.js';
import type { BatchOutcome } from '../domain/batch.js';
import type { Db } from '../store/database.js';
import { entriesOf } from './batch-content.js';

export interface BatchEntry {
  readonly tn: bigint;
  readonly outcome: BatchOutcome;
  readonly cardId: string;
  readonly unit: number;
  readonly amount: bigint;
  /** `accepted`, `noted`, or the fault that kept it from being paid. */
  readonly result: string;
  readonly correctedIn: bigint | null;
}

/** @returns in the order of the terminal's numbers; none for a batch that was never accepted */
export async function batchEntriesOf(db: Db, terminalId: string, number: bigint): Promise<BatchEntry[]> {
  const batch = await db
    .selectFrom('batch')
    .select('content')
    .where('terminal_id', '=', terminalId)
    .where('number', '=', number)
    .executeTakeFirst();
  if (batch === undefined) return [];
  const apart = await db
    .selectFrom('batch_entry')
    .select(['tn', 'result', 'corrected_in'])
    .where('terminal_id', '=', terminalId)
    .where('batch', '=', number)
    .execute();
  const rows = new Map(apart.map((row) => [Number(row.tn), row]));
  return entriesOf(batchCodec.decode(new Uint8Array(batch.content)))
    .map(({ entry, outcome, cardId }): BatchEntry => {
      const row = rows.get(entry.tn);
      return {
        tn: BigInt(entry.tn),
        outcome,
        cardId,
        unit: entry.unit,
        amount: BigInt(entry.amount),
        result: row?.result ?? 'accepted',
        correctedIn: row?.corrected_in ?? null,
      };
    })
    .sort((a, b) => Number(a.tn - b.tn));
}
