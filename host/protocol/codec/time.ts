/** Time on the wire: seconds since 1970-01-01 UTC in an unsigned 32-bit number (good until 2106). */
export type Seconds = number;

/** Gives the time now. Passed in wherever time matters, so that tests have their own. */
export type Clock = () => Seconds;

export const systemClock: Clock = () => Math.floor(Date.now() / 1000);

export const day: Seconds = 86_400;

/** As ISO 8601 with seconds: 2026-11-22T05:11:22Z. */
export function formatTime(time: Seconds): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}

/** Reads what {@link formatTime} writes. @throws RangeError for anything else */
export function parseTime(text: string): Seconds {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) / 1000 : NaN;
  if (!Number.isInteger(time) || time < 0 || time > 0xffff_ffff || formatTime(time) !== text) {
    throw new RangeError(`"${text}" is not a time such as 2026-11-22T05:11:22Z`);
  }
  return time;
}
