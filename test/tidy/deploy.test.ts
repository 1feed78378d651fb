/** The files for a server: as much as can be checked without running containers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { root, sources } from './sources.js';

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly build?: { readonly dockerfile?: string }; readonly healthcheck?: unknown }>
  >;
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as Compose;

describe('docker-compose.yml', () => {
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
