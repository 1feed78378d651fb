import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { hotListCodec } from '../../host/protocol/generated/structures.js';
import { signHotList } from '../../host/protocol/signed/hot-list.js';
import { HotListStore } from '../../host/terminal/hot-list.js';
import { takeLock } from '../../host/terminal/lock.js';
import { Failure } from '../../host/terminal/outcome.js';
import { PairFile } from '../../host/terminal/pair-store.js';
import { PinPad } from '../../host/terminal/pin-pad.js';
import { filePins } from '../../host/terminal/prompts.js';
import { readPosConfig } from '../../host/pos/config.js';
import { authoritySigner, scheme, schemeId } from '../helpers/scheme.js';
import { certificateOf } from '../helpers/personalize.js';
import { signerFor } from '../helpers/keys.js';

const card = new Uint8Array(8).fill(3);

function list(
  version: number,
  signer = authoritySigner('order'),
  entries = [{ cardId: card, blockNumber: version, signature: Uint8Array.of(1) }],
) {
  const fields = { scheme: schemeId, version, issuedAt: 1000 + version, entries };
  return { list: hotListCodec.encode(fields), signature: signHotList(fields, signer) };
}

describe('Files of a terminal', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'epurse-files-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('the hot list', () => {
    it('takes a newer list, finds its cards, and keeps it [R17]', () => {
      const store = HotListStore.open(path('list'), scheme);
      expect(store.update(list(3))).to.equal(undefined);
      const again = HotListStore.open(path('list'), scheme);
      expect(again.version).to.equal(3);
      expect(again.entryOf(card)?.blockNumber).to.equal(3);
      expect(again.entryOf(new Uint8Array(8))).to.equal(undefined);
    });

    it('never goes back a version, and refuses another list under the same one', () => {
      const store = HotListStore.open(path('list'), scheme);
      store.update(list(3));
      expect(store.update(list(2))).to.equal('version');
      expect(store.update(list(3, undefined, []))).to.equal('version');
      expect(HotListStore.open(path('list'), scheme).update(list(2))).to.equal('version');
      expect(store.version).to.equal(3);
    });

    it('refuses a list that no order key of the scheme signed', () => {
      const store = HotListStore.open(path('list'), scheme);
      expect(store.update(list(1, authoritySigner('credit')))).to.equal('signature');
      expect(store.update({ ...list(1), list: Uint8Array.of(1, 2) })).to.equal('signature');
      expect(store.version).to.equal(0);
    });

    it('refuses to start on a file that was changed, rather than to sell without a list', () => {
      HotListStore.open(path('list'), scheme).update(list(1));
      const content = readFileSync(path('list'));
      content[20] = (content[20] ?? 0) ^ 1;
      writeFileSync(path('list'), content);
      expect(() => HotListStore.open(path('list'), scheme)).to.throw(Failure);
    });
  });

  describe('the pairs', () => {
    const certificate = certificateOf(
      { cardId: card },
      { signPoint: signerFor('a').point, agreePoint: signerFor('b').point },
    );
    const pair = (name: number) => ({
      name: new Uint8Array(8).fill(name),
      enc: new Uint8Array(16).fill(1),
      mac: new Uint8Array(16).fill(2),
      cardCertificate: certificate,
      certificateExpiry: 1_800_000_000,
    });

    it('are kept for the owner alone, one for each card', async () => {
      const pairs = PairFile.open(path('pairs'));
      await pairs.save(pair(1));
      await pairs.save(pair(2));
      const again = PairFile.open(path('pairs'));
      expect(await again.find(pair(1).name)).to.equal(undefined);
      expect(await again.find(pair(2).name)).to.deep.equal(pair(2));
      expect(statSync(path('pairs')).mode & 0o777).to.equal(0o600);
    });

    it('are met anew where the file cannot be read', async () => {
      writeFileSync(path('pairs'), '{"format":"epurse-pairs/2","pairs":[{}]}');
      expect(await PairFile.open(path('pairs')).find(pair(1).name)).to.equal(undefined);
    });
  });

  describe('a lock', () => {
    it('is taken by one, given back, and taken again', () => {
      const first = takeLock(path('lock'));
      expect('release' in first).to.equal(true);
      const second = takeLock(path('lock'));
      expect(second).to.have.nested.property('busy.pid', process.pid);
      if ('release' in first) first.release();
      expect('release' in takeLock(path('lock'))).to.equal(true);
    });

    it('that names a later process with the same id is taken over', () => {
      writeFileSync(path('lock'), JSON.stringify({ pid: process.pid, started: '1' }));
      expect('release' in takeLock(path('lock'))).to.equal(true);
    });

    it('of a process that was killed, and that nobody has waited for, is taken over', async function () {
      if (process.platform !== 'linux') this.skip();
      // whoever has the shell's process after it knows nothing of its child
      const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 20'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [line] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(line.toString());
        const stat = (): string => readFileSync(`/proc/${pid}/stat`, 'latin1');
        for (let wait = 0; wait < 100 && !stat().includes(') Z '); wait++) await setTimeout(20);
        const started = stat().split(' ')[21] ?? '';
        writeFileSync(path('lock'), JSON.stringify({ pid, started }));
        expect(stat(), 'its entry is still there').to.include(') Z ');
        expect('release' in takeLock(path('lock'))).to.equal(true);
      } finally {
        parent.kill('SIGKILL');
      }
    });

    it('that cannot be read is taken over', () => {
      writeFileSync(path('lock'), 'torn');
      expect('release' in takeLock(path('lock'))).to.equal(true);
    });
  });

  describe('a PIN file', () => {
    it('gives each PIN once, so that a wrong one costs one try', async () => {
      writeFileSync(path('pin'), '1234\n5678\n');
      const pins = filePins(path('pin'));
      expect([await pins.ask(''), await pins.ask(''), await pins.ask('')]).to.deep.equal(['1234', '5678', undefined]);
    });

    it('is refused where it is missing or holds no PIN', () => {
      expect(() => filePins(path('none')))
        .to.throw(Failure)
        .with.property('code', 'file-missing');
      writeFileSync(path('pin'), '12ab\n');
      expect(() => filePins(path('pin')))
        .to.throw(Failure)
        .with.property('code', 'pin-malformed');
    });
  });

  it('makes PINs of six digits, the same for a card until it is handed out', () => {
    const pad = new PinPad();
    pad.make(card);
    const { made } = pad;
    expect(made).to.match(/^\d{6}$/);
    pad.make(card);
    expect(pad.made).to.equal(made);
    expect(pad.handOut(card)).to.deep.equal({ pin: made, chosen: false });
    expect(pad.knows(card)).to.equal(false);
    expect(() => pad.made).to.throw();
  });

  it('reads a merchant’s configuration, and refuses one with a word too many', () => {
    expect(readPosConfig(path('none')).listMaxAge).to.equal(86_400);
    writeFileSync(path('config'), '{"hotListMaxAgeHours": 2, "floor": {"EUR": "10.00"}}');
    expect(readPosConfig(path('config'))).to.deep.equal({ listMaxAge: 7200, floor: { EUR: 10_00n } });
    for (const bad of ['{"hotListMaxAgeHours": 0}', '{"floors": {}}', '{"floor": {"EUR": "10.0"}}', '[']) {
      writeFileSync(path('config'), bad);
      expect(() => readPosConfig(path('config'))).to.throw(Failure);
    }
  });
});
