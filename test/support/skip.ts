/** The reason of what a fast run leaves out: nobody counts it as skipped, and a grade counts it as missing. */
export const leftOutOfFast = 'left out of the fast run';

/** What the runner reads the reason from: the test itself, or the suite whose `before` hook skipped. */
interface Skippable {
  skipReason?: string;
  readonly type?: string;
  readonly parent?: Skippable;
}

/** Skips a test, or in a `before` hook its whole suite, with a reason that the run prints. */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.test as unknown as Skippable;
  const owner = runnable.type === 'hook' ? (runnable.parent ?? runnable) : runnable;
  owner.skipReason = reason;
  return context.skip();
}
