import { expect } from 'chai';
import { startBridge } from '../src/index.js';
import type { Bridge, Card } from '../src/index.js';
import { commands, failureOf, select, tallyOf, tallySpec, toHex } from './support.js';

describe('a power cut', () => {
  let bridge: Bridge;
  let card: Card;

  before(async () => {
    bridge = await startBridge();
  });

  beforeEach(async () => {
    card = await bridge.createCard(tallySpec());
    await card.powerOn();
    await select(card);
  });

  afterEach(() => card.close());
  after(() => bridge.close());

  it('before any write of a transaction leaves none of them, after the last leaves all', async () => {
    await card.transmit(commands.add(1));
    const writes = (await card.counters()).persistentWrites;
    expect(writes).to.be.at.least(2);
    const start = await card.snapshot();
    for (let n = 0; n <= writes; n++) {
      await card.restore(start);
      await card.cutPowerAt(n);
      const lost = await failureOf(card.transmit(commands.add(1)), 'PowerLost');
      expect(lost.writesDone).to.equal(n);
      const { total, entries } = await tallyOf(card);
      expect([total, entries]).to.deep.equal(n < writes ? [1, 1] : [2, 2]);
    }
  });

  it('at every point of a command in one call leaves what single cuts leave, and the card as it was', async () => {
    const found = await card.cutEverywhere(commands.add(1));
    expect(found.outcomes.map(({ write }) => write)).to.deep.equal([0, found.points - 1]);
    expect(found.outcomes.reduce((sum, { points }) => sum + points, 0)).to.equal(found.points);
    expect(found.commitBytes).to.be.greaterThan(0);
    expect(toHex(await card.transmit(commands.add(1)))).to.equal('00019000');
    for (const [index, { state }] of found.outcomes.entries()) {
      await card.restore(state);
      expect(await tallyOf(card)).to.include({ total: index });
    }
  });

  it('at every point is refused to a card without power', async () => {
    await card.powerOff();
    await failureOf(card.cutEverywhere(commands.add(1)), 'CardOff');
  });

  it('between two writes without a transaction leaves the first alone', async () => {
    await card.cutPowerAt(1);
    await failureOf(card.transmit(commands.step), 'PowerLost');
    expect(await tallyOf(card)).to.include({ left: 1, right: 0 });
  });

  it('switches the card off, with its session', async () => {
    await card.transmit(commands.remember(0x42));
    await card.cutPowerAt(0);
    await failureOf(card.transmit(commands.add(1)), 'PowerLost');
    await failureOf(card.transmit(commands.read), 'CardOff');
    await card.powerOn();
    await select(card);
    expect(toHex(await card.transmit(commands.recall))).to.equal('009000');
  });

  it('is used up by one command that makes fewer writes, and can be taken back', async () => {
    await card.cutPowerAt(50);
    expect(toHex(await card.transmit(commands.add(1)))).to.equal('00019000');
    await card.cutPowerAt(0);
    await card.disarm();
    expect(toHex(await card.transmit(commands.add(1)))).to.equal('00029000');
    expect(toHex(await card.transmit(commands.add(1)))).to.equal('00039000');
  });

  it('within a list of commands gives back the answers of those before', async () => {
    await card.cutPowerAt(0);
    const lost = await failureOf(card.transmitAll([commands.add(1), commands.add(2)]), 'PowerLost');
    expect(lost.answers).to.deep.equal([]);
    expect(lost.writesDone).to.equal(0);
    await card.powerOn();
    await select(card);
    const half = await failureOf(
      (async () => {
        await card.transmit(commands.add(1));
        await card.powerOff();
        return card.transmitAll([commands.add(1)]);
      })(),
      'CardOff',
    );
    expect(half.answers).to.deep.equal([]);
  });

  it('comes at write 0, 1, 2, … and nowhere else', async () => {
    for (const n of [-1, 0.5, Number.NaN, 2 ** 31]) await failureOf(card.cutPowerAt(n), 'BadRequest');
  });

  it('during install leaves a blank card on which install succeeds', async () => {
    for (let n = 0; n < 3; n++) {
      const blank = await bridge.createCard(tallySpec(), { blank: true });
      await blank.cutPowerAt(n);
      const cut = await blank.install().then(
        () => false,
        () => true,
      );
      if (cut) await blank.install();
      expect((await tallyOf(blank)).total).to.equal(0);
      await blank.close();
    }
  });
});

describe('a snapshot', () => {
  let bridge: Bridge;
  let card: Card;

  before(async () => {
    bridge = await startBridge();
    card = await bridge.createCard(tallySpec());
    await card.powerOn();
    await select(card);
  });

  after(() => bridge.close());

  it('brings back state, session and random bytes, as often as wanted', async () => {
    await card.transmit(commands.add(5));
    await card.transmit(commands.remember(0x42));
    const snapshot = await card.snapshot();
    const next = toHex(await card.transmit(commands.random));
    for (let round = 0; round < 3; round++) {
      await card.transmit(commands.add(1));
      await card.transmit(commands.remember(0x43));
      await card.restore(snapshot);
      expect(toHex(await card.transmit(commands.random))).to.equal(next);
      expect(toHex(await card.transmit(commands.recall))).to.equal('429000');
      expect(toHex(await card.transmit(commands.add(1)))).to.equal('00069000');
    }
    await card.dropSnapshot(snapshot);
  });

  it('that was dropped, or is of another card, is refused', async () => {
    const snapshot = await card.snapshot();
    await card.dropSnapshot(snapshot);
    await failureOf(card.restore(snapshot), 'SnapshotUnknown');
    const other = await bridge.createCard(tallySpec());
    await failureOf(other.restore(await card.snapshot()), 'SnapshotUnknown');
    await failureOf(other.dropSnapshot(snapshot), 'SnapshotUnknown');
    await other.close();
  });
});
