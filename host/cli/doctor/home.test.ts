/** What doctor says of a home: the back office's certificates, and where the money of loads comes from. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { day } from '../../protocol/codec/time.js';
import { openHome } from '../../terminal/home.js';
import type { Home } from '../../terminal/home.js';
import { bankFindings } from './home.js';
import { officeFindings } from './keys.js';

describe('doctor looks at a home and', () => {
  let folder: string;
  let home: Home;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-doctor-home-'));
    mkdirSync(join(folder, 'issuer'));
    home = openHome(folder, folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** @param days it is valid from now */
  function certificate(days: number): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null'];
    const how = ['-subj', '/CN=test', '-days', String(days), '-out', join(folder, 'ca.pem')];
    execFileSync('openssl', ['req', '-x509', ...key, ...how], { stdio: 'ignore' });
  }
  const ca = (now: number) => officeFindings(home, now).find(({ name }) => name === 'back office CA');

  it('says nothing of a CA that is elsewhere', () => {
    expect(officeFindings(home, 0)).to.deep.equal([]);
  });

  it('says how long the back office CA holds, half a year before its end that it ends, and then that it has', () => {
    certificate(365);
    const now = Math.floor(Date.now() / 1000);
    expect(ca(now)).to.include({ state: 'fine' });
    expect(ca(now + 186 * day)).to.include({ state: 'advice' });
    expect(ca(now + 186 * day)?.mend).to.match(/connected anew/);
    expect(ca(now + 366 * day)).to.include({ state: 'wrong' });
  });

  it('calls a file that is no certificate wrong, by its name', () => {
    writeFileSync(join(folder, 'ca.pem'), 'hello');
    expect(ca(0)).to.include({ state: 'wrong' });
    expect(ca(0)?.detail).to.match(/ca\.pem is no certificate/);
  });

  it('says nothing of a bank where no issuer is', () => {
    expect(bankFindings(home)).to.deep.equal([]);
  });

  it('says that the bank is simulated until the settings name one, and what is wrong with settings', () => {
    writeFileSync(join(folder, 'issuer', 'keys.json'), '{}');
    const [simulated] = bankFindings(home);
    expect([simulated?.state, simulated?.detail]).to.deep.equal([
      'advice',
      'simulated: it says yes to every load, and no money is behind it',
    ]);
    const settings = join(folder, 'issuer', 'config.json');
    writeFileSync(settings, JSON.stringify({ bank: { url: 'https://bank.example/purse' } }));
    expect(bankFindings(home)).to.deep.equal([{ name: 'bank', state: 'fine', detail: 'https://bank.example/purse' }]);
    writeFileSync(settings, JSON.stringify({ bank: { url: 'http://bank.example/purse' } }));
    expect(bankFindings(home)[0]).to.include({ state: 'wrong' });
  });
});
