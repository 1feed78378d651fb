/** Tries the parsers of host and issuer, one after the other as it is told. */
import { parsers } from '../../helpers/parsers.js';
import { serve } from '../workers.js';
import { attempt } from './attempt.js';
import type { Attempted } from './attempt.js';
import { noteIn } from './watched.js';
import type { WatchedAttempt } from './watched.js';

serve<WatchedAttempt, never, Attempted>(({ parser, seed, runs, input }) => {
  const chosen = parsers.find(({ name }) => name === parser);
  if (chosen === undefined) throw new RangeError(`There is no parser "${parser}".`);
  return Promise.resolve(attempt(chosen, seed, runs, (bytes) => noteIn(input, bytes)));
});
