/** Something a page fetches: under way, here, or failed. A newer request makes an older answer void. */
import { failureOf } from '../api/failure.js';
import type { Failure } from '../api/failure.js';
import { session } from './session.svelte.js';

export class Loaded<T> {
  #value = $state.raw<T | undefined>();
  #failure = $state.raw<Failure | undefined>();
  #pending = $state(true);
  #turn = 0;

  constructor(private readonly fetchIt: () => Promise<T>) {
    // again whenever something the request reads changes, and after a new sign-in
    $effect(() => {
      void session.epoch;
      void this.#run();
    });
  }

  get value(): T | undefined {
    return this.#value;
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }
  get pending(): boolean {
    return this.#pending;
  }

  /** Fetches again; what is shown stays until the answer comes. */
  reload = (): Promise<void> => this.#run();

  async #run(): Promise<void> {
    const turn = ++this.#turn;
    this.#pending = true;
    try {
      const value = await this.fetchIt();
      if (turn !== this.#turn) return;
      this.#value = value;
      this.#failure = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#failure = failureOf(thrown);
    }
    this.#pending = false;
  }
}
