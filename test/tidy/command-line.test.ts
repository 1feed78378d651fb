/** What the documentation promises to scripts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exitCodes, kinds } from '../../host/terminal/outcome.js';
import { projectRoot } from '../helpers/project.js';

const page = readFileSync(join(projectRoot, 'docs', 'command-line.md'), 'utf8');

describe('docs/command-line.md', () => {
  for (const [kind, exitCode] of Object.entries(exitCodes)) {
    it(`names every code that ends with ${exitCode} (${kind}), and no other`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| ${exitCode} |`)) ?? '';
      const named = [...row.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code);
      const codes = Object.entries(kinds).flatMap(([code, of]) => ((of as string) === kind ? [code] : []));
      expect(named.sort()).to.deep.equal(codes.sort());
    });
  }
});
