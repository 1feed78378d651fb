/**
 * The bank as the issuer sees it. Every call carries a key; the bank does one thing once per key however often it is asked. An
 * answer may be missing: then the same call is made again later, under the same key, until there is one.
 */
import type { Money } from '../../protocol/codec/money.js';

/** `unknown`: no answer in time; the money may have moved or not. */
export type FundingAnswer = 'yes' | 'no' | 'unknown';

export interface FundingRequest {
  /** Card id and load counter (or what is paid out): the bank's idempotency key. */
  readonly key: string;
  /** Registered account of the holder. */
  readonly account: string;
  readonly money: Money;
}

export interface FundingPort {
  /** Nobody's money is behind it: a bank for demonstrations, which operators are told of. */
  readonly isSimulated?: boolean;
  /** Takes money from the holder's account. */
  charge(request: FundingRequest): Promise<FundingAnswer>;
  /** Undoes the charge under this key, whether it was made or not; afterwards it can never be made. */
  giveBack(request: FundingRequest): Promise<FundingAnswer>;
  /** Pays the holder. */
  payOut(request: FundingRequest): Promise<FundingAnswer>;
}

/** Longest a terminal is kept waiting for the bank, in milliseconds. */
export const patience = 10_000;

/** Asks, and takes an error or a long silence for no answer. */
export async function askBank(ask: () => Promise<FundingAnswer>, limit = patience): Promise<FundingAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<FundingAnswer>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), limit);
  });
  try {
    return await Promise.race([ask(), silence]);
  } catch {
    return 'unknown';
  } finally {
    clearTimeout(timer);
  }
}
