/** One line on the error output that is drawn again as a campaign goes on; on a pipe, a line now and then. */
import type { Progress } from './campaign.js';

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;
const redrawMs = 100;
const pipeMs = 15_000;

export class ProgressLine {
  readonly #screen: Screen;
  readonly #name: string;
  readonly #budgetMs: number;
  readonly #begun = Date.now();
  #drawn = 0;

  constructor(screen: Screen, name: string, budgetMs: number) {
    this.#screen = screen;
    this.#name = name;
    this.#budgetMs = budgetMs;
  }

  show(progress: Progress): void {
    const now = Date.now();
    if (now - this.#drawn < (this.#screen.isTTY === true ? redrawMs : pipeMs)) return;
    this.#drawn = now;
    const line = this.#line(progress, now - this.#begun);
    if (this.#screen.isTTY !== true) this.#screen.write(`${line}\n`);
    else this.#screen.write(`\r\u001b[2K${line.slice(0, (this.#screen.columns ?? 80) - 1)}`);
  }

  /** Leaves nothing of itself on a terminal. */
  end(): void {
    if (this.#screen.isTTY === true) this.#screen.write('\r\u001b[2K');
  }

  #line({ done, of, at = '' }: Progress, elapsedMs: number): string {
    const part = Math.min(1, of === undefined ? elapsedMs / this.#budgetMs : done / Math.max(1, of));
    const full = Math.round(part * barWidth);
    const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
    const count = of === undefined ? grouped(done) : `${grouped(done)} of ${grouped(of)}`;
    return `${this.#name.padEnd(10)} ${bar} ${count} · ${(elapsedMs / 1000).toFixed(0)} s ${at}`.trimEnd();
  }
}

/** 1234567 → 1,234,567. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
