/** The scheme and the terminals of a home: do keys and certificates hold, and for how long? */
import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { day, formatTime } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import type { Scheme } from '../../protocol/scheme.js';
import { readIfThere } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { readIdentity, readScheme } from '../../terminal/identity.js';
import { Failure } from '../../terminal/outcome.js';
import { keyHealth } from '../../issuer/pki/key-health.js';
import { parties } from '../../issuer/pki/unlock.js';
import type { Party } from '../../issuer/pki/unlock.js';
import type { Finding } from './finding.js';

/** A certificate that runs out this soon is worth a word. */
const soon = 14 * day;
/** Renewing a CA takes as long as the certificates under it live. */
const caSoon = 180 * day;

export async function keyFindings(home: Home, now: Seconds): Promise<Finding[]> {
  try {
    const scheme = readScheme(home);
    const names = await readdir(home.path('terminals')).catch(() => []);
    const fine: Finding = { name: 'scheme', state: 'fine', detail: `${scheme.name}, number ${scheme.id}` };
    return [
      fine,
      ...names.sort().map((name) => terminalFinding(home, name, scheme, now)),
      ...parties.map((party) => partyFinding(home, party, scheme)),
      ...officeFindings(home, now),
    ];
  } catch (error) {
    return [schemeFailure(error)];
  }
}

/** The back office's CA and the certificate of its server, where they are here. */
export function officeFindings(home: Home, now: Seconds): Finding[] {
  return [
    ...officeFinding(
      'back office CA',
      home.path('ca.pem'),
      caSoon,
      now,
      'Every terminal has to be connected anew: ./epurse scheme renew',
    ),
    // made anew by itself while the server runs
    ...officeFinding('issuer server', home.path('issuer', 'tls-server.pem'), soon, now, './epurse issuer serve'),
  ];
}

function officeFinding(name: string, path: string, before: Seconds, now: Seconds, mend: string): Finding[] {
  const content = readIfThere(path);
  if (content === undefined) return [];
  try {
    const expiry = Date.parse(new X509Certificate(content).validTo) / 1000;
    const detail = `certificate until ${formatTime(expiry)}`;
    if (expiry - now > before) return [{ name, state: 'fine', detail }];
    return [{ name, state: expiry > now ? 'advice' : 'wrong', detail, mend }];
  } catch {
    return [{ name, state: 'wrong', detail: `${path} is no certificate`, mend: 'Restore it from a copy.' }];
  }
}

function schemeFailure(error: unknown): Finding {
  if (!(error instanceof Failure)) throw error;
  // a new home has no scheme, which stops nobody from making one
  const state = error.code === 'home-empty' ? 'advice' : 'wrong';
  return { name: 'scheme', state, detail: error.message, mend: error.next };
}

function terminalFinding(home: Home, name: string, scheme: Scheme, now: Seconds): Finding {
  const label = `terminal ${name}`;
  try {
    const { expiry } = readIdentity(home, name, scheme, now).certificate;
    const detail = `certified until ${formatTime(expiry)}`;
    return expiry - now > soon
      ? { name: label, state: 'fine', detail }
      : { name: label, state: 'advice', detail, mend: `./epurse scheme renew ${name}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      name: label,
      state: 'wrong',
      detail: error.message,
      mend: error.next,
    };
  }
}

/** The key file of each party: there, whole, sealed, and the one the scheme names. */
function partyFinding(home: Home, party: Party, scheme: Scheme): Finding {
  const name = `${party} keys`;
  const health = keyHealth(home, party, scheme);
  switch (health.state) {
    case 'opens':
      return party === 'root'
        ? {
            name,
            state: 'advice',
            detail: 'sealed, but on this machine with what opens it',
            mend: './epurse scheme root export FOLDER',
          }
        : { name, state: 'fine', detail: 'sealed, opened, as in the scheme' };
    case 'locked':
      return { name, state: 'fine', detail: 'sealed; whole; opened by a secret that is not here' };
    case 'token':
      return { name, state: 'fine', detail: 'in a PKCS #11 token' };
    case 'elsewhere':
      return { name, state: 'fine', detail: 'not on this machine' };
    case 'open':
      return { name, state: 'advice', detail: 'not sealed', mend: `./epurse scheme seal ${party}` };
    case 'wrong':
      return { name, state: 'wrong', detail: health.message, mend: 'Restore it from a copy, or mend its permissions.' };
  }
}
