/** Tries the parsers of host and issuer, one after the other as it is told. */
import { parsers } from '../../helpers/parsers.js';
import { serveAttempts } from './watched.js';

serveAttempts((wanted) => {
  const chosen = parsers.find(({ name }) => name === wanted);
  if (chosen === undefined) throw new RangeError(`There is no parser "${wanted}".`);
  return chosen;
});
