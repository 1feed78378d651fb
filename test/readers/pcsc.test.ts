import { expect } from 'chai';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { openPcscHub } from '../../host/readers/pcsc.js';
import { readerError } from '../../host/readers/pcsc-errors.js';
import { eventsBetween } from '../../host/readers/pcsc-states.js';
import { openPcscliteHub } from '../../host/readers/pcsclite.js';
import { ReaderError } from '../../host/readers/reader.js';
import type { ReaderErrorCode, ReaderEvent, ReaderHub } from '../../host/readers/reader.js';
import { openSmartcardHub } from '../../host/readers/smartcard.js';
import { hasHungCalls } from '../../host/readers/patience.js';
import { waitForCard, waitForRemoval } from '../../host/readers/wait.js';
import { FakePcsclite, FakeTable, empty, fakeSmartcard, present } from './fakes.js';

interface Binding {
  readonly name: string;
  /** @param within milliseconds a card may take to answer */
  open(table: FakeTable, within?: number): Promise<ReaderHub>;
  /** Puts a card in or takes it out. */
  set(table: FakeTable, reader: string, state: number): void;
}

let lite: FakePcsclite;

const bindings: readonly Binding[] = [
  {
    name: 'smartcard',
    open: (table, within) => openSmartcardHub(() => Promise.resolve(fakeSmartcard(table)), within),
    set: (table, reader, state) => table.set(reader, state),
  },
  {
    name: 'pcsclite',
    open: (table, within) => openPcscliteHub(() => Promise.resolve(() => (lite = new FakePcsclite(table))), within),
    set: (_, reader, state) => lite.set(reader, state),
  },
];

async function refusal(promise: Promise<unknown>, code: ReaderErrorCode): Promise<ReaderError> {
  const error = await promise.then(
    () => expect.fail('nothing was refused'),
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(ReaderError).with.property('code', code);
  return error as ReaderError;
}

for (const binding of bindings) {
  describe(`readers by the module ${binding.name}`, () => {
    let table: FakeTable;
    let hub: ReaderHub;

    beforeEach(async () => {
      table = new FakeTable();
      table.add('Reader A', present);
      table.add('Reader B');
      hub = await binding.open(table);
    });

    afterEach(() => hub.close());

    const readerA = async () => (await hub.list())[0]!;
    const readerB = async () => (await hub.list())[1]!;

    it('are listed with what is in them', async () => {
      const states = await Promise.all((await hub.list()).map((reader) => reader.state()));
      expect(states.map(({ name, card }) => [name, card])).to.deep.equal([
        ['Reader A', 'present'],
        ['Reader B', 'absent'],
      ]);
      expect(toHex(states[0]!.atr!)).to.equal('3b8001');
    });

    it('give an exclusive connection, and reset the card when it ends', async () => {
      const connection = await (await readerA()).connect();
      expect(toHex(await connection.transmit(fromHex('00a4040001f000')))).to.equal('9000');
      expect(connection).to.include({ reader: 'Reader A', protocol: 'T=1' });
      await connection.close();
      await connection.close();
      expect(table.readers.get('Reader A')!.log).to.deep.equal(['connect 1 3', '00a4040001f000', 'disconnect 1']);
      await refusal(connection.transmit(fromHex('00a40400')), 'closed');
    });

    it('speak T=0 with a T=0 card', async () => {
      const reader = table.readers.get('Reader A')!;
      reader.protocol = 1;
      reader.transmit = (apdu) => (apdu.startsWith('00c0') ? 'aabb9000' : '6102');
      const connection = await (await readerA()).connect();
      expect(toHex(await connection.transmit(fromHex('00a4040001f000')))).to.equal('aabb9000');
      expect(reader.log.slice(1)).to.deep.equal(['00a4040001f0', '00c0000002']);
    });

    it('say that there is no card', async () => {
      await refusal((await readerB()).connect(), 'no-card');
    });

    for (const [text, code] of [
      ['Sharing violation', 'sharing'],
      ['Card is unresponsive', 'mute'],
      ['Card was removed', 'no-card'],
      ['PC/SC service not running', 'no-pcsc'],
      ['SCardConnect error: Sharing violation.(0x8010000b)', 'sharing'],
      ['Who knows', 'failed'],
    ] as const) {
      it(`call "${text}" ${code} when connecting`, async () => {
        table.readers.get('Reader A')!.connectError = text;
        expect((await refusal((await readerA()).connect(), code)).message).to.match(/^[A-Z].*/);
      });
    }

    it('say that the card was removed in the middle of a conversation', async () => {
      const connection = await (await readerA()).connect();
      table.readers.get('Reader A')!.transmit = () => {
        throw new Error('Card was removed');
      };
      await refusal(connection.transmit(fromHex('00a40400')), 'card-removed');
    });

    it('give one connection at a time', async () => {
      const reader = table.readers.get('Reader A')!;
      const connection = await (await readerA()).connect();
      reader.connectError = 'Sharing violation';
      await refusal((await readerA()).connect(), 'sharing');
      await connection.close();
      delete reader.connectError;
      await (await readerA()).connect();
    });

    it('give up a card that never answers, and touch nothing that would wait for it', async () => {
      const hanging = await binding.open(table, 20);
      const reader = table.readers.get('Reader A')!;
      reader.hangs = true;
      const connection = await (await hanging.list())[0]!.connect();
      const { message } = await refusal(connection.transmit(fromHex('00a40400')), 'mute');
      expect(message).to.equal('The card did not answer within 0.02 seconds.');
      await refusal(connection.transmit(fromHex('00a40400')), 'closed');
      await connection.close();
      await hanging.close();
      expect(reader.log).to.not.include('disconnect 1').and.to.not.include('close');
      expect(hasHungCalls()).to.equal(true);
      reader.answerNow();
      await until(() => !hasHungCalls());
    });

    it('serve another card while one hangs', async () => {
      const hanging = await binding.open(table, 20);
      const reader = table.readers.get('Reader A')!;
      reader.hangs = true;
      await refusal((await (await hanging.list())[0]!.connect()).transmit(fromHex('00a40400')), 'mute');
      binding.set(table, 'Reader B', present);
      const other = await (await hanging.list())[1]!.connect();
      expect(toHex(await other.transmit(fromHex('00a40400')))).to.equal('9000');
      await hanging.close();
      reader.answerNow();
      await until(() => !hasHungCalls());
    });

    it('end connections that were left open', async () => {
      const connection = await (await readerA()).connect();
      await hub.close();
      await refusal(connection.transmit(fromHex('00a40400')), 'closed');
      expect(table.readers.get('Reader A')!.log).to.include('disconnect 1');
    });

    it('tell of cards that come and go, until nobody listens', async () => {
      const events: string[] = [];
      const stop = await hub.watch((event) => events.push(`${event.kind} ${'reader' in event ? event.reader : ''}`));
      binding.set(table, 'Reader B', present);
      await until(() => events.length === 1);
      binding.set(table, 'Reader B', empty);
      await until(() => events.length === 2);
      stop();
      binding.set(table, 'Reader B', present);
      await new Promise((done) => setTimeout(done, 60));
      expect(events).to.deep.equal(['card-inserted Reader B', 'card-removed Reader B']);
    });

    it('wait for a card, and for its removal', async () => {
      const reader = await readerB();
      const waiting = waitForCard(hub, reader);
      setTimeout(() => binding.set(table, 'Reader B', present), 30);
      const connection = await waiting;
      expect(connection.reader).to.equal('Reader B');
      await connection.close();
      const removal = waitForRemoval(hub, reader);
      setTimeout(() => binding.set(table, 'Reader B', empty), 30);
      await removal;
      await waitForRemoval(hub, reader);
    });

    it('stop waiting when told to', async () => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error('Ctrl-C')), 30);
      const error = await waitForCard(hub, await readerB(), abort.signal).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error).with.property('message', 'Ctrl-C');
    });

    it('do not wait longer than asked: the next card is somebody else’s', async () => {
      await refusal(waitForCard(hub, await readerB(), new AbortController().signal, 30), 'no-card');
      const waiting = waitForCard(hub, await readerB(), undefined, 5000);
      binding.set(table, 'Reader B', present);
      await (await waiting).close();
    });

    it('do not wait for a card that is there and cannot be used', async () => {
      table.readers.get('Reader A')!.connectError = 'Sharing violation';
      await refusal(waitForCard(hub, await readerA()), 'sharing');
    });
  });

  describe(`the module ${binding.name}`, () => {
    it('without a running service is no-pcsc', async () => {
      const table = new FakeTable();
      table.serviceError = 'PC/SC service not running';
      await refusal(binding.open(table), 'no-pcsc');
    });
  });
}

describe('readers by the module smartcard', () => {
  it('tell of readers that are plugged in and pulled out, with their cards', async () => {
    const table = new FakeTable();
    const hub = await openSmartcardHub(() => Promise.resolve(fakeSmartcard(table)));
    const events: ReaderEvent[] = [];
    await hub.watch((event) => events.push(event));
    table.add('Reader C', present);
    await until(() => events.length === 2);
    table.remove('Reader C');
    await until(() => events.length === 3);
    expect(events).to.deep.equal([
      { kind: 'reader-added', reader: 'Reader C' },
      { kind: 'card-inserted', reader: 'Reader C' },
      { kind: 'reader-removed', reader: 'Reader C' },
    ]);
    await hub.close();
    await until(() => table.contexts === 0);
  });

  it('give up waiting for a card when the reader is pulled out, or the service stops', async () => {
    for (const [act, code] of [
      [(table: FakeTable) => table.remove('Reader D'), 'reader-removed'],
      [(table: FakeTable) => void (table.serviceError = 'PC/SC service stopped'), 'no-pcsc'],
    ] as const) {
      const table = new FakeTable();
      table.add('Reader D');
      const hub = await openSmartcardHub(() => Promise.resolve(fakeSmartcard(table)));
      const waiting = waitForCard(hub, (await hub.list())[0]!);
      setTimeout(() => act(table), 30);
      await refusal(waiting, code);
      await hub.close();
    }
  });
});

describe('PC/SC', () => {
  const missing = () => openSmartcardHub(() => Promise.reject(new Error('Cannot find module')));

  it('is reached by the second module where the first is not built', async () => {
    const table = new FakeTable();
    table.add('Reader A');
    const hub = await openPcscHub([
      missing,
      () => openPcscliteHub(() => Promise.resolve(() => new FakePcsclite(table))),
    ]);
    expect(await hub.list()).to.have.length(1);
    await hub.close();
  });

  it('is not tried by the second module where the first says that no service runs', async () => {
    const table = new FakeTable();
    table.serviceError = 'PC/SC service not running';
    const never = () => Promise.reject(new Error('must not be tried'));
    await refusal(openPcscHub([() => openSmartcardHub(() => Promise.resolve(fakeSmartcard(table))), never]), 'no-pcsc');
  });

  it('is no-module where neither is built', async () => {
    const other = () => openPcscliteHub(() => Promise.reject(new Error('Cannot find module')));
    expect((await refusal(openPcscHub([missing, other]), 'no-module')).message).to.contain('pcsclite');
  });

  it('errors keep their code when they pass twice, and their cause', () => {
    const first = readerError(new Error('Card was removed'));
    expect(readerError(first)).to.equal(first);
    expect(first.cause).to.be.instanceOf(Error);
  });
});

describe('states of readers', () => {
  const state = (word: number): Map<string, number> => new Map([['R', word]]);

  it('show a card that was changed for another between two looks', () => {
    const kinds = eventsBetween(state((4 << 16) | present), state((6 << 16) | present)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['card-removed', 'card-inserted']);
  });

  it('show nothing where nothing happened', () => {
    expect(eventsBetween(state(present), state(present))).to.deep.equal([]);
    expect(eventsBetween(state(empty), state((2 << 16) | empty))).to.deep.equal([]);
    expect(eventsBetween(state(present), state(present | 0x100))).to.deep.equal([]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((done) => setTimeout(done, 5));
  expect(condition(), 'did not happen within a second').to.equal(true);
}
