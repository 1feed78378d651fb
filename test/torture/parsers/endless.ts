/** For the test of the watch: a parser that never comes back from what begins with FF, and takes all else. */
import type { Parser } from '../../helpers/parsers.js';
import { serve } from '../workers.js';
import { attempt } from './attempt.js';
import type { Attempted } from './attempt.js';
import { noteIn } from './watched.js';
import type { WatchedAttempt } from './watched.js';

const endless: Parser = {
  name: 'endless',
  throws: [],
  seeds: [Uint8Array.of(0xff, 0xff)],
  read: ([first]) => {
    for (;;) if (first !== 0xff) return first;
  },
};

serve<WatchedAttempt, never, Attempted>(({ seed, runs, input }) =>
  Promise.resolve(attempt(endless, seed, runs, (bytes) => noteIn(input, bytes))),
);
