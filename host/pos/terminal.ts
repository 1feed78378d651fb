/** The POS at work: runs the flow, keeps the journal, the block statements and the batches. */
import type { CardChannel } from '../protocol/channel/channel.js';
import { toHex } from '../protocol/codec/bytes.js';
import { blockStatementCodec } from '../protocol/generated/structures.js';
import type { RecordFields } from '../protocol/generated/structures.js';
import { Authority } from '../protocol/generated/enums.js';
import type { Money } from '../protocol/codec/money.js';
import { keysOf } from '../protocol/scheme.js';
import { signCancelOrder } from '../protocol/signed/cancel-order.js';
import { performIssuer } from '../terminal/flow/issuer.js';
import type { IssuerEffect } from '../terminal/flow/issuer.js';
import type { CardEffect } from '../terminal/flow/card.js';
import { runFlow } from '../terminal/flow/machine.js';
import type { Perform } from '../terminal/flow/machine.js';
import { Journal } from '../terminal/journal/journal.js';
import { openOrderOf, untoldOrderOf } from '../terminal/journal/state.js';
import type { Order } from '../terminal/journal/state.js';
import type { Station } from '../terminal/station.js';
import { BlockProofs } from './block-proofs.js';
import { readPosConfig } from './config.js';
import { begin, step } from './flow.js';
import type {
  EarlierChoice,
  PosContext,
  PosEffect,
  PosEvent,
  PosFacts,
  PosNotice,
  PosOutcome,
  PosTask,
} from './types.js';

/** The person at the POS, or a script in her place. */
export interface PosUi {
  show(notice: PosNotice): void | Promise<void>;
  /** The PIN, or undefined where none is given. */
  askPin(triesLeft: number, amount: Money): Promise<string | undefined>;
  askEarlier(order: Order, record: RecordFields, same: boolean): Promise<EarlierChoice>;
}

export class PosTerminal {
  readonly context: PosContext;

  private constructor(
    readonly station: Station,
    readonly journal: Journal,
    readonly blockProofs: BlockProofs,
  ) {
    const { scheme, identity } = station;
    this.context = {
      scheme: scheme.id,
      terminal: identity.certificate,
      units: scheme.units,
      orderKeys: keysOf(scheme, Authority.order),
      ...readPosConfig(station.path('config.json')),
    };
  }

  /** @throws Failure as `Journal.open` */
  static open(station: Station): PosTerminal {
    const { scheme, identity } = station;
    const journal = Journal.open(station.path('journal.log'), {
      scheme: scheme.id,
      terminalId: identity.certificate.terminalId,
    });
    try {
      return new PosTerminal(station, journal, new BlockProofs(station.path('blocked')));
    } catch (error) {
      journal.close();
      throw error;
    }
  }

  /** What is done with one card. @throws Failure journal-failed */
  async visit(channel: CardChannel, task: PosTask, ui: PosUi, only?: Uint8Array): Promise<PosOutcome> {
    const state = await runFlow(begin(this.context, task), step, this.performer(channel, ui, only), this.station.clock);
    this.station.pins.clear();
    if (state.at !== 'finished') throw new Error(`the POS flow stopped in state "${state.at}"`);
    return state.outcome;
  }

  /** The shell of the flow: does one effect. */
  performer(channel: CardChannel, ui: PosUi, only?: Uint8Array): Perform<PosEvent, PosEffect> {
    const { station, journal } = this;
    const card = station.shell(channel, only === undefined ? {} : { only });
    return async (effect) => {
      switch (effect.do) {
        case 'consult':
          return { on: 'consult', ...this.#facts(effect.cardId, effect.newestTn) };
        case 'journal':
          journal.append(effect.entry);
          return { on: 'journal' };
        case 'ask-pin': {
          const pin = await ui.askPin(effect.triesLeft, effect.amount);
          if (pin !== undefined) station.pins.enter(pin);
          return { on: 'ask-pin', given: pin !== undefined };
        }
        case 'ask-earlier':
          return { on: 'ask-earlier', choice: await ui.askEarlier(effect.order, effect.record, effect.same) };
        case 'sign-cancel':
          return { on: 'sign-cancel', signature: signCancelOrder(effect.order, station.identity.signer) };
        case 'keep-block':
          this.blockProofs.keep({
            cardId: effect.cardId,
            statement: blockStatementCodec.encode(effect.proof.statement),
            signature: effect.proof.signature,
          });
          return { on: 'keep-block' };
        case 'forget-block':
          this.blockProofs.forget(effect.cardId);
          return { on: 'forget-block' };
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

  close(): void {
    this.journal.close();
  }

  #facts(cardId: Uint8Array, newestTn: number | undefined): PosFacts {
    const { state } = this.journal;
    const { hotList } = this.station;
    const open = openOrderOf(state, cardId);
    const untold = untoldOrderOf(state, cardId);
    const newest = newestTn === undefined ? undefined : ofCard(state.orders.get(newestTn), cardId);
    const listed = hotList.entryOf(cardId);
    const listIssuedAt = hotList.issuedAt;
    return {
      nextTn: state.nextTn,
      ...(open === undefined ? {} : { open }),
      ...(untold === undefined ? {} : { untold }),
      ...(newest === undefined ? {} : { newest }),
      ...(listed === undefined ? {} : { listed }),
      ...(listIssuedAt === undefined ? {} : { listIssuedAt }),
    };
  }
}

function ofCard(order: Order | undefined, cardId: Uint8Array): Order | undefined {
  return order !== undefined && toHex(order.cardId) === toHex(cardId) ? order : undefined;
}
