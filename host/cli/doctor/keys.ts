/** The scheme and the terminals of a home: do keys and certificates hold, and for how long? */
import { readdir, stat } from 'node:fs/promises';
import { day, formatTime } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import type { Scheme } from '../../protocol/scheme.js';
import type { Home } from '../../terminal/home.js';
import { readIdentity, readScheme } from '../../terminal/identity.js';
import { Failure } from '../../terminal/outcome.js';
import type { Finding } from './finding.js';

/** A certificate that runs out this soon is worth a word. */
const soon = 14 * day;

export async function keyFindings(home: Home, now: Seconds): Promise<Finding[]> {
  try {
    const scheme = readScheme(home);
    const names = await readdir(home.path('terminals')).catch(() => []);
    const fine: Finding = { name: 'scheme', state: 'fine', detail: `${scheme.name}, number ${scheme.id}` };
    return [
      fine,
      ...names.sort().map((name) => terminalFinding(home, name, scheme, now)),
      ...(await openSecrets(home)),
    ];
  } catch (error) {
    return [schemeFailure(error)];
  }
}

function schemeFailure(error: unknown): Finding {
  if (!(error instanceof Failure)) throw error;
  // a new home has no scheme, which stops nobody from making one
  const state = error.code === 'home-empty' ? 'advice' : 'wrong';
  return { name: 'scheme', state, detail: error.message, ...(error.next !== undefined && { mend: error.next }) };
}

function terminalFinding(home: Home, name: string, scheme: Scheme, now: Seconds): Finding {
  const label = `terminal ${name}`;
  try {
    const { expiry } = readIdentity(home, name, scheme, now).certificate;
    const detail = `certified until ${formatTime(expiry)}`;
    return expiry - now > soon
      ? { name: label, state: 'fine', detail }
      : { name: label, state: 'advice', detail, mend: './epurse scheme renew' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      name: label,
      state: 'wrong',
      detail: error.message,
      ...(error.next !== undefined && { mend: error.next }),
    };
  }
}

const secrets = [
  ['root', 'keys.json'],
  ['issuer', 'keys.json'],
  ['acquirer', 'keys.json'],
] as const;

/** Key files that others than their owner may read. */
async function openSecrets(home: Home): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const parts of secrets) {
    const path = home.path(...parts);
    const mode = (await stat(path).catch(() => undefined))?.mode ?? 0;
    if ((mode & 0o077) !== 0) {
      findings.push({
        name: 'key file',
        state: 'wrong',
        detail: `${path} can be read by others`,
        mend: `chmod 600 ${path}`,
      });
    }
  }
  return findings;
}
