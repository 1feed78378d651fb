/**
 * [M4] Under load the issuer, or PostgreSQL, is killed at random moments. Afterwards every acknowledged request is there, nothing
 * is there twice, and the books balance. EPURSE_KILLS=50 for more of them, EPURSE_SEED=… for other moments.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import type { Store } from '../../host/issuer/store/database.js';
import { PostgresServer, needsPostgresql } from '../helpers/postgres-server.js';
import { atLeast, seedOr } from '../support/wish.js';
import type { IssuerProcess } from './issuer-process.js';
import { again, survive } from './survive.js';
import type { Strike } from './survive.js';

const kills = atLeast(3, 'EPURSE_KILLS');
const seed = seedOr(20_261_122);

describe(`[M4] Killed under load (seed ${seed})`, function () {
  this.timeout(120_000 + kills * 60_000);
  let postgres: PostgresServer | undefined;
  let folder: string;
  const running: IssuerProcess[] = [];

  before(() => (folder = mkdtempSync(join(tmpdir(), 'epurse-kill-'))));
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill();
    await postgres?.stop();
    postgres = undefined;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function server(): Promise<PostgresServer> {
    return (postgres = await PostgresServer.start());
  }

  /** @see survive */
  async function survives(place: string, open: () => Promise<Store>, strike: Strike): Promise<void> {
    await survive({ place, open, strike, kills, seed, running });
  }

  it('the issuer on the embedded store still has every acknowledged request, none twice', async () => {
    await survives(folder, () => openEmbeddedStore(folder), again);
  });

  it('the issuer on a PostgreSQL server still has every acknowledged request, none twice', async function () {
    needsPostgresql(this);
    const url = await (await server()).createDatabase();
    await survives(url, () => openServerStore(url), again);
  });

  it('PostgreSQL still has every acknowledged request, none twice, and the issuer goes on without a restart', async function () {
    needsPostgresql(this);
    const database = await server();
    const url = await database.createDatabase();
    await survives(
      url,
      () => openServerStore(url),
      async (_issuer, traffic) => {
        await database.end(traffic.pick(2) === 0 ? 'kill' : 'immediate');
        await pause(traffic.pick(300));
        await database.restart();
      },
    );
  });
});
