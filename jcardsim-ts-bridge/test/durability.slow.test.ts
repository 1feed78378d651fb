import { expect } from 'chai';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBridgeError, startBridge } from '../src/index.js';
import type { Bridge, Card } from '../src/index.js';
import { commands, expectSuccess, failureOf, select, tallyOf, tallySpec, temporaryFolder, toHex } from './support.js';

/** Layout of an image file, as ImageFile.java describes it. */
const magicAt = 0;
const slotSizeAt = 8;
const headerBlock = 4096;
const slotHeader = 16;

describe('a card bound to an image file', () => {
  let file: string;
  let bridge: Bridge;
  let card: Card;

  before(async () => {
    bridge = await startBridge();
  });

  beforeEach(async () => {
    file = join(temporaryFolder(), 'tally.card');
    card = await bridge.createCard(tallySpec(), { file });
    await card.powerOn();
    await select(card);
  });

  afterEach(() => closeCard());
  after(() => bridge.close());

  it('keeps its state when the process is killed right after an answer', async () => {
    await card.transmit(commands.add(1000));
    await kill();
    expect(await reopened()).to.deep.equal({ total: 1000, entries: 1, left: 0, right: 0 });
  });

  it('killed at any moment holds the state of the last answer or of the command under way', async () => {
    for (let round = 0; round < 4; round++) {
      const before = (await tallyOf(card)).entries;
      let answered = 0;
      const adding = (async () => {
        for (;;) {
          await card.transmit(commands.add(1));
          answered++;
        }
      })().catch(() => undefined);
      await sleep(randomInt(5, 60));
      await kill();
      await adding;
      card = await bridge.openCard({ file }, tallySpec());
      const { total, entries } = await tallyOf(card);
      expect(entries - before).to.be.within(answered, answered + 1);
      expect(total).to.equal(entries);
    }
  });

  it('does not repeat random bytes after it was killed and opened again', async () => {
    const draw = async (): Promise<string> => toHex(expectSuccess(await card.transmit(commands.random)));
    const seen = new Set<string>();
    for (let round = 0; round < 3; round++) {
      seen.add(await draw());
      seen.add(await draw());
      await kill();
      card = await bridge.openCard({ file }, tallySpec());
      await card.powerOn();
      await select(card);
    }
    expect(seen.size).to.equal(6);
  });

  it('keeps what a power cut left', async () => {
    await card.cutPowerAt(1);
    await failureOf(card.transmit(commands.step), 'PowerLost');
    await kill();
    expect(await reopened()).to.include({ left: 1, right: 0 });
  });

  it('keeps a state it was put back to', async () => {
    const snapshot = await card.snapshot();
    await card.transmit(commands.add(3));
    await card.restore(snapshot);
    await kill();
    expect((await reopened()).total).to.equal(0);
  });

  it('keeps the state of a whole list of commands', async () => {
    await card.transmitAll([commands.add(1), commands.add(2), commands.add(3)]);
    await kill();
    expect(await reopened()).to.include({ total: 6, entries: 3 });
  });

  it('forgets the session, as a card without power does', async () => {
    await card.transmit(commands.remember(0x42));
    await card.transmit(commands.add(1));
    await kill();
    card = await bridge.openCard({ file }, tallySpec());
    await card.powerOn();
    await select(card);
    expect(toHex(await card.transmit(commands.recall))).to.equal('009000');
  });

  it('is refused to a second process, by its owner’s pid, until the first gives it free', async () => {
    const second = await startBridge();
    const refused = await failureOf(second.openCard({ file }, tallySpec()), 'ImageInUse');
    expect(refused.pid).to.equal(bridge.pid);
    expect(refused.message).to.contain(String(bridge.pid));
    await failureOf(bridge.openCard({ file }, tallySpec()), 'ImageInUse');
    await failureOf(second.openCard({ file }, tallySpec()), 'ImageInUse');
    await card.close();
    const opened = await second.openCard({ file }, tallySpec());
    expect((await failureOf(bridge.openCard({ file }, tallySpec()), 'ImageInUse')).pid).to.equal(second.pid);
    await opened.close();
    await second.close();
  });

  it('is given to the next process after its owner was killed', async () => {
    await kill();
    expect(readFileSync(`${file}.lock`, 'utf8').trim()).to.match(/^\d+$/);
    expect((await reopened()).total).to.equal(0);
  });

  it('goes back to the state before when the newest copy was not written to its end', async () => {
    await card.transmit(commands.add(1));
    await card.transmit(commands.add(1));
    await card.close();
    flipBit(newestSlot() + slotHeader);
    expect((await reopened()).total).to.equal(1);
  });

  it('is refused when both copies are damaged, when it is cut short, and when it is something else', async () => {
    await card.transmit(commands.add(1));
    await card.close();
    const whole = readFileSync(file);
    const slots = [headerBlock, headerBlock + whole.readUInt32BE(slotSizeAt)];
    for (const spoil of [
      () => slots.forEach((slot) => flipBit(slot + slotHeader)),
      () => slots.forEach((slot) => flipBit(slot)),
      () => truncateSync(file, headerBlock + slotHeader),
      () => flipBit(slotSizeAt),
      () => flipBit(magicAt),
      () => writeFileSync(file, ''),
      () => writeFileSync(file, 'not a card image at all'),
    ]) {
      writeFileSync(file, whole);
      spoil();
      await failureOf(bridge.openCard({ file }, tallySpec()), 'ImageDamaged');
    }
    writeFileSync(file, whole);
    expect((await reopened()).total).to.equal(1);
  });

  it('is not made over an image that is there, nor where no file can be', async () => {
    await failureOf(bridge.createCard(tallySpec(), { file }), 'ImageInUse');
    await card.close();
    await failureOf(bridge.createCard(tallySpec(), { file }), 'ImageExists');
    await failureOf(bridge.createCard(tallySpec(), { file: join(file, 'below-a-file') }), 'ImageFailed');
    await failureOf(bridge.openCard({ file: `${file}.missing` }, tallySpec()), 'ImageMissing');
    expect((await reopened()).total).to.equal(0);
  });

  it('leaves no image behind when its applet cannot be installed', async () => {
    const other = `${file}.other`;
    await failureOf(bridge.createCard(tallySpec({ appletClass: 'demo.Missing' }), { file: other }), 'AppletNotFound');
    expect(existsSync(other)).to.equal(false);
    const made = await bridge.createCard(tallySpec(), { file: other });
    await made.close();
  });

  it('is not made where it cannot be saved', async () => {
    // a folder in the way of the temporary file
    mkdirSync(`${file}.second.new`);
    await failureOf(bridge.createCard(tallySpec(), { file: `${file}.second` }), 'ImageFailed');
    expect(existsSync(`${file}.second`)).to.equal(false);
  });

  it('goes elsewhere as bytes, in memory or bound to a new file', async () => {
    await card.transmit(commands.add(9));
    const image = await card.image();
    const inMemory = await bridge.openCard({ image }, tallySpec());
    expect((await tallyOf(inMemory)).total).to.equal(9);
    const copy = await bridge.openCard({ image, file: `${file}.copy` }, tallySpec());
    await copy.close();
    expect((await tallyOf(await bridge.openCard({ file: `${file}.copy` }, tallySpec()))).total).to.equal(9);
    await failureOf(bridge.openCard({ image: image.slice(0, -1) }, tallySpec()), 'ImageDamaged');
    await failureOf(bridge.openCard({ image: new Uint8Array(0) }, tallySpec()), 'ImageDamaged');
  });

  it('takes a fraction of a millisecond more for a command that changes it (printed)', async () => {
    const rounds = 100;
    for (let i = 0; i < rounds; i++) await card.transmit(commands.add(1));
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await card.transmit(commands.add(1));
    const each = ((performance.now() - start) * 1000) / rounds;
    process.stdout.write(`      durable transmit: ${each.toFixed(0)} µs\n`);
  });

  /** Kills the process under the card; another takes its place, without the card. */
  async function kill(): Promise<void> {
    process.kill(bridge.pid, 'SIGKILL');
    await bridge.close();
    bridge = await startBridge();
  }

  /** A card whose process was killed, or that was closed already, is closed. */
  async function closeCard(): Promise<void> {
    await card.close().catch((error: unknown) => {
      if (!isBridgeError(error, 'BridgeClosed', 'CardClosed')) throw error;
    });
  }

  /** The state in the file. */
  async function reopened(): ReturnType<typeof tallyOf> {
    await closeCard();
    card = await bridge.openCard({ file }, tallySpec());
    return tallyOf(card);
  }

  function flipBit(at: number): void {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    writeFileSync(file, bytes);
  }

  function newestSlot(): number {
    const bytes = readFileSync(file);
    const second = headerBlock + bytes.readUInt32BE(slotSizeAt);
    return bytes.readBigUInt64BE(headerBlock) > bytes.readBigUInt64BE(second) ? headerBlock : second;
  }
});
