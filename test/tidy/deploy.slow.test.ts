/** docker-compose itself reads the file: an interpreter's start, twice. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { skip } from '../support/skip.js';
import { root } from './sources.js';

interface Compose {
  readonly services: Readonly<Record<string, unknown>>;
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
});
