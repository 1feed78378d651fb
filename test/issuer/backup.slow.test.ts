/** A backup is good when it was restored: into an empty place, compared, and used. */
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { backupStore, restoreStore } from '../../host/issuer/backup/backup.js';
import type { Place } from '../../host/issuer/backup/backup.js';
import { BackupError } from '../../host/issuer/backup/errors.js';
import type { BackupErrorCode } from '../../host/issuer/backup/errors.js';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import type { Store } from '../../host/issuer/store/database.js';
import { stateHash } from '../../host/issuer/store/state-hash.js';
import { needsPostgresql } from '../helpers/postgres-server.js';
import { TestClock } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { freshDatabase } from '../support/shared-postgres.js';

const folder = mkdtempSync(join(tmpdir(), 'epurse-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let places = 0;

interface Kind {
  readonly title: string;
  readonly other: Place;
  readonly needs: (context: Mocha.Context) => void;
  readonly place: () => Promise<Place>;
}

const kinds: readonly Kind[] = [
  {
    title: 'an embedded store',
    other: { kind: 'postgresql', url: 'postgres://127.0.0.1:1/none' },
    needs: () => undefined,
    place: async () => Promise.resolve({ kind: 'pglite', folder: join(folder, `home-${++places}`) }),
  },
  {
    title: 'a PostgreSQL server',
    other: { kind: 'pglite', folder: join(folder, 'other') },
    needs: needsPostgresql,
    place: async () => ({ kind: 'postgresql', url: await freshDatabase() }),
  },
];

function open(place: Place): Promise<Store> {
  return place.kind === 'pglite' ? openEmbeddedStore(place.folder) : openServerStore(place.url);
}

async function refusedAs(code: BackupErrorCode, attempt: Promise<unknown>): Promise<string> {
  let error: unknown;
  await attempt.catch((caught: unknown) => (error = caught));
  expect(error).to.be.instanceOf(BackupError);
  expect((error as BackupError).code).to.equal(code);
  return (error as BackupError).message;
}

for (const { title, other, needs, place } of kinds) {
  describe(`The backup of ${title}`, function () {
    this.timeout(180_000);
    const clock = new TestClock();
    let from: Place;
    let file: string;
    let card: SoftCard;
    let original: string;

    before(async function () {
      needs(this);
      from = await place();
      const site = await SoftIssuer.open(await open(from));
      card = await site.card('Robert"); drop table card; --');
      await site.load(card, 0, 50_00);
      const pos = await site.pos();
      pos.sell(card, 0, 12_34);
      await site.port.uploadBatch(pos.close());
      original = await stateHash(site.issuer.store.db);
      await site.close();
      file = join(folder, `${from.kind}.backup`);
    });

    it('is restored into an empty store, is the same, and the books go on', async () => {
      const header = await backupStore(from, file, clock.read);
      expect(header.stateHash).to.equal(original);
      const into = await place();
      await restoreStore(into, file);
      const site = await SoftIssuer.open(await open(into));
      expect(await stateHash(site.issuer.store.db)).to.equal(original);
      expect(await site.shadow(card)).to.deep.equal([37_66, 0, 12]);
      expect(await site.differences()).to.deep.equal([]);
      await site.synchronise(card);
      await site.load(card, 0, 1_00);
      expect(await site.shadow(card)).to.deep.equal([38_66, 0, 12]);
      await site.close();
    });

    it('is for its owner alone, and overwrites no file', async () => {
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      const before = readFileSync(file);
      expect(await refusedAs('exists', backupStore(from, file, clock.read))).to.match(/overwrites nothing/);
      expect(readFileSync(file).equals(before)).to.equal(true);
    });

    it('is not restored over a store that holds data, which stays as it is', async () => {
      await refusedAs('not-empty', restoreStore(from, file));
      const store = await open(from);
      expect(await stateHash(store.db)).to.equal(original);
      await store.close();
    });

    it('is not restored into the other kind of store', async () => {
      expect(await refusedAs('foreign', restoreStore(other, file))).to.match(/its own kind only/);
    });

    const damages: readonly [string, BackupErrorCode, (path: string) => void][] = [
      ['cut short', 'damaged', (path) => truncateSync(path, statSync(path).size - 1)],
      ['longer', 'damaged', (path) => writeFileSync(path, 'x', { flag: 'a' })],
      ['changed in one bit', 'damaged', (path) => flip(path, 5000)],
      ['without the header that is written last', 'damaged', (path) => blank(path)],
      ['changed in its header', 'damaged', (path) => flip(path, 18)],
      ['something else', 'foreign', (path) => writeFileSync(path, 'PGDMP and so on'.repeat(1000))],
      ['empty', 'damaged', (path) => truncateSync(path, 0)],
    ];
    for (const [what, code, damage] of damages) {
      it(`is refused when it is ${what}, and nothing is touched`, async () => {
        const damaged = join(folder, `damaged-${from.kind}`);
        copyFileSync(file, damaged);
        chmodSync(damaged, 0o600);
        damage(damaged);
        const into = from.kind === 'pglite' ? { ...from, folder: join(folder, 'untouched') } : await place();
        await refusedAs(code, restoreStore(into, damaged));
        rmSync(damaged);
      });
    }
  });
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

function blank(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0, 0, 4096);
  writeFileSync(path, bytes);
}

describe('A backup of a server that cannot be reached', function () {
  this.timeout(60_000);

  it('leaves no file, and no password in the sentence', async () => {
    const file = join(folder, 'none.backup');
    const url = 'postgres://epurse:very-secret@127.0.0.1:1/none';
    let error: unknown;
    await backupStore({ kind: 'postgresql', url }, file, new TestClock().read).catch(
      (caught: unknown) => (error = caught),
    );
    expect((error as Error).message)
      .to.match(/cannot be reached/)
      .and.not.include('very-secret');
    expect(() => statSync(file)).to.throw(/ENOENT/);
  });
});
