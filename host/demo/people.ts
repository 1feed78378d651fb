/** The people of the story, and what they do with their cards. Each visit opens the card anew, as a reader does. */
import { money } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { unitByName } from '../protocol/codec/units.js';
import { LoadType } from '../protocol/generated/enums.js';
import type { DeskOutcome } from '../personalize/types.js';
import type { PosOutcome, PosTask } from '../pos/types.js';
import type { ReloadOutcome, ReloadTask } from '../reload/types.js';
import type { DemoCard } from './cards.js';
import type { Installation } from './installation.js';
import { DemoLink } from './link.js';
import type { Cost } from './link.js';

export const euro = unitByName('EUR');
export const euroSlot = 0;

export function eur(cents: bigint): Money {
  return money(cents, euro);
}

export interface Visited<Outcome> {
  readonly outcome: Outcome;
  readonly cost: Cost;
}

export class Holder {
  cardId: Uint8Array = new Uint8Array(8);
  #pin = '';

  constructor(
    readonly name: string,
    private readonly site: Installation,
    private readonly card: DemoCard,
  ) {}

  /** At the desk: the raw card becomes this person's. */
  async getCard(): Promise<Visited<DeskOutcome>> {
    return this.#present(async (link) => {
      const outcome = await this.site.desk.visit(
        link,
        { task: 'issue', holder: this.name },
        { show: () => undefined, print: (_sheet, _lines, pin) => void (this.#pin = pin) },
      );
      if (outcome.result === 'issued') this.cardId = outcome.cardId;
      return outcome;
    });
  }

  load(amount: Money): Promise<Visited<ReloadOutcome>> {
    return this.#atKiosk({ task: 'load', type: LoadType.load, slot: euroSlot, amount });
  }

  pay(amount: Money, loseAnswerTo?: number): Promise<Visited<PosOutcome>> {
    return this.#atPos({ task: 'pay', slot: euroSlot, amount }, loseAnswerTo);
  }

  cancel(): Promise<Visited<PosOutcome>> {
    return this.#atPos({ task: 'cancel', slot: euroSlot });
  }

  /** What the desk reads from the card, blocked or not. */
  async balances(): Promise<readonly Money[]> {
    const { site } = this;
    const { outcome } = await this.#present(async (link) => {
      const shell = site.desk.station.shell(link);
      const opened = await shell.perform({ do: 'open', slot: euroSlot, full: false });
      const read = opened.on === 'open' ? await shell.perform({ do: 'read-totals' }) : opened;
      if (read.on !== 'read-totals') throw new Error(`the card of ${this.name} cannot be read`);
      return read.totals.balances;
    });
    return outcome.flatMap(({ balance }, slot) => {
      const unit = site.scheme.units[slot];
      return unit === undefined ? [] : [money(BigInt(balance), unit)];
    });
  }

  #atKiosk(task: ReloadTask): Promise<Visited<ReloadOutcome>> {
    return this.#present((link) =>
      this.site.kiosk.visit(link, task, {
        show: () => undefined,
        askPin: () => Promise.resolve(this.#pin),
        askPinChange: () => Promise.resolve(undefined),
      }),
    );
  }

  #atPos(task: PosTask, loseAnswerTo?: number): Promise<Visited<PosOutcome>> {
    return this.#present((link) => {
      if (loseAnswerTo !== undefined) link.loseAnswerTo(loseAnswerTo);
      return this.site.pos.visit(link, task, {
        show: () => undefined,
        askPin: () => Promise.resolve(this.#pin),
        askEarlier: () => Promise.resolve('finish'),
      });
    });
  }

  async #present<T>(act: (link: DemoLink) => Promise<T>): Promise<Visited<T>> {
    const connection = await this.card.connect();
    const link = new DemoLink(connection);
    try {
      return { outcome: await act(link), cost: link.cost };
    } finally {
      await connection.close();
    }
  }
}
