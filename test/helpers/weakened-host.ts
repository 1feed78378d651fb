/** Terminals and issuers that lack a check: the same modules, loaded once more with a line of them changed. */
import { register } from 'node:module';
import { weakenedQuery } from './weakening.js';
import type { Change } from './weakening.js';

/** Imports a module of ours, by its path below build/, as this host has it. */
export type Host = <Module>(path: string) => Promise<Module>;

const build = new URL('../../', import.meta.url);
let hooked = false;

/** @param changes none: ours */
export function hostWith(changes: readonly Change[]): Host {
  if (changes.length > 0 && !hooked) {
    register('./weakening-hooks.js', import.meta.url);
    hooked = true;
  }
  return async <Module>(path: string) => {
    const url = new URL(path, build);
    if (changes.length > 0) url.searchParams.set(weakenedQuery, JSON.stringify(changes));
    return (await import(url.href)) as Module;
  };
}
