/**
 * The home folder of a day. The ceremony that makes scheme, keys and terminals is held once in a process: every day begins with a copy of what
 * it left, in memory where the machine has room there, for these homes outlive no power failure and should wait for no disk.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acquirerKeyring, initScheme } from '../../../host/issuer/pki/scheme-init.js';
import { enrol } from '../../../host/issuer/pki/terminals.js';
import { tlsKeys } from '../../../host/issuer/pki/tls.js';
import type { Scheme } from '../../../host/protocol/scheme.js';
import { Home } from '../../../host/terminal/home.js';
import { readIdentity } from '../../../host/terminal/identity.js';
import { quickFolder } from '../../helpers/quick-folder.js';
import { TestClock } from '../../helpers/scheme.js';
import { generous } from '../generous.js';
import { posCount } from './steps.js';

interface KeptFile {
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

let ceremony: readonly KeptFile[] | undefined;

/** In a folder of its own, which the caller removes. */
export function freshHome(): Home {
  const folder = quickFolder('epurse-model-');
  for (const { path, mode, content } of (ceremony ??= hold())) {
    mkdirSync(join(folder, dirname(path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, path), content, { mode });
  }
  return new Home(folder);
}

export function posName(number: number): string {
  return number === 0 ? 'pos' : `pos-${number}`;
}

function hold(): readonly KeptFile[] {
  const home = new Home(quickFolder('epurse-model-'));
  try {
    const clock = new TestClock();
    const { scheme } = initScheme(home, { clock: clock.read });
    for (let pos = 1; pos < posCount; pos++) enrolAnotherPos(home, scheme, pos, clock);
    writeFileSync(home.path('issuer', 'config.json'), JSON.stringify(generous));
    return filesBelow(home.folder);
  } finally {
    rmSync(home.folder, { recursive: true, force: true });
  }
}

function enrolAnotherPos(home: Home, scheme: Scheme, pos: number, clock: TestClock): void {
  const name = posName(pos);
  const { certificate: like } = readIdentity(home, posName(0), scheme, clock.now);
  const terminalId = like.terminalId.map((byte) => byte ^ (0x50 + pos));
  const { authority } = tlsKeys(home, scheme.id, clock.now);
  const keys = acquirerKeyring(home, scheme);
  enrol(home, scheme, { keys, authority }, { ...like, name, terminalId }, clock.now);
}

function filesBelow(folder: string): KeptFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    const full = join(folder, path);
    const stat = statSync(full);
    return stat.isFile() ? [{ path, mode: stat.mode & 0o777, content: readFileSync(full) }] : [];
  });
}
