/**
 * [M4] Under load the issuer, or PostgreSQL, is killed at random moments. Afterwards every acknowledged request is there, nothing
 * is there twice, and the books balance. EPURSE_KILLS=50 for more of them, EPURSE_SEED=… for other moments.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import type { Store } from '../../host/issuer/store/database.js';
import { PostgresServer, needsPostgresql } from '../helpers/postgres-server.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { compare } from './compare.js';
import { IssuerProcess } from './issuer-process.js';
import { Traffic } from './traffic.js';

const kills = Number(process.env['EPURSE_KILLS'] ?? 3);
const seed = Number(process.env['EPURSE_SEED'] ?? 20_261_122);
const workers = 4;

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

  /** Load, with `strike` at random moments; then what is left is compared with what was acknowledged. */
  async function survive(
    place: string,
    open: () => Promise<Store>,
    strike: (issuer: IssuerProcess, traffic: Traffic) => Promise<void>,
  ): Promise<void> {
    const issuer = new IssuerProcess(place, workers);
    running.push(issuer);
    await issuer.start();
    const traffic = new Traffic(issuer, workers, seed);
    await traffic.issueCards();
    const work = traffic.work();
    // a failure of the work ends the test at once, not after all strikes
    const strikes = (async () => {
      for (let i = 0; i < kills; i++) {
        await pause(200 + traffic.pick(1500));
        await strike(issuer, traffic);
        expect(issuer.running, 'the issuer runs').to.equal(true);
      }
      await pause(300);
      traffic.stop();
    })();
    await Promise.all([work, strikes]);
    await traffic.askAgain();
    await issuer.kill();
    const site = await SoftIssuer.open(await open());
    try {
      await compare(site, traffic, workers);
    } finally {
      await site.close();
    }
  }

  const again = async (issuer: IssuerProcess): Promise<void> => {
    await issuer.kill();
    await issuer.start();
  };

  it('the issuer on the embedded store still has every acknowledged request, none twice', async () => {
    await survive(folder, () => openEmbeddedStore(folder), again);
  });

  it('the issuer on a PostgreSQL server still has every acknowledged request, none twice', async function () {
    needsPostgresql(this);
    const url = await (await server()).createDatabase();
    await survive(url, () => openServerStore(url), again);
  });

  it('PostgreSQL still has every acknowledged request, none twice, and the issuer goes on without a restart', async function () {
    needsPostgresql(this);
    const database = await server();
    const url = await database.createDatabase();
    await survive(
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
