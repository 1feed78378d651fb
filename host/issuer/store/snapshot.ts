/** A prepared database image in the build output, made once per set of migrations and reused by every later start. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrations } from './migrations/index.js';

const image = /^ledger-[0-9a-f]{16}\.tar$/;

/** @param make called when there is none for these migrations; what it gives is kept where the folder can be written */
export async function cachedSnapshot(make: () => Promise<Blob>): Promise<Blob> {
  const folder = join(projectFolder(), 'build', 'cache');
  const name = `ledger-${fingerprint()}.tar`;
  try {
    return new Blob([readFileSync(join(folder, name))]);
  } catch {
    const made = await make();
    keep(folder, name, new Uint8Array(await made.arrayBuffer()));
    return made;
  }
}

/** Two processes may make it at once; either result serves. Images of older migrations go. */
function keep(folder: string, name: string, content: Uint8Array): void {
  try {
    mkdirSync(folder, { recursive: true });
    const beside = join(folder, `${name}.${randomBytes(4).toString('hex')}`);
    writeFileSync(beside, content);
    renameSync(beside, join(folder, name));
    for (const other of readdirSync(folder))
      if (image.test(other) && other !== name) rmSync(join(folder, other), { force: true });
  } catch {
    // a read-only installation makes it anew each time
  }
}

/** The text of the migrations is their version; so is the PGlite that will open the image. */
function fingerprint(): string {
  const hash = createHash('sha256').update(pgliteVersion());
  for (const [name, { up }] of Object.entries(migrations)) hash.update(name).update(up.toString());
  return hash.digest('hex').slice(0, 16);
}

function pgliteVersion(): string {
  const manifest = join(projectFolder(), 'node_modules', '@electric-sql', 'pglite', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** The nearest folder above this file with node_modules: the project's, from the sources and from the build alike. */
function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder)) {
    try {
      readdirSync(join(folder, 'node_modules'));
      return folder;
    } catch {
      folder = dirname(folder);
    }
  }
  throw new Error('no node_modules above the store');
}
