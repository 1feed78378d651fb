/** Structure `record` ↔ what the domain works with. */
import { moneyFromWire } from '../../protocol/codec/money.js';
import type { Unit } from '../../protocol/codec/money.js';
import { RecordType } from '../../protocol/generated/enums.js';
import { pointsSlot } from '../../protocol/generated/parameters.js';
import { recordCodec } from '../../protocol/generated/structures.js';
import type { RecordFields } from '../../protocol/generated/structures.js';
import type { RecordFacts, RecordKind } from '../domain/records.js';
import { hex } from './copy.js';

/** Bytes of structure `record`; an S3 follows in a proof. */
export const recordLength = 55;

/**
 * @param units of the card's slots
 * @throws Error for bytes that are no record, or a unit nobody knows
 */
export function recordFacts(content: Uint8Array, units: readonly Unit[]): RecordFacts {
  const record = recordCodec.decode(content);
  const pointsUnit = units[pointsSlot];
  if (pointsUnit === undefined) throw new RangeError('a card without loyalty slot');
  return {
    kind: kindOf(record),
    nt: record.nt,
    tn: record.tn,
    terminalId: hex(record.terminalId),
    merchant: hex(record.acquirerId) + hex(record.merchantId),
    slot: record.slot,
    money: moneyFromWire(record.amount, record.unit),
    balance: BigInt(record.balance),
    points: { amount: BigInt(record.points), unit: pointsUnit },
    pointsSlot,
    pointsBalance: BigInt(record.pointsBalance),
    time: record.time,
    parametersVersion: record.parametersVersion,
    ref: record.ref,
  };
}

function kindOf({ type }: RecordFields): RecordKind {
  switch (type) {
    case RecordType.purchase:
      return 'purchase';
    case RecordType.cancel:
      return 'cancel';
    case RecordType.load:
      return 'load';
    case RecordType.unload:
      return 'unload';
  }
}
