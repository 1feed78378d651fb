/** How much anybody may ask in a minute, and that nothing is booked by a clock that went back. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toHex } from '../../protocol/codec/bytes.js';
import { LedgerError } from '../errors.js';
import type { ClockGuard } from '../service/clock-guard.js';
import { networkOf } from './network.js';
import { HttpProblem } from './problems.js';

export interface RateLimits {
  /** Requests a minute from one address, whoever asks. */
  readonly perAddress: number;
  /** Requests a minute of one terminal, from wherever. */
  readonly perTerminal: number;
}

/** A shop at its busiest asks its issuer a few times a minute; a hundred tills behind one address are few. */
export const defaultRates: RateLimits = { perAddress: 6000, perTerminal: 600 };

export type RateCheck = (request: FastifyRequest) => Promise<void>;

/** Counted in this process: with several behind a balancer each allows as much. */
export async function rateChecks(
  server: FastifyInstance,
  { perAddress, perTerminal }: RateLimits,
): Promise<{ readonly address: RateCheck; readonly terminal: RateCheck }> {
  await server.register(rateLimit, { global: false });
  const timeWindow = 60_000;
  const byAddress = server.createRateLimit({
    max: perAddress,
    timeWindow,
    keyGenerator: ({ ip }) => `ip ${networkOf(ip)}`,
  });
  const byTerminal = server.createRateLimit({
    max: perTerminal,
    timeWindow,
    keyGenerator: ({ terminal }) => `terminal ${terminal === undefined ? '' : toHex(terminal.terminalId)}`,
  });
  const checked =
    (check: typeof byAddress): RateCheck =>
    async (request) => {
      const result = await check(request);
      if (!result.isAllowed && result.isExceeded)
        throw new HttpProblem(
          'too-many-requests',
          `There are at most ${result.max} requests a minute.`,
          result.ttlInSeconds,
        );
    };
  return { address: checked(byAddress), terminal: checked(byTerminal) };
}

/** @throws HttpProblem clock */
export async function checkClock(guard: ClockGuard): Promise<void> {
  try {
    await guard.check();
  } catch (cause) {
    if (cause instanceof LedgerError && cause.code === 'clock') throw new HttpProblem('clock', cause.message, 60);
    throw cause;
  }
}
