import { expect } from 'chai';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPcscd, isBridgeError, openPcscd, startBridge } from '../src/index.js';
import type { Bridge, Card, Insertion, Pcscd } from '../src/index.js';
import { waitFor } from '../src/processes.js';
import { commands, failureOf, readTally, select, skip, tallySpec, temporaryFolder, toHex } from './support.js';
import type { Transmitter } from './support.js';

/** What is used of the npm package smartcard, which is native and need not be there. */
interface PcscCard {
  transmit(command: Buffer): Promise<Buffer>;
  reconnect(shareMode: number, protocol: number, initialization: number): Promise<number>;
  disconnect(disposition: number): void;
  readonly atr: Buffer | null;
}
interface PcscReader {
  readonly name: string;
  readonly state: number;
  connect(shareMode: number, protocol: number): Promise<PcscCard>;
}
interface PcscContext {
  listReaders(): PcscReader[];
  close(): void;
}
interface Pcsc {
  Context: new () => PcscContext;
  SCARD_SHARE_EXCLUSIVE: number;
  SCARD_PROTOCOL_T0: number;
  SCARD_PROTOCOL_T1: number;
  SCARD_RESET_CARD: number;
  SCARD_STATE_PRESENT: number;
}

describe('a card behind pcscd and its virtual reader', () => {
  let pcsc: Pcsc;
  let pcscd: Pcscd;
  let context: PcscContext;
  let bridge: Bridge;
  let card: Card;
  let insertion: Insertion;

  before(async function () {
    const missing = await prepare();
    if (missing !== undefined) {
      skip(this, `through PC/SC: ${missing}`);
    }
  });

  after(async () => {
    context?.close();
    await bridge?.close();
    await pcscd?.stop();
  });

  it('is seen, powered and asked by a PC/SC program', async () => {
    insertion = await card.insert({ link: 'vpcd', port: pcscd.port });
    const seen = await connect();
    expect(seen.atr?.[0]).to.equal(0x3b);
    const inside = transmitter(seen);
    await select(inside);
    expect(toHex(await inside.transmit(commands.add(7)))).to.equal('00079000');
    expect(await readTally(inside)).to.include({ total: 7, entries: 1 });
    seen.disconnect(pcsc.SCARD_RESET_CARD);
  });

  it('forgets its session when the program resets it', async () => {
    const seen = await connect();
    const inside = transmitter(seen);
    await select(inside);
    await inside.transmit(commands.remember(0x42));
    await seen.reconnect(
      pcsc.SCARD_SHARE_EXCLUSIVE,
      pcsc.SCARD_PROTOCOL_T0 | pcsc.SCARD_PROTOCOL_T1,
      pcsc.SCARD_RESET_CARD,
    );
    await select(inside);
    expect(toHex(await inside.transmit(commands.recall))).to.equal('009000');
    expect((await readTally(inside)).total).to.equal(7);
    seen.disconnect(pcsc.SCARD_RESET_CARD);
  });

  it('takes a fraction of a millisecond for a command from Node through pcscd and back (printed)', async () => {
    const seen = await connect();
    const inside = transmitter(seen);
    await select(inside);
    const rounds = 300;
    for (let i = 0; i < rounds; i++) await inside.transmit(commands.read);
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await inside.transmit(commands.read);
    process.stdout.write(`      PC/SC transmit: ${((performance.now() - start) / rounds).toFixed(2)} ms\n`);
    seen.disconnect(pcsc.SCARD_RESET_CARD);
  });

  it('that loses power in a command leaves the program without an answer, and keeps what it wrote', async () => {
    const seen = await connect();
    const inside = transmitter(seen);
    await select(inside);
    await card.cutPowerAt(1);
    expect(await answerOf(inside, commands.step)).to.equal('none');
    seen.disconnect(pcsc.SCARD_RESET_CARD);
    expect(await insertion.ended).to.equal('power-lost');
    await card.powerOn();
    await select(card);
    expect(await readTally(card)).to.include({ left: 1, right: 0, total: 7 });
  });

  it('pulled out is missed by the program, put back is found again', async () => {
    await card.insert({ link: 'vpcd', port: pcscd.port });
    const seen = await connect();
    const inside = transmitter(seen);
    await select(inside);
    await card.yank();
    expect(await answerOf(inside, commands.read)).to.equal('none');
    seen.disconnect(pcsc.SCARD_RESET_CARD);
    await card.insert({ link: 'vpcd', port: pcscd.port });
    const again = await connect();
    await select(transmitter(again));
    expect((await readTally(transmitter(again))).total).to.equal(7);
    again.disconnect(pcsc.SCARD_RESET_CARD);
    await card.eject();
  });

  it('belongs to one pcscd: a second is not started', async () => {
    const second = await openPcscd();
    expect(second.ours).to.equal(false);
    expect(second.pid).to.equal(pcscd.pid);
    await second.stop();
    expect(await findPcscd()).to.equal(pcscd.pid);
  });

  /** Undefined when all is there, otherwise what is missing. */
  async function prepare(): Promise<string | undefined> {
    const name = 'smartcard';
    try {
      pcsc = (await import(name)) as Pcsc;
    } catch (error) {
      return `the npm package ${name} cannot be loaded (${String(error)})`;
    }
    try {
      pcscd = await openPcscd();
    } catch (error) {
      if (isBridgeError(error, 'PcscdNotInstalled', 'VpcdNotInstalled', 'PcscdNotReady')) return error.message;
      throw error;
    }
    context = new pcsc.Context();
    if (readerWithCard() !== undefined) return `another card is in the virtual reader of pcscd ${pcscd.pid}`;
    bridge = await startBridge();
    card = await bridge.createCard(tallySpec());
    return undefined;
  }

  function readerWithCard(): PcscReader | undefined {
    return context
      .listReaders()
      .find((reader) => reader.name.includes('00 00') && (reader.state & pcsc.SCARD_STATE_PRESENT) !== 0);
  }

  async function connect(): Promise<PcscCard> {
    const connected = await waitFor(5000, async () => {
      const reader = context.listReaders().find((candidate) => candidate.name.includes('Virtual PCD 00 00'));
      return reader
        ?.connect(pcsc.SCARD_SHARE_EXCLUSIVE, pcsc.SCARD_PROTOCOL_T0 | pcsc.SCARD_PROTOCOL_T1)
        .catch(() => undefined);
    });
    if (!connected) throw new Error('pcscd does not see the card');
    return connected;
  }

  /** For a card that is gone the vpcd driver reports an error, or an answer without a byte. */
  async function answerOf(inside: Transmitter, apdu: Uint8Array): Promise<string> {
    const answer = await inside.transmit(apdu).then(toHex, () => '');
    return answer === '' ? 'none' : answer;
  }

  function transmitter(seen: PcscCard): Transmitter {
    return { transmit: (apdu) => seen.transmit(Buffer.from(apdu)) };
  }
});

describe('pcscd', () => {
  before(async function () {
    if ((await findPcscd()) !== undefined) skip(this, 'a pcscd runs already');
  });

  it('is named as missing when it is not there', async () => {
    await failureOf(openPcscd({ pcscdPath: '/does/not/exist/pcscd', port: 35963 }), 'PcscdNotInstalled');
  });

  it('that ends at once, or shows no virtual reader, is reported with what it said', async () => {
    const ended = await failureOf(
      openPcscd({ pcscdPath: script('echo no access >&2; exit 1'), port: 35963 }),
      'PcscdNotReady',
    );
    expect(ended.message).to.contain('no access').and.contain('status 1');
    const silent = script('exec sleep 30');
    expect(
      (await failureOf(openPcscd({ pcscdPath: silent, port: 35963, readyWithin: 200 }), 'PcscdNotReady')).message,
    ).to.contain('no virtual reader');
  });

  function script(line: string): string {
    const path = join(temporaryFolder(), 'pcscd');
    writeFileSync(path, `#!/bin/sh\n${line}\n`);
    chmodSync(path, 0o755);
    return path;
  }
});
