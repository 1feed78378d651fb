/** Opens the issuer of the home for one command and closes it again. */
import type { Run } from '../../cli/command-line.js';
import { openIssuer } from '../open.js';
import type { HomeIssuer } from '../open.js';
import { withIssuerFailures } from './failures.js';
import { unlockFor } from './unlock.js';
import type { Unlocking } from '../pki/unlock.js';

export function withIssuer<T>(run: Run, work: (opened: HomeIssuer, unlock: Unlocking) => Promise<T>): Promise<T> {
  return withIssuerFailures(async () => {
    const unlock = await unlockFor(run, ['issuer']);
    const opened = await openIssuer(run.home(), { unlock });
    try {
      return await work(opened, unlock);
    } finally {
      await opened.close();
    }
  });
}

/** For a command that books: refused while the clock is behind what is booked. */
export function withBooks<T>(run: Run, work: (opened: HomeIssuer) => Promise<T>): Promise<T> {
  return withIssuer(run, async (opened) => {
    await opened.checkClock();
    return work(opened);
  });
}
