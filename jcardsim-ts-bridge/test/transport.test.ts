import { expect } from 'chai';
import { startBridge } from '../src/index.js';
import type { Bridge, Card } from '../src/index.js';
import { commands, expectSuccess, failureOf, readTally, select, tallyOf, tallySpec, toHex } from './support.js';

describe('a card behind the bridge', () => {
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

  it('answers a command with the data and status word of its applet', async () => {
    expect(toHex(await card.transmit(commands.add(0x0102)))).to.equal('01029000');
    expect(toHex(await card.transmit(Uint8Array.of(0x80, 0x7f, 0, 0)))).to.equal('6D00');
    expect(toHex(await card.transmit(Uint8Array.of(0x90, 0x10, 0, 0)))).to.equal('6E00');
  });

  it('answers 6700 to what is no APDU', async () => {
    expect(toHex(await card.transmit(Uint8Array.of(0x80, 0x10)))).to.equal('6700');
    expect(toHex(await card.transmit(new Uint8Array(0)))).to.equal('6700');
  });

  it('carries out commands in the order they were sent, without waiting for answers in between', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => card.transmit(commands.add(1))));
    expect(answers.map((answer) => (answer[0]! << 8) | answer[1]!)).to.deep.equal(
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
  });

  it('sends a list of commands at once and returns every answer', async () => {
    const answers = await card.transmitAll([commands.add(5), Uint8Array.of(0x80, 0x7f, 0, 0), commands.add(6)]);
    expect(answers.map(toHex)).to.deep.equal(['00059000', '6D00', '000B9000']);
  });

  it('gives plain byte arrays: a copy of an answer is a copy', async () => {
    const answer = await card.transmit(commands.add(0x0102));
    answer.slice()[0] = 0xff;
    expect(answer.constructor).to.equal(Uint8Array);
    expect(toHex(answer)).to.equal('01029000');
  });

  it('keeps two cards of one process apart', async () => {
    const other = await bridge.createCard(tallySpec());
    await card.transmit(commands.add(7));
    expect((await tallyOf(other)).total).to.equal(0);
    expect((await readTally(card)).total).to.equal(7);
    await other.close();
  });

  it('gives two cards different random bytes, unless a seed makes them alike', async () => {
    const draw = async (seed?: Uint8Array): Promise<string> => {
      const other = await bridge.createCard(tallySpec(seed ? { seed } : {}));
      await other.powerOn();
      await select(other);
      const bytes = toHex(expectSuccess(await other.transmit(commands.random)));
      await other.close();
      return bytes;
    };
    expect(await draw()).not.to.equal(await draw());
    expect(await draw(new Uint8Array(32).fill(1))).to.equal(await draw(new Uint8Array(32).fill(1)));
    expect(await draw(new Uint8Array(32).fill(1))).not.to.equal(await draw(new Uint8Array(32).fill(2)));
  });

  it('forgets its session at reset and at power-off, and keeps its state', async () => {
    for (const forget of [() => card.reset(), () => card.powerOff().then(() => card.powerOn())]) {
      await card.transmit(commands.remember(0x42));
      expect(toHex(await card.transmit(commands.recall))).to.equal('429000');
      await card.transmit(commands.add(1));
      await forget();
      await select(card);
      expect(toHex(await card.transmit(commands.recall))).to.equal('009000');
    }
    expect((await readTally(card)).total).to.equal(2);
  });

  it('returns the ATR of its specification at power-on and reset', async () => {
    const atr = Uint8Array.of(0x3b, 0x00);
    const other = await bridge.createCard(tallySpec({ atr }));
    expect(await other.powerOn()).to.deep.equal(atr);
    expect(await other.reset()).to.deep.equal(atr);
    await other.close();
  });

  it('refuses a command and a reset without power', async () => {
    await card.powerOff();
    await failureOf(card.transmit(commands.read), 'CardOff');
    await failureOf(card.reset(), 'CardOff');
    const list = await failureOf(card.transmitAll([commands.read]), 'CardOff');
    expect(list.answers).to.deep.equal([]);
  });

  it('refuses everything on a card that was closed', async () => {
    const other = await bridge.createCard(tallySpec());
    await other.close();
    await failureOf(other.powerOn(), 'CardClosed');
    await failureOf(other.close(), 'CardClosed');
  });

  it('refuses to eject a card that is in no reader, and to insert one where no reader is', async () => {
    await failureOf(card.eject(), 'NotInReader');
    await failureOf(card.yank(), 'NotInReader');
    await failureOf(card.insert({ link: 'vpcd', port: 1 }), 'ReaderUnreachable');
    expect((await tallyOf(card)).total).to.equal(0);
  });

  it('refuses an applet class that does not exist, and values out of range', async () => {
    await failureOf(bridge.createCard(tallySpec({ appletClass: 'demo.Missing' })), 'AppletNotFound');
    await failureOf(bridge.createCard(tallySpec({ appletClasspath: '/does/not/exist' })), 'AppletNotFound');
    await failureOf(bridge.createCard(tallySpec({ appletClasspath: [] })), 'BadRequest');
    await failureOf(bridge.createCard(tallySpec({ aid: new Uint8Array(4) })), 'BadRequest');
    await failureOf(bridge.createCard(tallySpec({ seed: new Uint8Array(31) })), 'BadRequest');
    await failureOf(bridge.createCard(tallySpec({ commitCapacity: 0 })), 'BadRequest');
    await failureOf(bridge.createCard(tallySpec({ installParameters: new Uint8Array(128) })), 'BadRequest');
    await failureOf(
      bridge.createCard(tallySpec({ classTransforms: [{ className: 'java.lang.Object' }] })),
      'BadRequest',
    );
  });

  it('takes some ten microseconds for a command from Node to the applet and back (printed)', async () => {
    const rounds = 2000;
    for (let i = 0; i < rounds; i++) await card.transmit(commands.read);
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await card.transmit(commands.read);
    const each = ((performance.now() - start) * 1000) / rounds;
    process.stdout.write(`      direct transmit: ${each.toFixed(1)} µs\n`);
  });
});
