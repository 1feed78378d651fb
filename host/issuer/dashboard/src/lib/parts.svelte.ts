/** A long list, fetched part by part. Begins anew when what it asks for changes. */
import { failureOf } from '../api/failure.js';
import type { Failure } from '../api/failure.js';
import type { Part } from '../../../operator/views/common.js';
import { session } from './session.svelte.js';

export class Parts<T> {
  #rows = $state.raw<readonly T[] | undefined>();
  #next = $state.raw<string | null>(null);
  #failure = $state.raw<Failure | undefined>();
  #pending = $state(true);
  #turn = 0;

  /** @param fetchPart called with the cursor of what follows; undefined for the begin */
  constructor(private readonly fetchPart: (after: string | undefined) => Promise<Part<T>>) {
    $effect(() => {
      void session.epoch;
      void this.#run(this.fetchPart(undefined), []);
    });
  }

  /** Undefined until the first part came. */
  get rows(): readonly T[] | undefined {
    return this.#rows;
  }
  get more(): boolean {
    return this.#next !== null;
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }
  get pending(): boolean {
    return this.#pending;
  }

  showMore = (): Promise<void> => this.#run(this.fetchPart(this.#next ?? undefined), this.#rows ?? []);
  reload = (): Promise<void> => this.#run(this.fetchPart(undefined), []);

  async #run(fetched: Promise<Part<T>>, before: readonly T[]): Promise<void> {
    const turn = ++this.#turn;
    this.#pending = true;
    try {
      const { rows, next } = await fetched;
      if (turn !== this.#turn) return;
      this.#rows = [...before, ...rows];
      this.#next = next;
      this.#failure = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#failure = failureOf(thrown);
    }
    this.#pending = false;
  }
}
