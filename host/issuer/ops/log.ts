/** The issuer's log: one JSON object a line (pino). Secrets have no field here; should one slip in, it is cut out by name. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names under which a secret could come along with an object that somebody logs whole. */
const secretNames = [
  'password',
  'pin',
  'privateKey',
  'key',
  'token',
  'secret',
  'cookie',
  'authorization',
  'passphrase',
];
const redact = {
  paths: [...secretNames, ...secretNames.map((name) => `*.${name}`), ...secretNames.map((name) => `*.*.${name}`)],
  censor: '[secret]',
};

/** @param to a stream; default: standard error */
export function issuerLog(level: LogLevel, to: DestinationStream = pino.destination({ fd: 2, sync: false })): Logger {
  return pino({ level, redact, base: { program: 'epurse-issuer' }, timestamp: pino.stdTimeFunctions.isoTime }, to);
}
