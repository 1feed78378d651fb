/**
 * [M1] Three issuer processes on one PostgreSQL server take the same requests: at the same moment, in any order, again, cut off,
 * and while somebody ends their connections to the database. Afterwards everything acknowledged is there once, the books balance, and every
 * chain is whole. EPURSE_ROUNDS=100 for a longer look, EPURSE_SEED=… for other moments.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { openServerStore } from '../../host/issuer/store/server.js';
import { TestTls } from '../helpers/https.js';
import { repeatableRandom } from '../helpers/keys.js';
import { PostgresServer, needsPostgresql } from '../helpers/postgres-server.js';
import { schemeId } from '../helpers/scheme.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { atLeast, seedOr } from '../support/wish.js';
import { compare } from './compare.js';
import { IssuerProcess } from './issuer-process.js';
import { Scatter } from './scatter.js';
import { Traffic } from './traffic.js';

const rounds = atLeast(8, 'EPURSE_ROUNDS');
const seed = seedOr(20_261_122);
const workers = 4;

describe(`[M1] Three issuer processes on one server (seed ${seed})`, function () {
  this.timeout(120_000 + rounds * 20_000);
  const running: IssuerProcess[] = [];
  let postgres: PostgresServer;

  before(async function () {
    needsPostgresql(this);
    postgres = await PostgresServer.start();
  });
  after(async () => {
    for (const one of running) await one.kill();
    await postgres?.stop();
  });

  /** Ends one connection of a process, in the middle of whatever it does. */
  async function endConnection(admin: pg.Client, pick: (below: number) => number): Promise<boolean> {
    const { rows } = await admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by state = 'idle', pid`,
    );
    const victim = rows[pick(Math.max(1, Math.min(4, rows.length)))];
    if (victim === undefined) return false;
    await admin.query('select pg_terminate_backend($1)', [victim.pid]);
    return true;
  }

  it('book each request once, whoever gets it, and agree with the cards', async function () {
    const url = await postgres.createDatabase();
    const tls = new TestTls(schemeId);
    const random = repeatableRandom(`processes ${seed}`);
    const pick = (below: number): number => Buffer.from(random(4)).readUInt32BE() % below;
    // one after the other: the first makes the schema
    for (let i = 0; i < 3; i++) {
      const one = new IssuerProcess(url, workers, tls);
      running.push(one);
      await one.start();
    }
    const scatter = new Scatter(running, pick);
    const traffic = new Traffic(running[0] as IssuerProcess, workers, seed, (own) => scatter.exchange(own));
    await traffic.issueCards();
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    let ended = 0;
    const strikes = (async () => {
      for (let i = 0; i < rounds; i++) {
        await pause(300 + pick(1200));
        if (await endConnection(admin, pick)) ended++;
      }
      await pause(300);
      traffic.stop();
    })();
    await Promise.all([traffic.work(), strikes]);
    await traffic.askAgain();
    await admin.end();
    expect(running.map((one) => one.running)).to.deep.equal([true, true, true]);
    for (const one of running) await one.kill();
    const site = await SoftIssuer.open(await openServerStore(url));
    try {
      await compare(site, traffic, workers);
    } finally {
      await site.close();
    }
    const { single, together, cut, late } = scatter.weather;
    expect(Math.min(single, together, cut, late, ended), 'what was to happen happened').to.be.above(0);
    const seen = `${single} alone, ${together} to all at once, ${cut} cut, ${late} late, ${ended} connections ended`;
    if (this.test !== undefined) this.test.title += ` (${seen}, ${traffic.acknowledged.length} batches)`;
  });
});
