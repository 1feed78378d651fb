/** Simulated cards through the command line, each command a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Home } from '../terminal/home.js';
import { makeBatchKey } from '../terminal/raw-card.js';

const program = fileURLToPath(new URL('./main.js', import.meta.url));

describe('epurse card', () => {
  let home: Home;

  function epurse(...words: readonly string[]): Record<string, unknown> {
    const { stdout, status } = spawnSync(
      process.execPath,
      [program, 'card', ...words, '--json', '--home', home.folder],
      {
        encoding: 'utf8',
      },
    );
    return { status, ...(JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>) };
  }

  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-cards-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));

  it('makes no card where there is no scheme', () => {
    expect(epurse('new', 'anna')).to.include({ status: 4, ok: false, code: 'home-empty' });
  });

  it('makes a raw card, shows it, and destroys it only when told so', () => {
    makeBatchKey(home);
    const made = epurse('new', 'anna');
    expect(made).to.include({ status: 0, ok: true, card: 'anna' });
    expect(epurse('show', 'anna')).to.include({ ok: true, state: 'raw', serial: made['serial'], scheme: 0 });
    expect(epurse('new', 'anna')).to.include({ status: 1, code: 'card-exists' });
    expect(epurse('list')['cards']).to.deep.equal([{ name: 'anna', inserted: false }]);
    expect(epurse('destroy', 'anna')).to.include({ status: 1, code: 'not-confirmed' });
    expect(epurse('destroy', 'anna', '--yes')).to.include({ status: 0, ok: true });
    expect(epurse('list')['cards']).to.deep.equal([]);
  }).timeout(60_000);

  it('gives two cards two serials', () => {
    makeBatchKey(home);
    expect(epurse('new', 'anna')['serial']).to.not.equal(epurse('new', 'ben')['serial']);
  }).timeout(60_000);

  it('refuses names that are no file names, cards that are not there, and an eject of nothing', () => {
    expect(epurse('new', '../anna')).to.include({ status: 2, code: 'card-name' });
    expect(epurse('show', 'anna')).to.include({ status: 1, code: 'card-unknown' });
    expect(epurse('destroy', 'anna', '--yes')).to.include({ status: 1, code: 'card-unknown' });
    expect(epurse('insert', 'anna')).to.include({ status: 1, code: 'card-unknown' });
    expect(epurse('eject')).to.include({ status: 1, code: 'card-absent' });
    expect(epurse('eject', 'anna')).to.include({ status: 1, code: 'card-unknown' });
  });
});
