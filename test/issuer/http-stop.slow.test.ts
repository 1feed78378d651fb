/** SIGTERM to a server at work: what is under way is answered, nothing new is taken, and the store is closed in order. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { announcedIssuer } from '../../host/issuer/http/announcement.js';
import { openIssuer } from '../../host/issuer/open.js';
import { initScheme } from '../../host/issuer/pki/scheme-init.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import { Home } from '../../host/terminal/home.js';
import { readIdentity } from '../../host/terminal/identity.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import { readTls } from '../../host/terminal/tls.js';
import { projectRoot } from '../helpers/project.js';
import { SoftPos } from '../helpers/soft-pos.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('A server that is told to stop', function () {
  this.timeout(120_000);
  const home = new Home(mkdtempSync(join(tmpdir(), 'epurse-stop-')));
  after(() => rmSync(home.folder, { recursive: true, force: true }));

  it('finishes what it has begun under load, keeps every acknowledged batch, and ends with 0', async () => {
    const { scheme } = initScheme(home);
    const main = join(projectRoot, 'build', 'host', 'cli', 'main.js');
    const log = join(home.folder, 'issuer.log');
    const args = [main, 'issuer', 'serve', '--home', home.folder, '--port', '0', '--log', log];
    const server = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => server.on('exit', resolve));
    let url: string | undefined;
    for (let i = 0; i < 600 && (url = announcedIssuer(home)) === undefined; i++) await sleep(100);
    if (url === undefined) return expect.fail('the server never listened');

    const port = httpIssuer({ url, tls: readTls(home, 'pos'), attempts: 1 });
    const pos = new SoftPos(readIdentity(home, 'pos', scheme, systemClock()), scheme.id, systemClock);
    let acknowledged = 0;
    let asked = 0;
    const kinds = new Set<string>();
    const load = async (ask: () => Promise<unknown>): Promise<void> => {
      for (;;) {
        try {
          await ask();
          asked++;
        } catch (error) {
          expect(error).to.be.instanceOf(IssuerError);
          kinds.add((error as IssuerError).code);
          return;
        }
      }
    };
    const working = [
      load(async () => {
        await port.uploadBatch(pos.close());
        acknowledged++;
      }),
      ...[1, 2, 3].map(() => load(() => port.hotList(0))),
    ];
    while (acknowledged < 5 && server.exitCode === null) await sleep(20);
    const told = performance.now();
    server.kill('SIGTERM');
    await Promise.all(working);
    expect(await ended).to.equal(0);
    // nothing had to be cut off: that comes after 25 seconds
    expect(performance.now() - told).to.be.below(20_000);
    expect(asked).to.be.above(acknowledged);
    // refused before anything was done, or not reached: never half an answer that looks like a whole one
    expect(
      [...kinds].every((kind) => ['unreachable', 'busy'].includes(kind)),
      [...kinds].join(),
    ).to.equal(true);
    expect(announcedIssuer(home)).to.equal(undefined);
    expect(readFileSync(log, 'utf8')).not.to.match(/"level":[56]0/);
    const { issuer, close } = await openIssuer(home);
    const { count } = await issuer.store.db
      .selectFrom('batch')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).to.be.within(acknowledged, acknowledged + 1);
    await close();
  });
});
