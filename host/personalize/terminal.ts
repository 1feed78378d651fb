/** The desk at work: runs the flow, remembers which cards it was issuing, hands out PINs. */
import { z } from 'zod';
import { mkdirSync, rmSync } from 'node:fs';
import type { CardChannel } from '../protocol/channel/channel.js';
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import { readIfThere, replaceFile } from '../terminal/files.js';
import type { CardEffect } from '../terminal/flow/card.js';
import { performIssuer } from '../terminal/flow/issuer.js';
import type { IssuerEffect } from '../terminal/flow/issuer.js';
import { runFlow } from '../terminal/flow/machine.js';
import type { Perform } from '../terminal/flow/machine.js';
import { readBatchKey } from '../terminal/raw-card.js';
import type { Station } from '../terminal/station.js';
import { begin, step } from './flow.js';
import { sheetLines } from './sheet.js';
import type {
  DeskContext,
  DeskEffect,
  DeskEvent,
  DeskNotice,
  DeskOutcome,
  DeskTask,
  HolderSheet,
  IssueNote,
} from './types.js';

/** The clerk, or a script in her place. */
export interface DeskUi {
  show(notice: DeskNotice): void | Promise<void>;
  /** Prints the sheet, once. The lines hold the PIN. @throws where it could not be written: the PIN is then reset */
  print(sheet: HolderSheet, lines: readonly string[], pin: string): void | Promise<void>;
}

const noteSchema = z.strictObject({ serial: z.string().regex(/^[0-9a-f]{16}$/), holder: z.string() });

export class DeskTerminal {
  readonly context: DeskContext;
  readonly #batchKey: Uint8Array;

  /** @throws Failure home-empty, keys-unreadable: no batch key */
  constructor(readonly station: Station) {
    const { scheme, identity, home } = station;
    this.context = { scheme: scheme.id, deskId: identity.certificate.terminalId, units: scheme.units };
    this.#batchKey = readBatchKey(home);
  }

  /** What is done with one card. */
  async visit(channel: CardChannel, task: DeskTask, ui: DeskUi): Promise<DeskOutcome> {
    const state = await runFlow(begin(this.context, task), step, this.performer(channel, ui), this.station.clock);
    if (state.at !== 'finished') throw new Error(`the desk's flow stopped in state "${state.at}"`);
    return state.outcome;
  }

  /** The shell of the flow: does one effect. */
  performer(channel: CardChannel, ui: DeskUi): Perform<DeskEvent, DeskEffect> {
    const { station } = this;
    const card = station.shell(channel, { batchKey: this.#batchKey });
    return async (effect) => {
      switch (effect.do) {
        case 'look':
          return card.look();
        case 'note-issue':
          this.#note(effect.note);
          return { on: 'note-issue' };
        case 'find-issue': {
          const note = this.#noteOf(effect.cardId);
          return {
            on: 'find-issue',
            pinKnown: station.pins.knows(effect.cardId),
            ...(note === undefined ? {} : { note }),
          };
        }
        case 'forget-issue':
          rmSync(this.#noteFile(effect.cardId), { force: true });
          return { on: 'forget-issue' };
        case 'make-pin':
          station.pins.make(effect.cardId);
          return { on: 'make-pin' };
        case 'hand-out': {
          const { pin, chosen } = station.pins.handOut(effect.sheet.cardId);
          const printed = chosen ? 'as chosen' : pin;
          await ui.print(effect.sheet, sheetLines(effect.sheet, station.scheme.name, printed), pin);
          return { on: 'hand-out' };
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

  #note({ serial, cardId, holder }: IssueNote): void {
    mkdirSync(this.station.path('issues'), { recursive: true, mode: 0o700 });
    replaceFile(this.#noteFile(cardId), `${JSON.stringify({ serial: toHex(serial), holder })}\n`);
  }

  #noteOf(cardId: Uint8Array): IssueNote | undefined {
    const content = readIfThere(this.#noteFile(cardId));
    if (content === undefined) return undefined;
    try {
      const { serial, holder } = noteSchema.parse(JSON.parse(new TextDecoder().decode(content)));
      return { serial: fromHex(serial), holder, cardId };
    } catch {
      return undefined;
    }
  }

  #noteFile(cardId: Uint8Array): string {
    return this.station.path('issues', `${toHex(cardId)}.json`);
  }
}
