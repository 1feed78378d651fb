import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { toHex } from '../protocol/codec/bytes.js';
import { installParametersCodec } from '../protocol/generated/structures.js';
import { Home } from './home.js';
import { Failure } from './outcome.js';
import { installParameters, makeBatchKey, readBatchKey } from './raw-card.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'done';
}

describe('A raw card', () => {
  let home: Home;

  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-raw-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));

  it('comes from a batch key that is made once and kept for the owner alone', () => {
    const made = makeBatchKey(home);
    expect(toHex(makeBatchKey(home))).to.equal(toHex(made));
    expect(statSync(home.path('terminals', 'desk', 'batch.key')).mode & 0o777).to.equal(0o600);
  });

  it('is refused without a batch key, and with a damaged one', () => {
    expect(codeOf(() => readBatchKey(home))).to.equal('home-empty');
    makeBatchKey(home);
    writeFileSync(home.path('terminals', 'desk', 'batch.key'), '00ff');
    expect(codeOf(() => readBatchKey(home))).to.equal('keys-unreadable');
  });

  it('gets transport keys of its own: another serial or batch key, other keys', () => {
    const serial = new Uint8Array(8).fill(1);
    const key = new Uint8Array(16).fill(2);
    const one = installParametersCodec.decode(installParameters(key, serial));
    const otherSerial = installParametersCodec.decode(installParameters(key, new Uint8Array(8).fill(3)));
    const otherKey = installParametersCodec.decode(installParameters(new Uint8Array(16).fill(4), serial));
    const keys = [one, otherSerial, otherKey].flatMap((card) => [toHex(card.transportEnc), toHex(card.transportMac)]);
    expect(new Set(keys).size).to.equal(6);
    expect(toHex(one.serial)).to.equal(toHex(serial));
  });
});
