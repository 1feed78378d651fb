import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, from its sources as from build/. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  const parent = dirname(folder);
  if (existsSync(join(folder, 'apdu-specs', 'structures.yaml'))) return folder;
  if (parent === folder) throw new Error('the folder of the project cannot be found');
  return findRoot(parent);
}
