/**
 * How often a test that may repeat itself is to do so: as often as a variable of the environment says. It can only ask for more: with less,
 * or with something that is no number, the test would pass and have shown nothing.
 *
 * @param usual how often it does so when nobody says
 * @throws RangeError for what is no whole number from `usual` on
 */
export function atLeast(usual: number, variable: string, environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment[variable];
  if (text === undefined || text === '') return usual;
  return wholeNumber(variable, text, usual);
}

/** The seed of random histories: EPURSE_SEED, where it is given. @throws RangeError for what is no whole number */
export function seedOr(usual: number, environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment['EPURSE_SEED'];
  return text === undefined || text === '' ? usual : wholeNumber('EPURSE_SEED', text, 0);
}

function wholeNumber(variable: string, text: string, least: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new RangeError(`${variable} takes a whole number from ${least} on, not "${text}".`);
  return Number(text);
}
