/**
 * Module hooks (node:module, `register`) for weakened-host.ts: what is imported with changes in its address has them in the
 * addresses of all that it imports of ours, and is read with the changes that are for it. Everything else is shared with the process.
 */
import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { changed, sharedModules, weakenedQuery } from './weakening.js';
import type { Change } from './weakening.js';

const build = new URL('../../', import.meta.url).href;

export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await next(specifier, context);
  const changes = context.parentURL === undefined ? null : new URL(context.parentURL).searchParams.get(weakenedQuery);
  if (changes === null || !isOurs(found.url)) return found;
  const url = new URL(found.url);
  url.searchParams.set(weakenedQuery, changes);
  return { ...found, url: url.href };
};

export const load: LoadHook = async (url, context, next) => {
  const address = new URL(url);
  const changes = address.searchParams.get(weakenedQuery);
  if (changes === null) return next(url, context);
  const path = address.href.slice(build.length).split('?', 1)[0];
  const mine = (JSON.parse(changes) as Change[]).filter(({ module }) => module === path);
  const source = mine.reduce(changed, await readFile(fileURLToPath(address), 'utf8'));
  return { format: 'module', source, shortCircuit: true };
};

function isOurs(url: string): boolean {
  return url.startsWith(build) && !sharedModules.includes(url.slice(build.length));
}
