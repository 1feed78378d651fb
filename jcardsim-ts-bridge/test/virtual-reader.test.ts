import { expect } from 'chai';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBridge } from '../src/index.js';
import type { Bridge, Card } from '../src/index.js';
import { ReaderDouble } from './reader-double.js';
import { commands, failureOf, readTally, select, tallyOf, tallySpec, temporaryFolder, toHex } from './support.js';

describe('a card in a virtual reader', () => {
  let bridge: Bridge;
  let reader: ReaderDouble;
  let card: Card;

  before(async () => {
    bridge = await startBridge();
  });

  beforeEach(async () => {
    reader = await ReaderDouble.open();
    card = await bridge.createCard(tallySpec());
  });

  afterEach(async () => {
    await card.close();
    await reader.close();
  });

  after(() => bridge.close());

  it('tells its ATR, takes power, and answers commands', async () => {
    const insertion = await card.insert(reader.link);
    await reader.cardPresent();
    expect((await reader.powerOn())[0]).to.equal(0x3b);
    await select(reader);
    expect(toHex(await reader.transmit(commands.add(3)))).to.equal('00039000');
    await card.eject();
    await reader.cardGone();
    expect(await insertion.ended).to.equal('ejected');
    expect((await tallyOf(card)).total).to.equal(3);
  });

  it('forgets its session at reset and when the reader cuts the power', async () => {
    await card.insert(reader.link);
    await reader.cardPresent();
    for (const forget of [['reset'], ['off', 'on'], ['on']] as const) {
      await reader.powerOn();
      await select(reader);
      await reader.transmit(commands.remember(0x42));
      forget.forEach((code) => reader.control(code));
      await select(reader);
      expect(toHex(await reader.transmit(commands.recall))).to.equal('009000');
    }
  });

  it('belongs to the reader alone until it is out', async () => {
    await card.insert(reader.link);
    await failureOf(card.transmit(commands.read), 'CardInReader');
    await failureOf(card.transmitAll([commands.read]), 'CardInReader');
    await failureOf(card.powerOn(), 'CardInReader');
    await failureOf(card.reset(), 'CardInReader');
    await failureOf(card.powerOff(), 'CardInReader');
    await failureOf(card.restore(await card.snapshot()), 'CardInReader');
    await failureOf(card.insert(reader.link), 'CardInReader');
    await card.eject();
    await failureOf(card.eject(), 'NotInReader');
    expect((await tallyOf(card)).total).to.equal(0);
  });

  it('can be looked at meanwhile', async () => {
    await card.insert(reader.link);
    await reader.cardPresent();
    await reader.powerOn();
    await select(reader);
    await reader.transmit(commands.add(1));
    expect(await card.counters()).to.include({ commits: 1 });
    expect((await card.memory()).persistentBytes).to.be.greaterThan(0);
  });

  it('goes in and out any number of times', async () => {
    for (let round = 1; round <= 3; round++) {
      const insertion = await card.insert(reader.link);
      await reader.cardPresent();
      await tallyOf(reader);
      expect(toHex(await reader.transmit(commands.add(1)))).to.equal(`000${round}9000`);
      await (round % 2 ? card.eject() : card.yank());
      await reader.cardGone();
      expect(await insertion.ended).to.equal(round % 2 ? 'ejected' : 'yanked');
    }
  });

  it('that loses power in a command is gone from the reader, with what it had written', async () => {
    const insertion = await card.insert(reader.link);
    await reader.cardPresent();
    await reader.powerOn();
    await select(reader);
    await card.cutPowerAt(1);
    reader.send(commands.step);
    await reader.cardGone();
    expect(await insertion.ended).to.equal('power-lost');
    expect(await tallyOf(card)).to.include({ left: 1, right: 0 });
  });

  it('pulled in the middle of commands keeps whole entries', async () => {
    for (let round = 0; round < 3; round++) {
      // a reader of its own each time: the same one would have to notice first that the card has left
      const once = await ReaderDouble.open();
      await card.insert(once.link);
      await once.cardPresent();
      await once.powerOn();
      await select(once);
      for (let i = 0; i < 20; i++) once.send(commands.add(1));
      await card.yank();
      await once.cardGone();
      const { total, entries } = await tallyOf(card);
      expect(total).to.equal(entries);
      await card.powerOff();
      await once.close();
    }
  });

  it('that comes back before its leaving was noticed goes out and in once more, and then gets power', async () => {
    const nextPoll = 250;
    const askLater = (once: ReaderDouble): Promise<void> => sleep(nextPoll).then(() => once.control('atr'));
    const askReset = async (once: ReaderDouble): Promise<void> => once.control('reset');
    const askCommand = async (once: ReaderDouble): Promise<void> => once.send(commands.read);
    for (const stale of [askLater, askReset, askCommand]) {
      const once = await ReaderDouble.open();
      const insertion = await card.insert(once.link);
      await once.cardPresent();
      await stale(once);
      await once.cardGone();
      await once.cardPresent();
      once.control('atr');
      expect((await once.receive())[0]).to.equal(0x3b);
      expect((await tallyOf(once)).total).to.equal(0);
      await card.eject();
      await once.cardGone();
      expect(await insertion.ended).to.equal('ejected');
      await once.close();
    }
  });

  it('is refused by a reader that has another card in it', async () => {
    const occupied = await ReaderDouble.open(true);
    await failureOf(card.insert(occupied.link), 'ReaderOccupied');
    await failureOf(card.eject(), 'NotInReader');
    await occupied.close();
  });

  it('is free again when the reader goes away', async () => {
    const insertion = await card.insert(reader.link);
    await reader.cardPresent();
    await reader.close();
    expect(await insertion.ended).to.equal('reader-gone');
    expect((await tallyOf(card)).total).to.equal(0);
    reader = await ReaderDouble.open();
  });

  it('tells that its stay ended when the Java process dies', async () => {
    const mortal = await startBridge();
    const doomed = await mortal.createCard(tallySpec());
    const insertion = await doomed.insert(reader.link);
    process.kill(mortal.pid, 'SIGKILL');
    expect(await insertion.ended).to.equal('bridge-died');
    await mortal.close();
  });

  it('bound to a file has saved its state before its answer reaches the reader', async () => {
    const file = join(temporaryFolder(), 'tally.card');
    const mortal = await startBridge();
    const durable = await mortal.createCard(tallySpec(), { file });
    await durable.insert(reader.link);
    await reader.cardPresent();
    await reader.powerOn();
    await select(reader);
    await reader.transmit(commands.add(77));
    process.kill(mortal.pid, 'SIGKILL');
    await mortal.close();
    const again = await bridge.openCard({ file }, tallySpec());
    expect((await tallyOf(again)).total).to.equal(77);
    await again.close();
  });

  it('is taken out when the bridge is closed', async () => {
    const other = await startBridge();
    const inserted = await other.createCard(tallySpec());
    const insertion = await inserted.insert(reader.link);
    await reader.cardPresent();
    await tallyOf(reader);
    expect((await readTally(reader)).total).to.equal(0);
    await other.close();
    await reader.cardGone();
    expect(await insertion.ended).to.equal('ejected');
  });
});
