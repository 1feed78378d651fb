/** For the test of the watch: a parser that never comes back. */
import type { Parser } from '../../helpers/parsers.js';
import { serveAttempts } from './watched.js';

const endless: Parser = {
  name: 'endless',
  throws: [],
  seeds: [Uint8Array.of(0)],
  read: (bytes) => {
    while (bytes.length >= 0);
  },
};

serveAttempts(() => endless);
