/** What OpenSSL itself does on this machine: `openssl speed` on all cores, the measure everything else is held against. */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** @returns ECDSA P-256 verifications a second, all cores together */
export function opensslVerifyRate(seconds = 3): number {
  const text = execFileSync(
    'openssl',
    ['speed', '-seconds', `${seconds}`, '-multi', `${availableParallelism()}`, 'ecdsap256'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const rate = /nistp256\)\s+[\d.]+s\s+[\d.]+s\s+[\d.]+\s+([\d.]+)/.exec(text)?.[1];
  if (rate === undefined) throw new Error(`openssl speed says nothing of P-256:\n${text}`);
  return Number(rate);
}
