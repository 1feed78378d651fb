/** What a desk reads of a card, and whether it adds up: money against records [M1], sums against records, counters that only grow. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { readRecordsBetween, readTotals } from '../../host/protocol/commands/read-log.js';
import { RecordType } from '../../host/protocol/generated/enums.js';
import { purseSlots } from '../../host/protocol/generated/parameters.js';
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
  const records = totals.nt === 0 ? [] : await readRecordsBetween(channel, 1, totals.nt);
  expect(records.length, 'records').to.equal(totals.nt);
  expect(totals.balances, 'balances against all records [M1]').to.deep.equal(replay(records));
  const open = records.filter(({ nt }) => nt > totals.acknowledged);
  expect(totals.offlineSums, 'offline sums against the records after A').to.deep.equal(spentPerSlot(open));
  expect(totals.offlineCount).to.equal(open.filter(({ type }) => type === RecordType.purchase).length);
  return { totals, records, loadCounter: s1.load?.counter ?? 0 };
}

/** Balances after all records, from nothing; each record's own figures have to agree on the way. */
function replay(records: readonly RecordFields[]): { balance: number }[] {
  const balances = Array.from({ length: purseSlots }, () => 0);
  for (const { type, nt, slot, amount, balance, points, pointsBalance } of records) {
    const sign = type === RecordType.purchase || type === RecordType.unload ? -1 : 1;
    balances[slot] = (balances[slot] ?? 0) + sign * amount;
    const award = type === RecordType.purchase ? points : -points;
    balances[pointsSlot] = (balances[pointsSlot] ?? 0) + award;
    expect(balances[slot], `balance of record ${nt}`).to.equal(balance);
    expect(balances[pointsSlot], `points balance of record ${nt}`).to.equal(pointsBalance);
  }
  return balances.map((balance) => ({ balance }));
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
  expect(to.records.slice(0, from.records.length), 'records of before').to.deep.equal(from.records);
  if (!triesMayRise) expect(to.totals.pinTries, 'PIN tries [M8]').to.be.at.most(from.totals.pinTries);
}
