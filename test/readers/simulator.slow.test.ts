import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { BridgeError, startBridge } from 'jcardsim-ts-bridge';
import { select } from '../../host/protocol/commands/select.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import type { ReaderErrorCode } from '../../host/readers/reader.js';
import { selectReader } from '../../host/readers/select.js';
import { SimulatorHub } from '../../host/readers/simulator.js';
import type { SimulatedReader } from '../../host/readers/simulator.js';
import { waitForCard, waitForRemoval } from '../../host/readers/wait.js';
import { purseSpec, serialOf, sharedBridge } from '../helpers/bridge.js';
import { personalize } from '../helpers/personalize.js';
import { bytesFor } from '../helpers/keys.js';
import { projectRoot } from '../helpers/project.js';

async function expectRefusal(promise: Promise<unknown>, code: ReaderErrorCode): Promise<void> {
  const error = await promise.then(
    () => expect.fail(`nothing was refused, ${code} was due`),
    (reason: unknown) => reason,
  );
  expect(error).to.have.property('code', code);
  expect(error)
    .to.have.property('message')
    .that.matches(/^[A-Z].+\.$/s);
}

describe('simulated cards as readers', () => {
  let folder: string;
  let hub: SimulatorHub;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-readers-'));
    const bridge = await sharedBridge();
    for (const name of ['bob', 'alice']) {
      const card = await bridge.createCard(purseSpec(name), { file: join(folder, `${name}.card`) });
      await card.close();
    }
    writeFileSync(join(folder, 'notes.txt'), 'no card');
    hub = new SimulatorHub({ cardsFolder: folder, projectFolder: projectRoot });
  });

  after(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });

  async function reader(name: string): Promise<SimulatedReader> {
    const found = (await hub.list()).find((each) => each.name === `sim:${name}`);
    return found ?? expect.fail(`no reader ${name}`);
  }

  it('are listed by the images of a folder, which need not exist', async () => {
    expect((await hub.list()).map(({ name }) => name)).to.deep.equal(['sim:alice', 'sim:bob']);
    const none = new SimulatorHub({ cardsFolder: join(folder, 'none'), projectFolder: projectRoot });
    expect(await none.list()).to.deep.equal([]);
    await none.close();
  });

  it('keep what happened to them from one connection to the next', async () => {
    const first = await (await reader('alice')).connect();
    expect((await select(first)).serial).to.deep.equal(serialOf('alice'));
    await personalize(first, { cardId: bytesFor('alice', 8) });
    await first.close();
    await first.close();
    await expectRefusal(first.transmit(Uint8Array.of(0, 0xa4, 4, 0)), 'closed');
    const again = await (await reader('alice')).connect();
    expect((await select(again)).state).to.equal(LifeCycle.active);
    await again.close();
  });

  it('are chosen by name, and their card is always there', async () => {
    const sources = {
      pcsc: () => Promise.reject(new Error('PC/SC was opened')),
      simulator: () => Promise.resolve(hub),
    };
    const chosen = await selectReader(sources, 'sim:bob');
    expect(chosen.reader.capabilities.insertion).to.equal(false);
    const connection = await waitForCard(chosen.hub, chosen.reader);
    await waitForRemoval(chosen.hub, chosen.reader);
    await connection.close();
  });

  it('are used by one connection at a time, in this process and others', async () => {
    const connection = await (await reader('bob')).connect();
    await expectRefusal((await reader('bob')).connect(), 'sharing');
    const elsewhere = new SimulatorHub({ cardsFolder: folder, projectFolder: projectRoot });
    const [, bob] = await elsewhere.list();
    await expectRefusal(bob!.connect(), 'sharing');
    await elsewhere.close();
    await connection.close();
  });

  it('[M5] lose their power as a card is pulled, and go on after that', async () => {
    const connection = await (await reader('bob')).connect();
    await connection.card.cutPowerAt(0);
    const cut = personalize(connection, { cardId: bytesFor('bob', 8) });
    await cut.then(
      () => expect.fail('power did not fail'),
      (error: unknown) => expect(error).to.have.property('code', 'lost'),
    );
    await connection.close();
    const again = await (await reader('bob')).connect();
    expect((await select(again)).state).to.equal(LifeCycle.raw);
    await again.close();
  });

  it('that vanished, or are damaged, are refused with a sentence', async () => {
    const carol = join(folder, 'carol.card');
    writeFileSync(carol, 'not a card');
    const damaged = await reader('carol');
    await expectRefusal(damaged.connect(), 'image-unfit');
    rmSync(carol);
    await expectRefusal(damaged.connect(), 'no-card');
  });

  it('can be connected later when Java could not be started at first', async () => {
    let missing = true;
    const start = (): ReturnType<typeof startBridge> =>
      missing ? Promise.reject(new BridgeError('JavaNotFound', 'There is no Java.')) : startBridge();
    const later = new SimulatorHub({ cardsFolder: folder, projectFolder: projectRoot, start });
    const [alice] = await later.list();
    await expectRefusal(alice!.connect(), 'simulator');
    missing = false;
    const connection = await alice!.connect();
    await later.close();
    await expectRefusal(connection.transmit(Uint8Array.of(0, 0xa4, 4, 0)), 'closed');
  });
});
