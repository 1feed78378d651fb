/**
 * The embedded store when the power goes: only what was written to the disk is left. A second folder gets exactly that: every
 * file as it was at its last fsync, every folder's list of files as it was at its last.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import type { Store } from '../../host/issuer/store/database.js';
import { accountBalances } from '../../host/issuer/store/ledger.js';
import { sql } from 'kysely';
import { SoftIssuer } from '../helpers/soft-issuer.js';

/** What a disk holds of a folder. */
class Disk {
  constructor(
    private readonly folder: string,
    readonly copy: string,
  ) {}

  readonly synced = (path: string): void => {
    const kept = join(this.copy, relative(this.folder, path));
    if (!existsSync(this.copy)) return;
    if (statSync(path).isDirectory()) this.syncNames(path, kept);
    else {
      mkdirSync(join(kept, '..'), { recursive: true });
      copyFileSync(path, kept);
    }
  };

  /** The disk holds everything that is there now. */
  begin(): void {
    cpSync(this.folder, this.copy, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  }

  /** Names that are gone from a folder; new ones come with their own sync. */
  private syncNames(path: string, kept: string): void {
    mkdirSync(kept, { recursive: true });
    const there = new Set(readdirSync(path));
    for (const name of readdirSync(kept)) if (!there.has(name)) rmSync(join(kept, name), { recursive: true });
  }
}

describe('When the power goes, the embedded store', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'epurse-power-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('[M4] still has everything that was acknowledged, checkpoints in between or not', async () => {
    const [live, left] = [join(folder, 'live'), join(folder, 'left')];
    const disk = new Disk(live, left);
    const store: Store = await openEmbeddedStore(live, disk.synced);
    disk.begin();
    const site = await SoftIssuer.open(store);
    const card = await site.fundedCard(90_00);
    const pos = await site.pos();
    for (let i = 1; i <= 12; i++) {
      pos.sell(card, 0, i);
      await site.port.uploadBatch(pos.close());
      if (i % 4 === 0) await sql`checkpoint`.execute(store.db);
      // as if the plug were pulled here
      if (i % 3 !== 0) continue;
      const pulled = join(folder, `pulled-${i}`);
      cpSync(left, pulled, { recursive: true });
      const again = await openEmbeddedStore(pulled);
      const { rows } = await sql<{ last: bigint }>`select max(number) as last from batch`.execute(again.db);
      expect(rows[0]?.last).to.equal(BigInt(i));
      expect(await accountBalances(again.db)).to.deep.equal(await accountBalances(store.db));
      await again.close();
    }
    await site.close();
  });
});
