/**
 * The issuer's speed as a share of OpenSSL's, in rounds, each on a copy of one database and between two of OpenSSL: what else a machine
 * does, and how fast it happens to be, falls on both. The middle round counts.
 */
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { checkBooks, clearAll, verifyStage } from './measure.js';
import type { Days, Rate } from './measure.js';
import { opensslVerifyRate } from './openssl.js';

/** Batches of each shop, and how many payments are in all of them together. */
export interface Part {
  readonly days: Days;
  readonly payments: number;
}

export interface Share extends Rate {
  /** Of OpenSSL's verifications a second, just before and just after. */
  readonly share: number;
}

export interface Rounds {
  /** Verifications a second of all cores, mean of all rounds. */
  readonly openssl: number;
  readonly verified: readonly Share[];
  readonly durable: readonly Share[];
}

/**
 * @param on a copy of the database, opened for the work and closed after it
 * @param warmUp cleared first in each copy, and not measured: each card's key is set up in it
 */
export async function measureRounds(
  count: number,
  on: <T>(work: (site: SoftIssuer) => Promise<T>) => Promise<T>,
  warmUp: Part,
  measured: Part,
): Promise<Rounds> {
  const openssl = [opensslVerifyRate(1)];
  const verified: Share[] = [];
  const durable: Share[] = [];
  for (let round = 0; round < count; round++) {
    const rates = await on(async (site) => {
      await verifyStage(site, warmUp.days, warmUp.payments);
      const verifyRate = await verifyStage(site, measured.days, measured.payments);
      return { verified: verifyRate, durable: await clearWarm(site, warmUp, measured) };
    });
    const between = [openssl.at(-1) ?? 0, opensslVerifyRate(1)];
    openssl.push(between[1] ?? 0);
    const shareOf = (rate: Rate): Share => ({ ...rate, share: rate.perSecond / mean(between) });
    verified.push(shareOf(rates.verified));
    durable.push(shareOf(rates.durable));
  }
  return { openssl: mean(openssl), verified, durable };
}

/** Clears everything, and measures what comes after the warm-up. */
export async function clearWarm(site: SoftIssuer, warmUp: Part, measured: Part): Promise<Rate> {
  await clearAll(site, warmUp.days, warmUp.payments);
  const rate = await clearAll(site, measured.days, measured.payments);
  await checkBooks(site, warmUp.payments + measured.payments);
  return rate;
}

/** @param shares an odd number of them */
export function middle(shares: readonly Share[]): Share {
  const sorted = [...shares].sort((a, b) => a.share - b.share);
  const one = sorted[Math.floor(sorted.length / 2)];
  if (one === undefined) throw new RangeError('no round was measured');
  return one;
}

function mean(rates: readonly number[]): number {
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}
