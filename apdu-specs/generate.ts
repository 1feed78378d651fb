// Makes the applet's constants, the host's codecs, the command matrix and docs/apdu.md out of the YAML files beside it.
// `npm run generate` writes them; with --check nothing is written and every file that differs is named (exit 1).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkSpec } from './generator/checks/all.js';
import { loadSpec } from './generator/load.js';
import { SpecError } from './generator/model.js';
import { drift, outputs } from './generator/outputs.js';

const checkOnly = process.argv.includes('--check');
const root = process.cwd();

try {
  const spec = loadSpec(join(root, 'apdu-specs'));
  checkSpec(spec);
  const files = await outputs(spec);
  const changed = drift(files, current);
  if (checkOnly) reportDrift(changed);
  else changed.forEach((path) => write(path, files.get(path) ?? ''));
} catch (error) {
  if (!(error instanceof SpecError)) throw error;
  process.stderr.write(`apdu-specs: ${error.message}\n`);
  process.exitCode = 1;
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`wrote ${path}\n`);
}

function reportDrift(paths: readonly string[]): void {
  for (const path of paths) process.stderr.write(`${path} is not what apdu-specs says: run "npm run generate"\n`);
  if (paths.length > 0) process.exitCode = 1;
}
