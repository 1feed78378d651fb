/** `issuer/config.json`: what is read from it, and how it is refused. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fundingOf } from '../../host/issuer/funding/from-settings.js';
import { HttpBank } from '../../host/issuer/funding/http-bank.js';
import { SimulatedBank } from '../../host/issuer/funding/simulated-bank.js';
import { readSettings } from '../../host/issuer/settings.js';
import { SettingsError } from '../../host/issuer/settings-error.js';
import { money } from '../../host/protocol/codec/money.js';
import { openHome } from '../../host/terminal/home.js';
import type { Home } from '../../host/terminal/home.js';
import { FakeBank } from '../helpers/fake-bank.js';
import { euro } from '../helpers/scheme.js';

describe('The settings', () => {
  let folder: string;
  let home: Home;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-settings-'));
    mkdirSync(join(folder, 'issuer'));
    home = openHome(folder, folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(settings: unknown): void {
    writeFileSync(join(folder, 'issuer', 'config.json'), JSON.stringify(settings));
  }
  function refused(settings: unknown): string {
    write(settings);
    try {
      fundingOf(home, readSettings(home).bank);
    } catch (error) {
      expect(error).to.be.instanceOf(SettingsError);
      return (error as Error).message;
    }
    return 'nothing';
  }

  it('without a file are the defaults: no commission, the simulated bank', () => {
    const { policy, bank } = readSettings(home);
    expect(policy.merchantCommission).to.equal(0);
    expect(fundingOf(home, bank)).to.be.instanceOf(SimulatedBank);
  });

  it('name a commission of 0 to 10000 whole basis points', () => {
    write({ merchantCommissionBasisPoints: 125 });
    expect(readSettings(home).policy.merchantCommission).to.equal(125);
    for (const wrong of [-1, 10_001, 1.5, '2 %'])
      expect(refused({ merchantCommissionBasisPoints: wrong })).to.match(/merchantCommissionBasisPoints/);
  });

  it('name the bank that funds loads, its token and who certified it, in files of the home', async () => {
    const fake = await FakeBank.start();
    try {
      writeFileSync(join(folder, 'bank.pem'), fake.tls.ca);
      writeFileSync(join(folder, 'token'), 'told-in-secret\n', { mode: 0o600 });
      write({ bank: { url: fake.url, tokenFile: 'token', caFile: 'bank.pem', attempts: 1 } });
      const bank = fundingOf(home, readSettings(home).bank);
      expect(bank).to.be.instanceOf(HttpBank);
      expect(await bank.charge({ key: 'aa/1', account: 'DE00', money: money(1n, euro) })).to.equal('yes');
      expect(fake.asked[0]?.headers.authorization).to.equal('Bearer told-in-secret');
    } finally {
      await fake.stop();
    }
  });

  it('are refused for a bank without https, a token that others read, or a file that is not there', () => {
    expect(refused({ bank: { url: 'http://bank.example' } })).to.match(/https:\/\//);
    expect(refused({ bank: { url: 'https://bank.example', tokenFile: 'nowhere' } })).to.match(
      /nowhere.*cannot be read/,
    );
    const token = join(folder, 'token');
    writeFileSync(token, 'told-in-secret\n');
    chmodSync(token, 0o644);
    const message = refused({ bank: { url: 'https://bank.example', tokenFile: token } });
    expect(message)
      .to.match(/may be read by others/)
      .and.not.include('told-in-secret');
    writeFileSync(token, '\n');
    chmodSync(token, 0o600);
    expect(refused({ bank: { url: 'https://bank.example', tokenFile: token } })).to.match(/no token in its first line/);
    expect(refused({ bank: { url: 'https://bank.example', colour: 'blue' } })).to.match(/colour/);
  });
});
