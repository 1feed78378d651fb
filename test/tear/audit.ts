/** What a desk reads of a card, and whether it adds up: money against records [M1], sums against records, counters that only grow. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { readRecordsBetween, readTotals } from '../../host/protocol/commands/read-log.js';
import { RecordType } from '../../host/protocol/generated/enums.js';
import { logSize, purseSlots } from '../../host/protocol/generated/parameters.js';
import type { RecordFields, TotalsFields } from '../../host/protocol/generated/structures.js';
import { pointsSlot } from '../helpers/personalize.js';
import { meet } from './stage.js';
import type { Stage } from './stage.js';

export interface Audit {
  readonly totals: TotalsFields;
  readonly records: readonly RecordFields[];
  /** Of the last load. */
  readonly loadCounter: number;
}

/** @throws AssertionError when the figures of the card do not follow from its records */
export async function audit(link: CardChannel, stage: Stage): Promise<Audit> {
  const { channel, s1 } = await meet(link, stage, 'desk');
  const totals = await readTotals(channel);
  const oldest = Math.max(1, totals.nt - logSize + 1);
  const records = totals.nt === 0 ? [] : await readRecordsBetween(channel, oldest, totals.nt);
  expect(records.length, 'records').to.equal(totals.nt - oldest + 1);
  const opening = openingOf(totals, records);
  if (oldest === 1) expect(opening, 'balances against all records [M1]').to.deep.equal(nothing);
  replay(opening, records);
  const open = records.filter(({ nt }) => nt > totals.acknowledged);
  expect(totals.offlineSums, 'offline sums against the records after A').to.deep.equal(spentPerSlot(open));
  expect(totals.offlineCount).to.equal(open.filter(({ type }) => type === RecordType.purchase).length);
  return { totals, records, loadCounter: s1.load?.counter ?? 0 };
}

const nothing: readonly number[] = Array.from({ length: purseSlots }, () => 0);

/** What each slot had before the oldest record that is left, if all records since are true. */
function openingOf({ balances }: TotalsFields, records: readonly RecordFields[]): number[] {
  const opening = balances.map(({ balance }) => balance);
  for (const record of records) book(opening, record, -1);
  return opening;
}

/** Each record's own figures have to agree on the way. */
function replay(opening: readonly number[], records: readonly RecordFields[]): void {
  const balances = [...opening];
  for (const record of records) {
    book(balances, record, 1);
    expect(balances[record.slot], `balance of record ${record.nt} [M1]`).to.equal(record.balance);
    expect(balances[pointsSlot], `points balance of record ${record.nt}`).to.equal(record.pointsBalance);
  }
}

/** @param way 1 forward, -1 back */
function book(balances: number[], { type, slot, amount, points }: RecordFields, way: 1 | -1): void {
  const sign = type === RecordType.purchase || type === RecordType.unload ? -1 : 1;
  balances[slot] = (balances[slot] ?? 0) + way * sign * amount;
  const award = type === RecordType.purchase ? points : -points;
  balances[pointsSlot] = (balances[pointsSlot] ?? 0) + way * award;
}

function spentPerSlot(records: readonly RecordFields[]): { balance: number }[] {
  return Array.from({ length: purseSlots }, (_, slot) => ({
    balance: records
      .filter((record) => record.type === RecordType.purchase && record.slot === slot)
      .reduce((sum, { amount }) => sum + amount, 0),
  }));
}

/** Counters never go back; the tries of the PIN neither go up, unless the dialogue is one that may do that [M8]. */
export function expectOnward(from: Audit, to: Audit, triesMayRise: boolean): void {
  const counters = ({ totals, loadCounter }: Audit): Record<string, number> => ({
    nt: totals.nt,
    acknowledged: totals.acknowledged,
    date: totals.date,
    orderCounter: totals.orderCounter,
    blockNumber: totals.blockNumber,
    unblockNumber: totals.unblockNumber,
    orderKeySwitched: totals.orderKeySwitched,
    parametersVersion: totals.parameters.version,
    loadCounter,
  });
  const old = counters(from);
  for (const [name, value] of Object.entries(counters(to))) expect(value, name).to.be.at.least(old[name] ?? 0);
  const oldest = to.records[0]?.nt ?? 1;
  const still = from.records.filter(({ nt }) => nt >= oldest);
  expect(to.records.slice(0, still.length), 'records of before').to.deep.equal(still);
  if (!triesMayRise) expect(to.totals.pinTries, 'PIN tries [M8]').to.be.at.most(from.totals.pinTries);
}
