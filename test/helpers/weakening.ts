/** What weakening a host is made of; test/helpers/weakened-host.ts does it. */

/** One change of the compiled sources. */
export interface Change {
  /** Below build/, such as `host/protocol/channel/secure.js`. */
  readonly module: string;
  /** As the compiler writes it; has to be there once. */
  readonly find: string;
  readonly put: string;
}

/** Carries the changes in the addresses of modules. */
export const weakenedQuery = 'weakened';

/** One for all hosts, weakened or not: the simulator's process, and what outlives a test. */
export const sharedModules: readonly string[] = ['test/helpers/bridge.js', 'test/helpers/doctored.js'];

/** @throws Error when what is to be replaced is not there, or more than once: the sources have changed since */
export function changed(source: string, { module, find, put }: Change): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${module} has not once: ${find}`);
  }
  return before + put + after;
}
