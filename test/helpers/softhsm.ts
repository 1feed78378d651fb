/** A SoftHSM2 token of its own for a test file, in a folder of its own; what is missing is said in words. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const libraries = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

export const softhsmLibrary = libraries.find((path) => existsSync(path));

/** Why there can be no token here; undefined where there can. */
export function withoutSoftHsm(): string | undefined {
  if (softhsmLibrary === undefined) return 'SoftHSM2 is not installed (apt-get install softhsm2)';
  if (spawnSync('softhsm2-util', ['--version']).status !== 0) return 'softhsm2-util does not run';
  try {
    createRequire(import.meta.url)('pkcs11js');
    return undefined;
  } catch {
    return 'the native module pkcs11js is not built (npm rebuild --ignore-scripts=false pkcs11js)';
  }
}

/** PINs of test tokens. */
export const testPin = '648219';

export class SoftHsm {
  readonly folder = mkdtempSync(join(tmpdir(), 'epurse-hsm-'));

  /** The library reads its settings when it starts, which is once in a process. */
  constructor() {
    mkdirSync(join(this.folder, 'tokens'));
    const conf = join(this.folder, 'softhsm2.conf');
    writeFileSync(conf, `directories.tokendir = ${join(this.folder, 'tokens')}\nlog.level = ERROR\n`);
    process.env['SOFTHSM2_CONF'] = conf;
  }

  /** Makes a token. @returns its URI */
  token(label: string): string {
    const words = ['--init-token', '--free', '--label', label, '--so-pin', '73519046', '--pin', testPin];
    const { status, stderr } = spawnSync('softhsm2-util', words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`softhsm2-util: ${stderr}`);
    return `pkcs11:token=${encodeURIComponent(label)}?module-path=${softhsmLibrary ?? ''}`;
  }

  close(): void {
    delete process.env['SOFTHSM2_CONF'];
    rmSync(this.folder, { recursive: true, force: true });
  }
}
