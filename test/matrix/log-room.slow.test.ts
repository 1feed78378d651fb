// The log holds what the issuer does not have yet; a purchase leaves room for the ways out, a late SYNC gives nothing [R14].
import { expect } from 'chai';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { getRecord } from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readRecordsBetween, readTotals } from '../../host/protocol/commands/read-log.js';
import { money } from '../../host/protocol/codec/money.js';
import { LoadState, LoadType, Role } from '../../host/protocol/generated/enums.js';
import { logSize, purchaseReserve } from '../../host/protocol/generated/parameters.js';
import type { CreditAuthorisationFields, RecordFields } from '../../host/protocol/generated/structures.js';
import { emptyLogHash, runningHash } from '../../host/protocol/proofs/running-hash.js';
import { freshCard, lastingTerminal } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { euroSlot } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { euro, startTime } from '../helpers/scheme.js';
import { cancel, desk, kiosk, limits, pay, pin, pos } from './reasons/scenario.js';
import type { Place } from './reasons/scenario.js';

const wide = { pinlessSingle: 500_00, pinlessSum: 5_000_00, offlineSum: 5_000_00 };

const otherKiosk = lastingTerminal(Role.load, 'log room');

/** What the issuer acknowledged before all this: the first of the fixture's two loads. */
const acknowledged = 1;

describe('A full log [R14]', function () {
  this.timeout(60_000);

  it('has room for one cancel, one load and one unload behind the last purchase, and for nothing after', async () => {
    const { card, session } = await fullOfPurchases();
    await refused(pay(1n)({ card, session }), 'logFull', 'logFull');
    expect(session.s1.logFull).to.equal(false);
    expect((await card.open(pos)).s1.logFull).to.equal(true);
    const till = await card.open(pos);
    await cancel({ nt: acknowledged + logSize - purchaseReserve, amount: 1n })({ card, session: till });
    await loadWithoutSync(card, LoadType.load);
    await loadWithoutSync(card, LoadType.unload);
    const { totals } = await readAll(card);
    expect(totals.nt - totals.acknowledged).to.equal(logSize);
    await refused(loadWithoutSync(card, LoadType.load), 'logFull', 'logFull');
  });

  it('is taken up whole, and then takes purchases again', async () => {
    const { card } = await fullOfPurchases();
    const { records, totals } = await readAll(card);
    await sync(card, totals.nt, records);
    await pay(1n)({ card, session: await card.open(pos) });
    const after = await readAll(card);
    expect(after.totals).to.include({ acknowledged: totals.nt, nt: totals.nt + 1, offlineCount: 1 });
  });

  it('gives back by a late SYNC only what that SYNC knows of', async () => {
    const { card } = await fullOfPurchases();
    const { records } = await readAll(card);
    await sync(card, 11, records);
    const { totals } = await readAll(card);
    const left = records.filter(({ nt }) => nt > 11);
    expect(totals).to.include({ acknowledged: 11, offlineCount: left.length });
    expect(totals.offlineSums[euroSlot]).to.deep.equal({ balance: left.length });
    await sync(card, 11, records); // again: the same
    expect((await readAll(card)).totals).to.deep.equal(totals);
    const old = card.orders.sync({ acknowledged: 10, runningHash: hashUpTo(10, records), date: startTime });
    await refused(putOrder(await card.open(desk), old), 'conditions', 'stale');
  });

  it('has lost the oldest records once they were acknowledged and overwritten, and says so', async () => {
    const { card } = await fullOfPurchases();
    const { records, totals } = await readAll(card);
    await sync(card, totals.nt, records);
    const session = await card.open(pos);
    for (let i = 0; i < 5; i++) await pay(1n)({ card, session });
    await refused(getRecord(await card.open(desk), 1), 'recordNotFound');
    expect((await getRecord(await card.open(desk), totals.nt)).record).to.deep.equal(records.at(-1));
  });
});

describe('A pending load', () => {
  it('is credited even where the maximum balance has come down meanwhile [R1]', async () => {
    const { card, fields, signature } = await asked(LoadType.load, 50_00n);
    await limits({ maxBalance: 130_00 })({ card, session: await card.open(desk) });
    const { record } = await credit(await card.open(kiosk), fields, signature);
    expect(record.balance).to.equal(170_00);
  });

  it('is given up where an unload can no longer be done', async () => {
    const { card, fields, signature } = await asked(LoadType.unload, 100_00n);
    const atPos = { card, session: await card.open(pos) };
    await pin(atPos);
    await pay(30_00n)(atPos);
    await refused(credit(await card.open(kiosk), fields, signature), 'conditions', 'balance');
    const end = await cancelLoad(await card.open(kiosk), fields.counter);
    expect(end.kind === 'statement' && end.proof.statement.register.state).to.equal(LoadState.cancelled);
  });

  it('is credited at another kiosk, without PIN, under an authorisation with an older A', async () => {
    const { card, fields, signature } = await asked(LoadType.load, 5_00n, {
      acknowledged: 0,
      runningHash: emptyLogHash,
    });
    const { record } = await credit(await card.open(otherKiosk), fields, signature);
    expect(record.balance).to.equal(125_00);
    expect((await readAll(card)).totals.acknowledged).to.equal(acknowledged);
  });
});

/** Purchases of a cent until the card takes no more. */
async function fullOfPurchases(): Promise<Place> {
  const card = await freshCard('active', 'log room');
  await limits(wide, { offlineCount: 255 })({ card, session: await card.open(desk) });
  const session = await card.open(pos);
  for (let i = acknowledged; i < logSize - purchaseReserve; i++) await pay(1n)({ card, session });
  return { card, session };
}

interface Asked {
  readonly card: TestCard;
  readonly fields: CreditAuthorisationFields;
  readonly signature: Uint8Array;
}

async function asked(type: LoadType, cents: bigint, changes: Partial<CreditAuthorisationFields> = {}): Promise<Asked> {
  const card = await freshCard('active', 'log room');
  return { card, ...(await ask(card, type, cents, changes)) };
}

async function ask(
  card: TestCard,
  type: LoadType,
  cents: bigint,
  changes: Partial<CreditAuthorisationFields>,
): Promise<Omit<Asked, 'card'>> {
  const session = await card.open(kiosk);
  await pin({ card, session });
  const { statement } = await initLoad(session, { type, slot: euroSlot, amount: money(cents, euro), time: startTime });
  return card.orders.authorise(statement, startTime, changes);
}

/** A load whose authorisation brings no newer A. */
async function loadWithoutSync(card: TestCard, type: LoadType): Promise<void> {
  const { fields, signature } = await ask(card, type, 1_00n, { acknowledged: 0, runningHash: emptyLogHash });
  await credit(await card.open(kiosk), fields, signature);
}

async function readAll(
  card: TestCard,
): Promise<{ totals: Awaited<ReturnType<typeof readTotals>>; records: RecordFields[] }> {
  const session = await card.open(desk);
  const totals = await readTotals(session);
  return { totals, records: await readRecordsBetween(session, Math.max(1, totals.nt - logSize + 1), totals.nt) };
}

function hashUpTo(nt: number, records: readonly RecordFields[]): Uint8Array {
  return runningHash(emptyLogHash, records.slice(0, nt));
}

async function sync(card: TestCard, nt: number, records: readonly RecordFields[]): Promise<void> {
  const order = card.orders.sync({ acknowledged: nt, runningHash: hashUpTo(nt, records), date: startTime });
  await putOrder(await card.open(desk), order);
}
