/** One card's life as the suite tells it: its terminals, what they remember, and what the card has to hold by now. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import type { Money } from '../../host/protocol/codec/money.js';
import { select } from '../../host/protocol/commands/select.js';
import { Role } from '../../host/protocol/generated/enums.js';
import type { RecordFields } from '../../host/protocol/generated/structures.js';
import type { PurseSession, TerminalIdentity } from '../../host/protocol/session/session.js';
import type { CardConnection } from '../../host/readers/reader.js';
import { lastingTerminal, openWith } from '../helpers/cards.js';
import type { OpenOptions } from '../helpers/cards.js';
import { bytesFor } from '../helpers/keys.js';
import { Orders } from '../helpers/orders.js';
import { MemoryPairs, euro } from '../helpers/scheme.js';
import type { Target } from './target.js';

export type TerminalName = 'pos' | 'rival' | 'kiosk' | 'desk';

export const terminals: Readonly<Record<TerminalName, TerminalIdentity>> = {
  pos: lastingTerminal(Role.pos, 'conformance'),
  rival: lastingTerminal(Role.pos, 'conformance rival'),
  kiosk: lastingTerminal(Role.load, 'conformance'),
  desk: lastingTerminal(Role.perso, 'conformance'),
};

export const euros = (cents: bigint): Money => money(cents, euro);

/** Commands that went to the card. */
export class Counted implements CardChannel {
  readonly instructions: number[] = [];

  constructor(private readonly link: CardChannel) {}

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.instructions.push(apdu[1] ?? 0);
    return this.link.transmit(apdu);
  }
}

export class Story {
  readonly #pairs = new Map<TerminalName, MemoryPairs>();
  #connection: CardConnection | undefined;
  #orders: Orders | undefined;
  /** Records of the card so far, as its answers had them. */
  readonly records: RecordFields[] = [];
  /** Counter of the last issuer order. */
  orderCounter = 0;
  pin = '2468';

  constructor(readonly target: Target) {}

  /** The card, reset. */
  async card(): Promise<CardConnection> {
    await this.leave();
    return (this.#connection = await this.target.connect());
  }

  /** Lets go of the card, after each test. */
  async leave(): Promise<void> {
    await this.#connection?.close();
    this.#connection = undefined;
  }

  /** Told once, from the raw card: its id is made of its serial. */
  async identify(link: CardChannel): Promise<void> {
    const { serial } = await select(link);
    if (!serial) throw new Error('the card is not raw');
    this.#orders = new Orders(bytesFor(`card of chip ${toHex(serial)}`, 8));
  }

  get orders(): Orders {
    if (!this.#orders) throw new Error('the card was not personalized');
    return this.#orders;
  }

  get cardId(): Uint8Array {
    return this.orders.cardId;
  }

  pairsOf(name: TerminalName): MemoryPairs {
    let pairs = this.#pairs.get(name);
    if (!pairs) this.#pairs.set(name, (pairs = new MemoryPairs()));
    return pairs;
  }

  /** Resets the card and opens a session: resumed where card and terminal know each other. */
  async open(name: TerminalName, options: Omit<OpenOptions, 'pairs'> = {}): Promise<PurseSession> {
    return this.openOver(await this.card(), name, options);
  }

  openOver(link: CardChannel, name: TerminalName, options: Omit<OpenOptions, 'pairs'> = {}): Promise<PurseSession> {
    return openWith(link, terminals[name], { ...options, pairs: this.pairsOf(name) });
  }

  get nt(): number {
    return this.records.length;
  }

  /** Balance of a slot after all records. */
  balance(slot: number): bigint {
    const last = this.records.findLast((record) => record.slot === slot);
    return BigInt(last?.balance ?? 0);
  }

  /** Keeps a record the card made, which has to be the next. */
  keep(record: RecordFields): void {
    expect(record.nt).to.equal(this.nt + 1);
    this.records.push(record);
  }
}
