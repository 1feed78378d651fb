/**
 * An answer that costs more the larger the books grow: made anew each time while that is cheap, and else kept, and made anew behind
 * the back of who asks, so seldom that it never takes more than a small share of the database's time.
 */

export interface Keeping {
  /** What took no longer is not worth keeping, milliseconds. */
  readonly cheap?: number;
  /** An answer is kept so many times as long as it took to make. */
  readonly times?: number;
  /** It is kept at least so long, milliseconds. */
  readonly least?: number;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

interface Answer<T> {
  readonly value: T;
  readonly madeAt: number;
  readonly took: number;
}

export class Kept<T> {
  readonly #cheap: number;
  readonly #times: number;
  readonly #least: number;
  readonly #now: () => number;
  #last: Answer<T> | undefined;
  #making: Promise<T> | undefined;

  constructor(
    private readonly make: () => Promise<T>,
    { cheap = 250, times = 20, least = 0, now = () => performance.now() }: Keeping = {},
  ) {
    [this.#cheap, this.#times, this.#least, this.#now] = [cheap, times, least, now];
  }

  /**
   * The newest answer, or the last one while a newer is on its way; who asks first waits. However many ask, it is made once at a time.
   *
   * @throws whatever making it threw, where there is none to show
   */
  async get(): Promise<T> {
    const last = this.#last;
    if (last === undefined) return this.#makeOnce();
    const age = this.#now() - last.madeAt;
    if (age < this.#least) return last.value;
    if (last.took <= this.#cheap) return this.#makeOnce();
    // one that cannot be made is forgotten: the next who asks is told why
    if (age >= this.#times * last.took) this.#makeOnce().catch(() => (this.#last = undefined));
    return last.value;
  }

  /** Makes the first answer behind the back of who asks first; one that cannot be made is made again for him. */
  prepare(): void {
    if (this.#last === undefined) this.#makeOnce().catch(() => undefined);
  }

  #makeOnce(): Promise<T> {
    return (this.#making ??= this.#timed().finally(() => (this.#making = undefined)));
  }

  async #timed(): Promise<T> {
    const began = this.#now();
    const value = await this.make();
    const madeAt = this.#now();
    this.#last = { value, madeAt, took: madeAt - began };
    return value;
  }
}
