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
