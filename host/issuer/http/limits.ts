/** How much anybody may ask in a minute, and that nothing is booked by a clock that went back. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toHex } from '../../protocol/codec/bytes.js';
import { formatTime } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import type { Issuer } from '../service/context.js';
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
  const byAddress = server.createRateLimit({ max: perAddress, timeWindow, keyGenerator: ({ ip }) => `ip ${ip}` });
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

/** Clocks are set by small steps; more is a machine that woke up in another year. */
const clockTolerance: Seconds = 120;

/** Times in the ledger only grow: under a clock that went back nothing is booked until it has caught up or been set. */
export class ClockGuard {
  #latest: Seconds | undefined;

  constructor(private readonly issuer: Issuer) {}

  /** @throws HttpProblem clock */
  async check(): Promise<void> {
    const now = this.issuer.clock();
    this.#latest = Math.max(this.#latest ?? (await this.#lastBooking()), now);
    if (now >= this.#latest - clockTolerance) return;
    throw new HttpProblem(
      'clock',
      `The issuer's clock shows ${formatTime(now)}, and it was ${formatTime(this.#latest)} before: nothing is booked.`,
      60,
    );
  }

  async #lastBooking(): Promise<Seconds> {
    const { latest } = await this.issuer.store.db
      .selectFrom('ledger_event')
      .select(({ fn }) => fn.max('booked_at').as('latest'))
      .executeTakeFirstOrThrow();
    return Number(latest ?? 0n);
  }
}
