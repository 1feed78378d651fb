/** The kiosk at work: runs the flow, keeps notes of loads whose end the holder has not seen. */
import { z } from 'zod';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { CardChannel } from '../protocol/channel/channel.js';
import { toHex } from '../protocol/codec/bytes.js';
import { moneyFromJson, moneyToJson } from '../protocol/codec/money.js';
import { LoadType } from '../protocol/generated/enums.js';
import { readIfThere, replaceFile } from '../terminal/files.js';
import type { CardEffect } from '../terminal/flow/card.js';
import { performIssuer } from '../terminal/flow/issuer.js';
import type { IssuerEffect } from '../terminal/flow/issuer.js';
import { runFlow } from '../terminal/flow/machine.js';
import type { Perform } from '../terminal/flow/machine.js';
import type { Station } from '../terminal/station.js';
import { begin, step } from './flow.js';
import type {
  LoadNote,
  ReloadContext,
  ReloadEffect,
  ReloadEvent,
  ReloadFacts,
  ReloadNotice,
  ReloadOutcome,
  ReloadTask,
} from './types.js';

/** The holder at the kiosk, or a script in his place. */
export interface ReloadUi {
  show(notice: ReloadNotice): void | Promise<void>;
  /** The PIN, or undefined where none is given. */
  askPin(triesLeft: number): Promise<string | undefined>;
  askPinChange(triesLeft: number): Promise<{ readonly old: string; readonly wanted: string } | undefined>;
}

const noteSchema = z.strictObject({
  counter: z.number().int().min(0),
  type: z.union([z.literal(LoadType.load), z.literal(LoadType.unload)]),
  slot: z.number().int().min(0),
  amount: z.strictObject({ amount: z.string(), unit: z.string() }),
});

export class KioskTerminal {
  readonly context: ReloadContext;

  constructor(readonly station: Station) {
    const { scheme, identity } = station;
    this.context = { scheme: scheme.id, kioskId: identity.certificate.terminalId, units: scheme.units };
  }

  /** Loads begun here whose end no holder has seen. */
  get unfinished(): number {
    const folder = this.station.path('loads');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).length : 0;
  }

  /** What is done with one card. */
  async visit(channel: CardChannel, task: ReloadTask, ui: ReloadUi): Promise<ReloadOutcome> {
    const state = await runFlow(begin(this.context, task), step, this.performer(channel, ui), this.station.clock);
    this.station.pins.clear();
    if (state.at !== 'finished') throw new Error(`the kiosk's flow stopped in state "${state.at}"`);
    return state.outcome;
  }

  /** The shell of the flow: does one effect. */
  performer(channel: CardChannel, ui: ReloadUi): Perform<ReloadEvent, ReloadEffect> {
    const { station } = this;
    const card = station.shell(channel);
    return async (effect) => {
      switch (effect.do) {
        case 'consult':
          return { on: 'consult', ...this.#facts(effect.cardId) };
        case 'note-load':
          this.#note(effect.note);
          return { on: 'note-load' };
        case 'forget-load':
          rmSync(this.#noteFile(effect.cardId), { force: true });
          return { on: 'forget-load' };
        case 'ask-pin': {
          const pin = await ui.askPin(effect.triesLeft);
          if (pin !== undefined) station.pins.enter(pin);
          return { on: 'ask-pin', given: pin !== undefined };
        }
        case 'ask-pin-change': {
          const pins = await ui.askPinChange(effect.triesLeft);
          if (pins !== undefined) {
            station.pins.enter(pins.old);
            station.pins.want(pins.wanted);
          }
          return { on: 'ask-pin-change', given: pins !== undefined };
        }
        case 'show':
          await ui.show(effect.notice);
          return undefined;
        case 'ask-issuer':
          return performIssuer(station.issuer, effect satisfies IssuerEffect);
        default:
          return card.perform(effect satisfies CardEffect);
      }
    };
  }

  #facts(cardId: Uint8Array): ReloadFacts {
    const listed = this.station.hotList.entryOf(cardId);
    const note = this.#noteOf(cardId);
    return { ...(listed === undefined ? {} : { listed }), ...(note === undefined ? {} : { note }) };
  }

  #note({ cardId, counter, type, slot, amount }: LoadNote): void {
    mkdirSync(this.station.path('loads'), { recursive: true, mode: 0o700 });
    replaceFile(this.#noteFile(cardId), `${JSON.stringify({ counter, type, slot, amount: moneyToJson(amount) })}\n`);
  }

  /** A note that cannot be read is none: the card and the issuer know better anyway. */
  #noteOf(cardId: Uint8Array): LoadNote | undefined {
    const content = readIfThere(this.#noteFile(cardId));
    if (content === undefined) return undefined;
    try {
      const { amount, ...note } = noteSchema.parse(JSON.parse(new TextDecoder().decode(content)));
      return { ...note, cardId, amount: moneyFromJson(amount) };
    } catch {
      return undefined;
    }
  }

  #noteFile(cardId: Uint8Array): string {
    return this.station.path('loads', `${toHex(cardId)}.json`);
  }
}
