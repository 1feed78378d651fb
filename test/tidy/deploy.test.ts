/** The files for a server: as much as can be checked without running containers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { skip } from '../support/skip.js';
import { root, sources } from './sources.js';

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly build?: { readonly dockerfile?: string }; readonly healthcheck?: unknown }>
  >;
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as Compose;

describe('docker-compose.yml', () => {
  it('is accepted by docker-compose', function () {
    if (spawnSync('docker-compose', ['version']).status !== 0) skip(this, 'docker-compose is not installed');
    this.timeout(60_000);
    const env = { ...process.env, EPURSE_DATABASE_PASSWORD: 'for-this-check-only' };
    const resolved = execFileSync('docker-compose', ['-f', 'docker-compose.yml', 'config'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    expect(Object.keys((parse(resolved) as Compose).services)).to.have.members(Object.keys(compose.services));
  });

  it('is refused by docker-compose without a database password', function () {
    if (spawnSync('docker-compose', ['version']).status !== 0) skip(this, 'docker-compose is not installed');
    this.timeout(60_000);
    const env = { ...process.env, EPURSE_DATABASE_PASSWORD: '' };
    expect(spawnSync('docker-compose', ['config'], { cwd: root, env }).status).to.not.equal(0);
  });

  it('builds its images from files that exist', () => {
    const named = Object.values(compose.services).flatMap(({ build }) => build?.dockerfile ?? []);
    const known = sources(/^deploy\//).map(({ path }) => path);
    expect(named).to.not.be.empty;
    expect(known).to.include.members(named);
  });

  it('watches the health of the database', () => {
    expect(compose.services['postgres']?.healthcheck).to.be.an('object');
  });
});
