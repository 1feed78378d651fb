import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { startBridge } from '../src/index.js';
import type { Bridge, Card } from '../src/index.js';
import { commands, select, tallySpec, toHex } from './support.js';

describe('what a card reports about itself', () => {
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

  it('counts writes, commits, random bytes and APDU bytes of one command', async () => {
    await card.transmit(commands.add(1));
    const add = await card.counters();
    expect(add).to.include({ commits: 1, commands: 1, apduBytesIn: 7, apduBytesOut: 4, writesAtomic: 0, sign: 0 });
    expect(add.writesInTransaction).to.equal(2);
    expect(add.bytesInTransaction).to.equal(4);
    expect(add.persistentWrites).to.equal(2);
    await card.transmit(commands.random);
    expect(await card.counters()).to.include({ randomCalls: 1, randomBytes: 16, persistentWrites: 0 });
    await card.transmit(commands.step);
    expect(await card.counters()).to.include({ writesAtomic: 2, commits: 0, persistentWrites: 2 });
  });

  it('adds up since a mark', async () => {
    await card.mark();
    await card.transmitAll([commands.add(1), commands.step, commands.read]);
    expect(await card.counters('since-mark')).to.include({ commands: 3, commits: 1, persistentWrites: 4 });
    await card.mark();
    expect(await card.counters('since-mark')).to.include({ commands: 0, persistentWrites: 0 });
  });

  it('tells equal persistent states from different ones, line by line, leaving out what is asked', async () => {
    const start = await card.persistentState();
    expect(toHex(start.digest)).to.equal(createHash('sha256').update(start.text).digest('hex').toUpperCase());
    await card.transmit(commands.remember(1));
    await card.transmit(commands.read);
    await card.transmit(commands.random);
    expect(await card.persistentState()).to.deep.equal(start);
    await card.transmit(commands.add(1));
    const after = await card.persistentState();
    expect(toHex(after.digest)).not.to.equal(toHex(start.digest));
    const changed = after.text.split('\n').filter((line) => !start.text.includes(`${line}\n`) && line !== '');
    expect(changed.join()).to.match(
      /TallyApplet\.total.*TallyApplet\.entries|TallyApplet\.entries.*TallyApplet\.total/,
    );
    const except = ['TallyApplet.total', 'TallyApplet.entries'];
    const leftOut = await card.persistentState({ except });
    await card.transmit(commands.add(1));
    expect(await card.persistentState({ except })).to.deep.equal(leftOut);
  });

  it('counts its memory within the capacities of its specification', async () => {
    const small = await bridge.createCard(
      tallySpec({ persistentCapacity: 2000, transientCapacity: 100, commitCapacity: 64 }),
    );
    const memory = await small.memory();
    expect(memory).to.include({ persistentCapacity: 2000, transientCapacity: 100, commitCapacity: 64 });
    expect(memory.transientResetBytes).to.equal(1);
    expect(memory.persistentBytes).to.be.within(8, 2000);
    expect(memory.persistentByKind.map((usage) => usage.kind).join()).to.contain('TallyApplet');
    expect(memory.allocationsAfterInstall).to.equal(0);
    await small.close();
  });

  it('tells of exceptions that nobody caught, which a terminal sees as 6F00 only', async () => {
    expect(toHex(await card.transmit(commands.fail))).to.equal('6F00');
    const [fault, ...more] = await card.faults();
    expect(more).to.deep.equal([]);
    expect(fault?.kind).to.equal('UNCAUGHT_EXCEPTION');
    expect(toHex(fault?.apduHeader ?? new Uint8Array(0))).to.equal('801E0000');
    expect(`${fault?.message} ${fault?.stackTrace}`).to.contain('ArrayIndexOutOfBoundsException');
  });
});
