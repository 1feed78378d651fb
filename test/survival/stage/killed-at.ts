/**
 * At which of its steps a task is killed: at every one with EPURSE_EVERY_STEP=1, else at every fifth, and always at the last.
 *
 * @returns their places
 */
export function killedAt(steps: readonly string[]): number[] {
  const every = process.env['EPURSE_EVERY_STEP'] === '1' ? 1 : 5;
  return [...steps.keys()].filter((place) => place % every === 0 || place === steps.length - 1);
}
