/**
 * Simulated purse cards in memory, in every state of their life. A card is made once in a process; asking for it again puts it back
 * to a snapshot, which takes microseconds. Cards with other names are other cards.
 */
import type { Bridge, Card, CardSpec, CutPoints, PersistentState, Snapshot } from 'jcardsim-ts-bridge';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import type { Trace } from '../../host/protocol/channel/trace.js';
import { day } from '../../host/protocol/codec/time.js';
import type { Seconds } from '../../host/protocol/codec/time.js';
import { money } from '../../host/protocol/codec/money.js';
import { credit } from '../../host/protocol/commands/credit.js';
import type { RecordWithProof } from '../../host/protocol/commands/credit.js';
import { getLogStatement } from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import { openSession } from '../../host/protocol/session/open.js';
import type { PairStore, PurseSession, TerminalIdentity } from '../../host/protocol/session/session.js';
import { purseSpec, serialOf, sharedBridge } from './bridge.js';
import { bytesFor } from './keys.js';
import { Orders } from './orders.js';
import { dollarSlot, euroSlot, holderPin, personalize } from './personalize.js';
import { cardLifetime, dollar, euro, scheme, startTime, terminal } from './scheme.js';

/**
 * issued: active, nothing ever paid or loaded. active: with {@link funds} on it. expired, blocked (by a block order) and retired
 * were active before.
 */
export type CardState = 'raw' | 'issued' | 'active' | 'expired' | 'blocked' | 'retired';

/** What the loads of an active card put onto it, in minor units: NT is 2 afterwards. */
export const funds = { euro: 120_00n, dollar: 40_00n } as const;

/** When the cards of the tests expire. */
export const cardExpiry: Seconds = startTime + cardLifetime;

/** A terminal whose certificate outlives the cards, for tests with expired ones. A POS certificate lives 90 days, from whenever. */
export function lastingTerminal(role: Role, name = 'one'): TerminalIdentity {
  const expiry = cardExpiry + 30 * day;
  return terminal(role, name, { expiry, ...(role === Role.pos && { effective: expiry - 60 * day }) });
}

export interface OpenOptions {
  /** Purse slot of S1; 0 unless given. */
  readonly slot?: number;
  readonly pairs?: PairStore;
  readonly full?: boolean;
  readonly now?: Seconds;
  readonly trace?: Trace;
}

/** The key object for a terminal's point, which is also the public half of the card's own pairs while they are made. */
const terminalPoint = ['CardKeys.scratch', 'CardKeys.signPair', 'CardKeys.agreePair'];

/** One card with what a test asks of it. */
export class TestCard implements CardChannel {
  readonly cardId: Uint8Array;
  readonly serial: Uint8Array;
  readonly orders: Orders;

  constructor(
    readonly name: string,
    readonly card: Card,
  ) {
    this.cardId = bytesFor(`card id ${name}`, 8);
    this.serial = serialOf(name);
    this.orders = new Orders(this.cardId);
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    return this.card.transmit(apdu);
  }

  /** SELECT, then a session; full unless card and terminal have a pair. */
  async open(identity: TerminalIdentity, options: OpenOptions = {}): Promise<PurseSession> {
    return openWith(this, identity, options);
  }

  /** The command cut at every point; what {@link persistentState} leaves out makes no difference. */
  cutEverywhere(apdu: Uint8Array): Promise<CutPoints> {
    return this.card.cutEverywhere(apdu, { except: terminalPoint });
  }

  /** What the applet keeps, without generator, PIN tries and the scratch key for a terminal's point [M7]. */
  persistentState(): Promise<PersistentState> {
    return this.card.persistentState({ except: terminalPoint });
  }
}

/** SELECT, then a session, over whatever link. */
export async function openWith(
  link: CardChannel,
  identity: TerminalIdentity,
  { slot = euroSlot, now = startTime, ...options }: OpenOptions = {},
): Promise<PurseSession> {
  await select(link);
  return openSession(link, { scheme, identity, slot, clock: () => now, ...options });
}

/** The whole way of a load: PIN, INIT LOAD, authorisation, CREDIT. The session is a kiosk's. */
export async function load(
  session: PurseSession,
  orders: Orders,
  slot: number,
  amount: bigint,
): Promise<RecordWithProof> {
  const unit = slot === dollarSlot ? dollar : euro;
  await verifyPin(session, holderPin);
  const { statement } = await initLoad(session, {
    type: LoadType.load,
    slot,
    amount: money(amount, unit),
    time: startTime,
  });
  const { fields, signature } = orders.authorise(statement, startTime);
  return credit(session, fields, signature);
}

/** SYNC of everything on the card. The session is a desk's, or a kiosk's with the PIN. */
export async function synchronise(session: PurseSession, orders: Orders, date: Seconds): Promise<void> {
  const { nt, runningHash } = (await getLogStatement(session)).statement;
  await putOrder(session, orders.sync({ acknowledged: nt, runningHash, date }));
}

/** A card of the shared bridge in the state asked for, switched on, nothing selected. */
export async function freshCard(state: CardState = 'active', name = 'one'): Promise<TestCard> {
  let shelf = shelves.get(name);
  if (!shelf) shelves.set(name, (shelf = sharedBridge().then((bridge) => new Shelf(bridge, name))));
  return (await shelf).take(state);
}

const shelves = new Map<string, Promise<Shelf>>();

/** One card and its snapshots. */
export class Shelf {
  readonly #bridge: Bridge;
  readonly #name: string;
  readonly #changes: Partial<CardSpec>;
  readonly #snapshots = new Map<CardState, Snapshot>();
  #card: TestCard | undefined;

  /** @param changes to the card's specification, such as class transforms */
  constructor(bridge: Bridge, name: string, changes: Partial<CardSpec> = {}) {
    this.#bridge = bridge;
    this.#name = name;
    this.#changes = changes;
  }

  async take(state: CardState): Promise<TestCard> {
    const card = (this.#card ??= new TestCard(
      this.#name,
      await this.#bridge.createCard(purseSpec(this.#name, this.#changes)),
    ));
    const snapshot = this.#snapshots.get(state);
    if (snapshot) {
      await card.card.restore(snapshot);
      return card;
    }
    await this.#bring(card, state);
    await card.card.powerOff();
    await card.card.powerOn();
    this.#snapshots.set(state, await card.card.snapshot());
    return card;
  }

  async #bring(card: TestCard, state: CardState): Promise<void> {
    switch (state) {
      case 'raw':
        return;
      case 'issued':
        await this.take('raw');
        return personalize(card, { cardId: card.cardId });
      case 'active':
        await this.take('issued');
        return this.#fund(card);
      case 'expired':
        return this.#atDesk(card, (session) => synchronise(session, card.orders, cardExpiry));
      case 'blocked':
        return this.#atDesk(card, (session) => putOrder(session, card.orders.block(1)));
      case 'retired':
        return this.#atDesk(card, (session) => putOrder(session, card.orders.retire(1)));
    }
  }

  async #fund(card: TestCard): Promise<void> {
    const session = await card.open(lastingTerminal(Role.load, 'funding'));
    await load(session, card.orders, euroSlot, funds.euro);
    await load(session, card.orders, dollarSlot, funds.dollar);
  }

  async #atDesk(card: TestCard, act: (session: PurseSession) => Promise<unknown>): Promise<void> {
    await this.take('active');
    await act(await card.open(lastingTerminal(Role.perso, 'orders')));
  }
}
