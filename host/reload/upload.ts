/** The log after A as the issuer takes it: records, the cancel orders among them, and the statement that seals both. */
import { keptCancelOrderCodec, recordCodec, statementCodec } from '../protocol/generated/structures.js';
import type { UploadedLog } from '../protocol/issuer/port.js';
import type { ClaimedStatement } from '../terminal/flow/card.js';
import type { CollectedLog, Visit } from './types.js';

export function uploadOf(
  { card }: Visit,
  log: CollectedLog | undefined,
  { statement, signature }: ClaimedStatement,
): UploadedLog {
  const records = (log?.records ?? []).filter(({ nt }) => nt > statement.acknowledged);
  return {
    cardId: card.cardId,
    statement: statementCodec.encode(statement),
    signature,
    records: records.map((record) => recordCodec.encode(record)),
    cancelOrders:
      records.length === 0 ? [] : (log?.cancelOrders ?? []).map((order) => keptCancelOrderCodec.encode(order)),
  };
}
