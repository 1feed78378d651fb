/** The same readers through pcscd and its virtual reader, where this machine has them. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { isBridgeError, openPcscd } from 'jcardsim-ts-bridge';
import type { Pcscd } from 'jcardsim-ts-bridge';
import { debit } from '../../host/protocol/commands/debit.js';
import { money } from '../../host/protocol/codec/money.js';
import { select } from '../../host/protocol/commands/select.js';
import { LifeCycle, Role } from '../../host/protocol/generated/enums.js';
import { provePurchase } from '../../host/protocol/proofs/order.js';
import { openPcscliteHub } from '../../host/readers/pcsclite.js';
import { isReaderError } from '../../host/readers/reader.js';
import type { CardReader, ReaderHub } from '../../host/readers/reader.js';
import { openSmartcardHub } from '../../host/readers/smartcard.js';
import { waitForCard, waitForRemoval } from '../../host/readers/wait.js';
import { freshCard, openWith } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { MemoryPairs, euro, startTime, terminal } from '../helpers/scheme.js';
import { skip } from '../support/skip.js';

const bindings = [
  { name: 'smartcard', open: () => openSmartcardHub() },
  { name: 'pcsclite', open: () => openPcscliteHub() },
];

for (const { name, open } of bindings) {
  describe(`PC/SC by the module ${name}, with the virtual reader`, () => {
    let pcscd: Pcscd | undefined;
    let hub: ReaderHub | undefined;
    let reader: CardReader;
    let card: TestCard;

    before(async function () {
      if (!isBuilt(name)) skip(this, `the native module ${name} is not built`);
      try {
        pcscd = await openPcscd();
        hub = await open();
      } catch (error) {
        if (isBridgeError(error) || isReaderError(error)) skip(this, error.message);
        throw error;
      }
      const readers = (await hub.list()).filter((each) => each.name.startsWith('Virtual PCD'));
      const states = await Promise.all(readers.map((each) => each.state()));
      const free = readers.find((_, i) => states[i]?.card === 'absent');
      if (!free) skip(this, 'every virtual reader has a card in it');
      reader = free;
      card = await freshCard('active', `vpcd ${name}`);
    });

    after(async () => {
      await card?.card.eject().catch(() => undefined);
      await hub?.close();
      await pcscd?.stop();
    });

    it('sees a card come, pays at a known terminal, and sees it go', async () => {
      if (!hub || !pcscd) return expect.fail('no hub');
      await card.card.powerOff();
      const waiting = waitForCard(hub, reader);
      await card.card.insert({ link: 'vpcd', port: pcscd.port + Number(reader.name.slice(-1)) });
      const connection = await waiting;
      const pairs = new MemoryPairs();
      const pos = terminal(Role.pos);
      expect((await openWith(connection, pos, { pairs })).kind).to.equal('full');
      const session = await openWith(connection, pos, { pairs });
      expect(session.kind).to.equal('resumed');
      const order = { slot: 0, amount: money(1_00n, euro), tn: 1, time: startTime };
      const seen = { nt: session.s1.nt, balance: session.s1.balance.amount };
      provePurchase(session.card, pos.certificate, order, seen, await debit(session, order));
      await connection.close();
      const gone = waitForRemoval(hub, reader);
      await card.card.eject();
      await gone;
      await expectRefusal(reader.connect(), 'no-card');
    });

    it('[R10] leaves no session behind when a connection ends, and lets nobody else in while it lasts', async () => {
      if (!hub || !pcscd) return expect.fail('no hub');
      const fresh = await freshCard('active', `vpcd ${name}`);
      await fresh.card.powerOff();
      const waiting = waitForCard(hub, reader);
      await fresh.card.insert({ link: 'vpcd', port: pcscd.port + Number(reader.name.slice(-1)) });
      const first = await waiting;
      const session = await openWith(first, terminal(Role.pos));
      await expectRefusal(reader.connect(), 'sharing');
      await first.close();
      const second = await reader.connect();
      expect((await select(second)).state).to.equal(LifeCycle.active);
      await session.transmit(Uint8Array.of(0x84, 0x5a, 0x01, 0)).then(
        () => expect.fail('the old session went on'),
        (error: unknown) => expect(error).to.have.property('code', 'lost'),
      );
      await fresh.card.yank();
      await waitForRemoval(hub, reader);
      const error = await select(second).catch((reason: unknown) => reason);
      expect(error).to.have.property('code', 'lost');
      await second.close();
    });
  });
}

async function expectRefusal(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await promise.then(
    () => expect.fail(`nothing was refused, ${code} was due`),
    (reason: unknown) => reason,
  );
  expect(error).to.have.property('code', code);
}

function isBuilt(module: string): boolean {
  try {
    createRequire(import.meta.url)(module);
    return true;
  } catch {
    return false;
  }
}
