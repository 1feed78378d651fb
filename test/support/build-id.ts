/** Which build a figure belongs to: a hash over everything that is built or run, changed files included. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders and files that programs and tests are made of, and by which they are run and checked; texts about them are not. */
const made =
  /^(applet|apdu-specs|host|jcardsim-ts-bridge|scripts|test|\.mvn)\/|^(package(-lock)?\.json|pom\.xml|tsconfig[^/]*\.json|epurse|eslint\.config\.js|\.dependency-cruiser\.cjs|\.prettier[a-z.]*)$/;

/**
 * SHA-256 in hexadecimal over names and contents; undefined outside a git checkout, and in a folder that the checkout around it ignores:
 * nobody can tell one build from another there.
 *
 * @param root the project's folder
 */
export function buildId(root: string): string | undefined {
  const hash = createHash('sha256');
  try {
    const sources = paths(root);
    if (sources.length === 0) return undefined;
    for (const path of sources) {
      if (existsSync(join(root, path)))
        hash.update(`${path}\0`).update(
          createHash('sha256')
            .update(readFileSync(join(root, path)))
            .digest(),
        );
    }
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

function paths(root: string): string[] {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return [...new Set(listed.split('\0'))].filter((path) => made.test(path) && !path.endsWith('.md')).sort();
}
