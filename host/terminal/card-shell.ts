/**
 * Does what flows ask of a card: keeps the session and the PINs, so that no flow ever sees either, and turns whatever comes
 * back into an event. Only a MACed "no" that certainly moved nothing becomes `refused`; all else that is no answer is `lost`.
 */
import type { CardChannel } from '../protocol/channel/channel.js';
import type { Trace } from '../protocol/channel/trace.js';
import { equalBytes } from '../protocol/codec/bytes.js';
import type { Clock } from '../protocol/codec/time.js';
import { activate } from '../protocol/commands/activate.js';
import { cancelLast } from '../protocol/commands/cancel-last.js';
import { cancelLoad } from '../protocol/commands/cancel-load.js';
import { changePin } from '../protocol/commands/change-pin.js';
import { credit } from '../protocol/commands/credit.js';
import { debit } from '../protocol/commands/debit.js';
import { generateKeys } from '../protocol/commands/generate-keys.js';
import { getClosingStatement, getLogStatement, getRecord } from '../protocol/commands/get-proof.js';
import { initLoad } from '../protocol/commands/init-load.js';
import { putBlockOrder, putOrder, putPinReset } from '../protocol/commands/put-order.js';
import { readCancelOrders, readRecordsBetween, readTotals } from '../protocol/commands/read-log.js';
import { select } from '../protocol/commands/select.js';
import {
  storeCardData,
  storeCertificate,
  storeKey,
  storeParameters,
  storePin,
} from '../protocol/commands/store-data.js';
import { verifyPin } from '../protocol/commands/verify-pin.js';
import type { Random } from '../protocol/crypto/random.js';
import { CardError } from '../protocol/errors.js';
import { KeyRef, LifeCycle, OrderType, Role } from '../protocol/generated/enums.js';
import type { IssuedCard } from '../protocol/issuer/port.js';
import type { Scheme } from '../protocol/scheme.js';
import { openSession } from '../protocol/session/open.js';
import { transportKeys } from '../protocol/session/keys.js';
import { openRawSession } from '../protocol/session/raw.js';
import type { PairStore, PurseSession, RawSession, Session, TerminalIdentity } from '../protocol/session/session.js';
import type { CardCommand, CardEffect, CardEvent, CardExchanges, UnfitCard } from './flow/card.js';
import type { PinPad } from './pin-pad.js';

export interface CardShellOptions {
  readonly scheme: Scheme;
  readonly identity: TerminalIdentity;
  readonly pairs: PairStore;
  readonly pins: PinPad;
  readonly clock: Clock;
  readonly random?: Random;
  readonly trace?: Trace;
  /** A desk's, for raw cards. */
  readonly batchKey?: Uint8Array;
  /** Refuse any other card. */
  readonly only?: Uint8Array;
}

/** A card with which no session is opened. */
class Unfit extends Error {
  constructor(
    readonly why: UnfitCard,
    message: string,
  ) {
    super(message);
  }
}

type Handlers = { readonly [N in CardCommand]: (ask: CardExchanges[N]['ask']) => Promise<CardExchanges[N]['answer']> };

export class CardShell {
  #session: Session | undefined;

  constructor(
    private readonly channel: CardChannel,
    private readonly options: CardShellOptions,
  ) {}

  async perform(effect: CardEffect): Promise<CardEvent> {
    return this.#guarded(effect.do, async () => {
      const { do: command, ...ask } = effect;
      // each handler takes what its own effect carries
      const handle = this.#handlers[command] as (ask: object) => Promise<object>;
      return { on: command, ...(await handle(ask)) } as CardEvent;
    });
  }

  /** What SELECT says of the card: raw, or somebody's. */
  async look(): Promise<{ readonly on: 'look'; readonly raw: boolean } | CardEvent> {
    return this.#guarded('open', async () => ({ on: 'look', raw: (await this.#select()).state === LifeCycle.raw }));
  }

  /** Forgets the session keys. */
  end(): void {
    this.#session?.end();
  }

  readonly #handlers: Handlers = {
    open: ({ slot, full }) => this.#open(slot, full),
    'open-raw': () => this.#openRaw(),
    'verify-pin': async () => {
      await verifyPin(this.#current, this.options.pins.entered);
      return {};
    },
    'change-pin': async () => {
      await changePin(this.#current, this.options.pins.entered, this.options.pins.wanted);
      return {};
    },
    debit: (order) => debit(this.#current, order),
    'cancel-last': ({ signature, ...request }) => cancelLast(this.#purse, request, signature),
    'get-record': ({ nt }) => getRecord(this.#current, nt),
    'get-statement': ({ purpose }) =>
      purpose === 'closing' ? getClosingStatement(this.#current) : getLogStatement(this.#current),
    'read-totals': async () => ({ totals: await readTotals(this.#current) }),
    'read-records': async ({ from, to }) => ({ records: await readRecordsBetween(this.#current, from, to) }),
    'read-cancel-orders': async () => ({ orders: await readCancelOrders(this.#current) }),
    'init-load': (request) => initLoad(this.#current, request),
    credit: ({ authorisation, signature }) => credit(this.#current, authorisation, signature),
    'cancel-load': async ({ counter }) => ({ end: await cancelLoad(this.#current, counter) }),
    'put-order': async ({ order }) => {
      if (order.type === OrderType.block) return { answer: await putBlockOrder(this.#current, order) };
      if (order.type !== OrderType.pinReset) return { answer: await putOrder(this.#current, order) };
      await putPinReset(this.#current, order, this.options.pins.made);
      return { answer: { kind: 'taken' } };
    },
    'generate-keys': () => generateKeys(this.#current),
    store: async ({ data }) => {
      await this.#store(data);
      return {};
    },
    'store-pin': async () => {
      await storePin(this.#current, this.options.pins.made);
      return {};
    },
    activate: async () => {
      await activate(this.#raw);
      return {};
    },
  };

  async #guarded<T>(command: CardCommand, act: () => Promise<T>): Promise<T | CardEvent> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Unfit) return { on: 'unfit', why: error.why, message: error.message };
      if (!(error instanceof CardError)) throw error;
      return this.#setback(command, error);
    }
  }

  #setback(command: CardCommand, error: CardError): CardEvent {
    switch (error.code) {
      case 'refused':
        if (error.moneyMoved === 'no') return { on: 'refused', command, sw: error.sw ?? 0, reason: error.reason };
        break;
      case 'executed':
        return { on: 'unsigned', command };
      case 'no-purse':
        return { on: 'unfit', why: 'no-purse', message: error.message };
      case 'foreign-scheme':
        return { on: 'unfit', why: 'foreign-scheme', message: error.message };
      case 'card-certificate':
        return { on: 'unfit', why: 'certificate', message: error.message };
      case 'transport-keys':
        return { on: 'unfit', why: 'other-batch', message: error.message };
      case 'busy':
      case 'lost':
      case 'session-over':
      case 'malformed':
      case 'proof':
        break;
    }
    this.end();
    return { on: 'lost', command };
  }

  async #select(): ReturnType<typeof select> {
    this.#session = undefined;
    const purse = await select(this.channel);
    if (purse.state !== LifeCycle.raw && purse.scheme !== this.options.scheme.id) {
      throw new Unfit('foreign-scheme', 'The card belongs to another scheme.');
    }
    return purse;
  }

  async #open(slot: number, full: boolean): Promise<CardExchanges['open']['answer']> {
    const { state } = await this.#select();
    this.#refuse(state);
    const { only, ...options } = this.options;
    const session = await openSession(this.channel, { ...options, slot, full });
    if (only !== undefined && !equalBytes(only, session.card.cardId)) {
      session.end();
      throw new Unfit('other-card', 'This is another card.');
    }
    this.#session = session;
    return { card: session.card, s1: session.s1, full: session.kind === 'full' };
  }

  /** POS and kiosk stop at SELECT; a desk takes every personalized card. */
  #refuse(state: LifeCycle): void {
    if (state === LifeCycle.raw) throw new Unfit('raw', 'The card is not personalized yet.');
    if (this.options.identity.certificate.role === Role.perso) return;
    if (state === LifeCycle.blocked) throw new Unfit('blocked', 'The card is blocked.');
    if (state === LifeCycle.retired) throw new Unfit('retired', 'The card is retired.');
  }

  async #openRaw(): Promise<CardExchanges['open-raw']['answer']> {
    const { serial } = await this.#select();
    const { batchKey, identity, random, trace } = this.options;
    if (serial === undefined) throw new Unfit('not-raw', 'The card is personalized already.');
    if (batchKey === undefined) throw new Unfit('raw', 'This terminal has no batch key.');
    this.#session = await openRawSession(this.channel, {
      keys: transportKeys(batchKey, serial),
      terminalId: identity.certificate.terminalId,
      ...(random === undefined ? {} : { random }),
      ...(trace === undefined ? {} : { trace }),
    });
    return { serial };
  }

  async #store({ cardData, certificate, parameters, keys }: Omit<IssuedCard, 'cardId'>): Promise<void> {
    const session = this.#current;
    await storeCardData(session, cardData);
    for (const { ref, data } of keys) {
      const known = Object.values(KeyRef).find((value) => value === ref);
      if (known === undefined) throw new RangeError(`the issuer names a key ${ref} that no card has`);
      await storeKey(session, known, data);
    }
    await storeCertificate(session, certificate);
    await storeParameters(session, parameters);
  }

  get #current(): Session {
    if (this.#session === undefined) throw new CardError('session-over', 'There is no session.');
    return this.#session;
  }

  get #purse(): PurseSession {
    const session = this.#current;
    if (session.kind === 'raw') throw new CardError('session-over', 'There is no session with a purse.');
    return session as PurseSession;
  }

  get #raw(): RawSession {
    const session = this.#current;
    if (session.kind !== 'raw') throw new CardError('session-over', 'There is no session with a raw card.');
    return session as RawSession;
  }
}
