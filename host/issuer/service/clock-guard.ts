/** Times in the ledger only grow: under a clock that went back nothing is booked until it has caught up or been set. */
import { formatTime } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import { LedgerError } from '../errors.js';
import type { Issuer } from './context.js';

/** Clocks are set by small steps; more is a machine that woke up in another year. */
const clockTolerance: Seconds = 120;

export class ClockGuard {
  #latest: Seconds | undefined;

  constructor(private readonly issuer: Pick<Issuer, 'clock' | 'store'>) {}

  /** @throws LedgerError clock */
  async check(): Promise<void> {
    const now = this.issuer.clock();
    this.#latest = Math.max(this.#latest ?? (await this.#lastBooking()), now);
    if (now >= this.#latest - clockTolerance) return;
    throw new LedgerError(
      'clock',
      `The issuer's clock shows ${formatTime(now)}, and it was ${formatTime(this.#latest)} before: nothing is booked.`,
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

/** The port, every method of which looks at the clock first. @param asIssuerError how the port refuses */
export function clockedPort(port: IssuerPort, guard: ClockGuard, asIssuerError: (cause: unknown) => Error): IssuerPort {
  return new Proxy(port, {
    get: (target, name): unknown => {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]): Promise<unknown> => {
        await guard.check().catch((cause: unknown) => {
          throw asIssuerError(cause);
        });
        return Reflect.apply(method, target, args) as unknown;
      };
    },
  });
}
