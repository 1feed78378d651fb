/** Writes docs/openapi.json; with --check nothing is written, and a file that differs is an error (exit 1). */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { openApi } from './openapi.js';

const path = 'docs/openapi.json';
const spec = (name: string): unknown => parse(readFileSync(`apdu-specs/${name}.yaml`, 'utf8'));
const structures = spec('structures') as Record<string, unknown>[];
const text = `${JSON.stringify(openApi(structures, spec('enums')), undefined, 1)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (readFileSync(path, 'utf8') !== text) {
  process.stderr.write(`${path} is not what the routes say: run "npm run generate"\n`);
  process.exitCode = 1;
}
