/** The files git knows, read once. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export interface Source {
  /** Relative to the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

const binary = /\.(png|jpg|gz|zip|bin|cap|exp|jar|tar|webp|ico)$/;

let known: readonly Source[] | undefined;

/** Text files under version control whose path matches, without those that git has only in the index. */
export function sources(matching: RegExp = /./): readonly Source[] {
  known ??= execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 24 })
    .split('\0')
    .filter((path) => path !== '' && !binary.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return known.filter(({ path }) => matching.test(path));
}

/** `path:line: text` of every line that matches. */
export function linesMatching(files: readonly Source[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}
