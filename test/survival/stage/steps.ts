/**
 * Where a process can be killed. Whatever changes something outside of it, or tells somebody something, is a step once it is done: a
 * change of a file, a command to a card, a call to the issuer, a statement to the database, a line on a screen. Before a step is after the
 * one before it. The process kills itself there (SIGKILL): nothing it has in hand is finished.
 */
export class Steps {
  /** Passed since {@link dieAt}, in order. */
  readonly names: string[] = [];
  #last = Infinity;

  /** @param dying told of the step, at once, before the process is gone */
  constructor(private readonly dying: (name: string) => void) {}

  /** @param last number of the step that it does not survive, from 0, counted from here; beyond the last it lives */
  dieAt(last: number): void {
    this.names.length = 0;
    this.#last = last;
  }

  pass(name: string): void {
    this.names.push(name);
    if (this.names.length - 1 !== this.#last) return;
    this.dying(name);
    process.kill(process.pid, 'SIGKILL');
  }
}
