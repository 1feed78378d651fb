import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedStore } from '../../issuer/store/embedded.js';
import { openHome } from '../../terminal/home.js';
import type { Home } from '../../terminal/home.js';
import { databaseFindings, durabilityFindings } from './database.js';

describe('doctor looks at the database and', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'epurse-doctor-'));
  let home: Home;
  before(() => (home = openHome(folder, folder)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const database = async (url?: string) =>
    (await databaseFindings(home, url)).find(({ name }) => name === 'database') ?? expect.fail('no finding');

  it('says that there is none yet', async () => {
    expect((await database()).detail).to.match(/made by the first command/);
  });

  it('names the process that has it, and its schema when nobody has', async () => {
    const store = await openEmbeddedStore(home.path('issuer'));
    expect((await database()).detail).to.include(`in use by process ${process.pid}`);
    await store.close();
    expect(await database()).to.include({ state: 'fine' });
    expect((await database()).detail).to.match(/schema \d{3}-/);
  });

  it('calls a server that does not answer wrong, and keeps its password to itself', async () => {
    const finding = await database('postgres://epurse:very-secret@127.0.0.1:1/none');
    expect(finding.state).to.equal('wrong');
    expect(JSON.stringify(finding)).to.not.include('very-secret');
  });

  const settings: readonly [string, Record<string, string>, string[]][] = [
    ['nothing against a server that keeps its word', { fsync: 'on', full_page_writes: 'on' }, []],
    ['that fsync is off', { fsync: 'off' }, ['wrong']],
    ['that full_page_writes is off', { full_page_writes: 'off' }, ['wrong']],
    ['that the server only reads', { transaction_read_only: 'on' }, ['wrong']],
    ['that synchronous_commit is off, which the issuer mends', { synchronous_commit: 'off' }, ['advice']],
  ];
  for (const [what, given, states] of settings) {
    it(`says ${what}`, () => {
      expect(durabilityFindings(new Map(Object.entries(given))).map(({ state }) => state)).to.deep.equal(states);
    });
  }
});
