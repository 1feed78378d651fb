/**
 * The programs of the processes that are killed, each in one file: a process that lives for a quarter of a second should not spend half
 * of it on reading four hundred modules. They are made once in a process, from what is compiled.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../../helpers/project.js';
import { changed } from '../../helpers/weakening.js';
import type { Change } from '../../helpers/weakening.js';

export interface Programs {
  readonly terminal: string;
  readonly issuer: string;
  readonly office: string;
}

let made: Promise<Programs> | undefined;

export function programs(): Promise<Programs> {
  return (made ??= bundled());
}

/** Those that another thread of this process has made. */
export function givePrograms(given: Programs): void {
  made = Promise.resolve(given);
}

/** The same with lines changed. @throws Error when what is to be replaced is not there, or more than once */
export function weakenedPrograms(changes: readonly Change[]): Promise<Programs> {
  return bundled([weakenedBy(changes)]);
}

async function bundled(plugins: readonly Plugin[] = []): Promise<Programs> {
  // in the project: its folder is found from there
  const folder = mkdtempSync(join(projectRoot, 'build', 'programs-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const entry = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  await build({
    entryPoints: {
      terminal: entry('terminal-child'),
      issuer: entry('home-issuer-child'),
      office: entry('office-child'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // what is CommonJS still asks for modules by name, and for the place of its file
    banner: {
      js: [
        `import { createRequire as epurseRequire } from 'node:module';`,
        `const require = epurseRequire(import.meta.url);`,
        `const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
      ].join('\n'),
    },
    plugins: [atItsPlace, ...plugins],
    logLevel: 'silent',
  });
  const made = (name: string): string => join(folder, `${name}.mjs`);
  return { terminal: made('terminal'), issuer: made('issuer'), office: made('office') };
}

/** They find files beside themselves: threads that check signatures, WebAssembly. */
const atItsPlace: Plugin = {
  name: 'at-its-place',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/verify\/pool\.js$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
    onResolve({ filter: /^@electric-sql\/pglite/ }, () => ({ external: true }));
  },
};

const compiled = fileURLToPath(new URL('../../../', import.meta.url));

function weakenedBy(changes: readonly Change[]): Plugin {
  return {
    name: 'weakened',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const mine = changes.filter(({ module }) => join(compiled, module) === path);
        if (mine.length === 0) return undefined;
        return { contents: mine.reduce(changed, readFileSync(path, 'utf8')), loader: 'js' };
      });
    },
  };
}
