import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepInserted, keeperPid, startBridge, stopKeeper } from '../src/index.js';
import type { Bridge } from '../src/index.js';
import { waitFor } from '../src/processes.js';
import { ReaderDouble } from './reader-double.js';
import { commands, failureOf, packageUrl, runProgram, select, tallyOf, tallySpec, temporaryFolder } from './support.js';

describe('a keeper', () => {
  /** Makes the cards and looks at what keepers, each a process of its own, left of them. */
  let bridge: Bridge;
  let reader: ReaderDouble;
  let file: string;
  let pidFile: string;

  before(async () => {
    bridge = await startBridge();
  });

  beforeEach(async () => {
    reader = await ReaderDouble.open();
    const folder = temporaryFolder();
    file = join(folder, 'tally.card');
    pidFile = join(folder, 'keeper.pid');
    await (await bridge.createCard(tallySpec(), { file })).close();
  });

  afterEach(async () => {
    await stopKeeper(pidFile).catch(() => undefined);
    await reader.close().catch(() => undefined);
  });

  after(() => bridge.close());

  const keep = (): Promise<number> => keepInserted({ file, spec: tallySpec(), link: reader.link, pidFile });

  it('keeps a card in the reader, and gives it back saved when it is stopped', async () => {
    const pid = await keep();
    expect(readFileSync(pidFile, 'utf8')).to.equal(`${pid}\n`);
    expect(await keeperPid(pidFile)).to.equal(pid);
    await reader.cardPresent();
    await reader.powerOn();
    await select(reader);
    await reader.transmit(commands.add(5));
    await stopKeeper(pidFile);
    await reader.cardGone();
    expect(existsSync(pidFile)).to.equal(false);
    expect(await keeperPid(pidFile)).to.equal(undefined);
    expect(await totalOnDisk()).to.equal(5);
  });

  it('is killed when it hangs, and its card is as its last answer left it', async function () {
    this.timeout(20_000);
    const pid = await keep();
    await reader.cardPresent();
    await reader.powerOn();
    await select(reader);
    await reader.transmit(commands.add(5));
    process.kill(pid, 'SIGSTOP');
    expect(await stopKeeper(pidFile)).to.equal('killed');
    expect(await keeperPid(pidFile)).to.equal(undefined);
    expect(existsSync(pidFile)).to.equal(false);
    expect(await totalOnDisk()).to.equal(5);
  });

  it('outlives the program that started it', async () => {
    const { aid, ...spec } = tallySpec();
    await runProgram(`
      import { keepInserted } from '${packageUrl}';
      const options = ${JSON.stringify({ file, spec, link: reader.link, pidFile })};
      await keepInserted({ ...options, spec: { ...options.spec, aid: Uint8Array.from(${JSON.stringify([...aid])}) } });
    `);
    await reader.cardPresent();
    expect((await tallyOf(reader)).total).to.equal(0);
  });

  it('ends by itself when the reader goes away', async () => {
    await keep();
    await reader.cardPresent();
    await reader.close();
    expect(await waitFor(5000, async () => (existsSync(pidFile) ? undefined : true))).to.equal(true);
    expect(await waitFor(5000, async () => ((await keeperPid(pidFile)) === undefined ? true : undefined))).to.equal(
      true,
    );
    expect(await totalOnDisk()).to.equal(0);
  });

  it('holds its image, and its pid file, against others', async () => {
    const pid = await keep();
    expect((await failureOf(bridge.openCard({ file }, tallySpec()), 'ImageInUse')).pid).to.equal(pid);
    await (await bridge.createCard(tallySpec(), { file: `${file}.second` })).close();
    const second = { file: `${file}.second`, spec: tallySpec(), link: reader.link, pidFile };
    expect((await failureOf(keepInserted(second), 'KeeperRunning')).pid).to.equal(pid);
    expect(await keeperPid(pidFile)).to.equal(pid);
  });

  it('that was killed leaves a pid file that is known to be stale', async () => {
    process.kill(await keep(), 'SIGKILL');
    expect(await waitFor(2000, async () => ((await keeperPid(pidFile)) === undefined ? true : undefined))).to.equal(
      true,
    );
    expect(existsSync(pidFile)).to.equal(true);
    await failureOf(stopKeeper(pidFile), 'KeeperNotRunning');
    expect(existsSync(pidFile)).to.equal(false);
    await keep();
  });

  it('is never mistaken for another program that has its pid by now', async () => {
    writeFileSync(pidFile, `${process.pid}\n`);
    expect(await keeperPid(pidFile)).to.equal(undefined);
    await failureOf(stopKeeper(pidFile), 'KeeperNotRunning');
    writeFileSync(pidFile, `${process.pid}\n`);
    expect(await keep()).not.to.equal(process.pid);
  });

  it('is not started when there is no reader or no card', async () => {
    await failureOf(
      keepInserted({ file, spec: tallySpec(), link: { link: 'vpcd', port: 1 }, pidFile }),
      'ReaderUnreachable',
    );
    await failureOf(
      keepInserted({ file: `${file}.no`, spec: tallySpec(), link: reader.link, pidFile }),
      'ImageMissing',
    );
    expect(existsSync(pidFile)).to.equal(false);
    expect(await totalOnDisk()).to.equal(0);
  });

  async function totalOnDisk(): Promise<number> {
    const card = await bridge.openCard({ file }, tallySpec());
    const { total } = await tallyOf(card);
    await card.close();
    return total;
  }
});
