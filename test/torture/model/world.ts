/** The real thing: applet in the simulator, terminals with their journals on disk, the issuer on its ledger in memory. */
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { SimulatedBank } from '../../../host/issuer/funding/simulated-bank.js';
import { settle } from '../../../host/issuer/jobs/settle.js';
import { renewTerminal } from '../../../host/issuer/pki/renew.js';
import { openIssuer, registerKnownTerminals } from '../../../host/issuer/open.js';
import type { OpenedIssuer } from '../../../host/issuer/open.js';
import { block, release } from '../../../host/issuer/service/listing.js';
import type { Store } from '../../../host/issuer/store/database.js';
import { DeskTerminal } from '../../../host/personalize/terminal.js';
import type { DeskOutcome, DeskTask } from '../../../host/personalize/types.js';
import { closeBatch, resolveByIssuer, upload } from '../../../host/pos/day.js';
import { PosTerminal } from '../../../host/pos/terminal.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { money } from '../../../host/protocol/codec/money.js';
import type { Money } from '../../../host/protocol/codec/money.js';
import { select } from '../../../host/protocol/commands/select.js';
import { LifeCycle, Role } from '../../../host/protocol/generated/enums.js';
import { IssuerError } from '../../../host/protocol/issuer/port.js';
import { simulatedPurse } from '../../../host/readers/simulator-spec.js';
import { KioskTerminal } from '../../../host/reload/terminal.js';
import type { ReloadTask } from '../../../host/reload/types.js';
import type { Home } from '../../../host/terminal/home.js';
import { Failure } from '../../../host/terminal/outcome.js';
import { installParameters, newSerial, readBatchKey } from '../../../host/terminal/raw-card.js';
import { Station } from '../../../host/terminal/station.js';
import { sharedBridge } from '../../helpers/bridge.js';
import { balancesIn, isOrderedBlockedIn } from '../../helpers/card-memory.js';
import { euroSlot } from '../../helpers/personalize.js';
import { Line } from '../../helpers/line.js';
import { projectRoot } from '../../helpers/project.js';
import { TestClock } from '../../helpers/scheme.js';
import { at, nothing, plus, sumOf, unitOf, units } from './amounts.js';
import type { Amount, Amounts } from './amounts.js';
import { CardLink } from './card-link.js';
import { freshHome, posName } from './home.js';
import type { Seen } from './state.js';
import { cardCount, posCount } from './steps.js';
import type { Deed, Typed } from './steps.js';

/** What a terminal said at the end. */
export interface Said {
  readonly result: string;
  readonly code?: string;
  readonly recovered: boolean;
}

export interface HeldCard {
  readonly link: CardLink;
  readonly cardId: Uint8Array;
  readonly holder: string;
  /** What the holder takes for the PIN: the one that was printed last. */
  pin: string;
}

/** Makes a POS out of its station; a test may make a bad one. */
export type PosMaker = (station: Station) => PosTerminal;

export class World {
  readonly line = new Line();
  readonly bank = new SimulatedBank();
  readonly clock: TestClock;
  /** Those that people have, then lost ones. */
  readonly cards: HeldCard[] = [];
  /** In the order of the model's. */
  readonly retired: HeldCard[] = [];
  #pos: PosTerminal[] = [];
  #kiosk: KioskTerminal | undefined;
  #desk: DeskTerminal | undefined;
  /** What merchants were paid. */
  paidOut: Amounts = nothing;

  private constructor(
    private readonly home: Home,
    readonly opened: OpenedIssuer,
    clock: TestClock,
    bank: SimulatedBank,
    private readonly posMaker: PosMaker,
  ) {
    this.clock = clock;
    this.bank = bank;
  }

  /** @param store of the issuer; empty */
  static async open(store: Store, posMaker: PosMaker = (station) => PosTerminal.open(station)): Promise<World> {
    const home = freshHome();
    const clock = new TestClock();
    const bank = new SimulatedBank();
    const opened = await openIssuer(home, { store, clock: clock.read, funding: bank });
    const world = new World(home, opened, clock, bank, posMaker);
    world.start();
    for (const { station } of world.#pos) await station.refreshHotList();
    for (let card = 0; card < cardCount; card++) world.cards.push(await world.#issue());
    return world;
  }

  async close(): Promise<void> {
    this.stop();
    for (const { link } of this.cards) await link.card.close();
    await this.opened.close();
    rmSync(this.home.folder, { recursive: true, force: true });
  }

  start(): void {
    this.#pos = Array.from({ length: posCount }, (_, pos) => this.posMaker(this.#station(posName(pos), Role.pos)));
    this.#kiosk = new KioskTerminal(this.#station('kiosk', Role.load));
    this.#desk = new DeskTerminal(this.#station('desk', Role.perso));
  }

  /** The programs end. @param torn with half a line in each journal */
  stop(torn = false): void {
    for (const pos of this.#pos) {
      pos.close();
      pos.station.close();
    }
    this.#kiosk?.station.close();
    this.#desk?.station.close();
    if (torn) {
      for (let pos = 0; pos < posCount; pos++) {
        const journal = this.home.path('terminals', posName(pos), 'journal.log');
        if (existsSync(journal)) appendFileSync(journal, '{"entry":"ope');
      }
    }
  }

  async pay(deed: Extract<Deed, { do: 'pay' }>): Promise<Said> {
    return this.#atPos(
      deed,
      { task: 'pay', slot: deed.slot, amount: money(BigInt(deed.amount), unitOf(deed.slot)) },
      deed.pin,
      deed.earlier,
    );
  }

  cancel(deed: Extract<Deed, { do: 'cancel' }>): Promise<Said> {
    return this.#atPos(deed, { task: 'cancel', slot: euroSlot }, 'nothing', 'finish');
  }

  async #atPos(
    { card, pos }: { readonly card: number; readonly pos: number },
    task: Parameters<PosTerminal['visit']>[1],
    typed: Typed,
    earlier: 'finish' | 'go-on' | 'cancel',
  ): Promise<Said> {
    const [till, held] = [this.pos(pos), this.card(card)];
    const pins = typing(held, typed);
    const ui = {
      show: () => undefined,
      askPin: () => Promise.resolve(pins.shift()),
      askEarlier: () => Promise.resolve(earlier),
    };
    return said(await till.visit(held.link, task, ui));
  }

  async atKiosk(card: number, task: ReloadTask, typed: Typed): Promise<Said> {
    const held = this.card(card);
    const pins = typing(held, typed);
    await this.kiosk.station.refreshHotList();
    return said(
      await this.kiosk.visit(held.link, task, {
        show: () => undefined,
        askPin: () => Promise.resolve(pins.shift()),
        askPinChange: () => Promise.resolve(undefined),
      }),
    );
  }

  async newPin(card: number): Promise<Said> {
    const held = this.card(card);
    const task: DeskTask = { task: 'order', order: 'pinReset', reason: 'the holder asks for a new PIN' };
    return said(await this.#atDesk(held.link, task, (pin) => (held.pin = pin)));
  }

  /** The issuer lists the card. */
  async report(card: number): Promise<void> {
    await block(this.opened.issuer, toHex(this.card(card).cardId), 'reported stolen');
  }

  /** The issuer takes it off its list, and the desk unblocks it. */
  async found(card: number): Promise<Said> {
    const { link, cardId } = this.card(card);
    await release(this.opened.issuer, toHex(cardId));
    const task: DeskTask = { task: 'order', order: 'unblock', reason: 'the holder has it again' };
    return said(await this.#atDesk(link, task, () => undefined));
  }

  async retire(card: number): Promise<Said> {
    const task: DeskTask = { task: 'order', order: 'retire', reason: 'the holder wants another card' };
    return said(await this.#atDesk(this.card(card).link, task, () => undefined));
  }

  /** The holder of a retired card gets another one. */
  async replace(card: number): Promise<void> {
    const old = this.card(card);
    await old.link.card.close();
    this.retired.push(old);
    this.cards[card] = await this.#issue();
  }

  /** The holder of a lost card gets another one that replaces it; the lost one goes on under the next number. */
  async lose(card: number): Promise<void> {
    const old = this.card(card);
    this.cards.push(old);
    this.cards[card] = await this.#issue(old);
  }

  /** Terminals get new certificates; their programs have to start again. */
  async renew(): Promise<void> {
    const { scheme } = this.opened.issuer;
    const pos = Array.from({ length: posCount }, (_, number) => posName(number));
    for (const name of [...pos, 'kiosk', 'desk']) renewTerminal(this.home, scheme, name, this.clock.now);
    await registerKnownTerminals(this.opened.issuer, this.home);
  }

  /** @returns what came of it, in the station's words */
  fetchList(pos: number): ReturnType<Station['refreshHotList']> {
    return this.pos(pos).station.refreshHotList();
  }

  #atDesk(link: CardLink, task: DeskTask, handOut: (pin: string) => void): Promise<DeskOutcome> {
    if (this.#desk === undefined) throw new Error('the desk is closed');
    return this.#desk.visit(link, task, { show: () => undefined, print: (_sheet, _lines, pin) => handOut(pin) });
  }

  /** What came on the account of a card's holder: unloads, sales that nobody claimed, the balance of a closed card. */
  paidToHolder({ cardId }: HeldCard): Amounts {
    const paid = [...this.bank.done].filter(([key]) => key.startsWith(`pay-out ${toHex(cardId)}/`));
    return paid.reduce((sum, [, request]) => plus(sum, amountOf(request.money)), nothing);
  }

  /** What the issuer's books say that a card holds, or of a card that is gone, is still to be paid. */
  async shadow({ cardId }: HeldCard): Promise<Amounts> {
    const rows = await this.opened.issuer.store.db
      .selectFrom('card_slot')
      .select(['slot', 'balance'])
      .where('card_id', '=', toHex(cardId))
      .execute();
    return rows.reduce((sums, { slot, balance }) => plus(sums, { slot, amount: Number(balance) }), nothing);
  }

  /** What the bank, and lost cards, paid for loads of a card, less what went back to the bank. */
  async fundedFor({ cardId }: HeldCard): Promise<Amounts> {
    const charged = [...this.bank.done].filter(
      ([deed]) =>
        deed.startsWith(`charge ${toHex(cardId)}/`) && !this.bank.done.has(deed.replace('charge', 'give-back')),
    );
    const loads = await this.opened.issuer.store.db
      .selectFrom('load')
      .select(['slot', 'amount'])
      .where('card_id', '=', toHex(cardId))
      .where('lost_card', 'is not', null)
      .where('state', '=', 'credited')
      .execute();
    const fromLost = loads.map(({ slot, amount }) => ({ slot, amount: Number(amount) }));
    return sumOf([...charged.map(([, { money: paid }]) => amountOf(paid)), ...fromLost]);
  }

  /** What other cards loaded of a lost card's balance. @throws Error where the bank was charged for it, too */
  async loadedFrom({ cardId }: HeldCard): Promise<Amounts> {
    const loads = await this.opened.issuer.store.db
      .selectFrom('load')
      .select(['card_id', 'counter', 'lost_slot', 'amount'])
      .where('lost_card', '=', toHex(cardId))
      .where('state', '=', 'credited')
      .execute();
    return loads.reduce((sums, { card_id, counter, lost_slot, amount }) => {
      if (this.bank.done.has(`charge ${card_id}/${counter}`)) throw new Error('charged for what a lost card held');
      return plus(sums, { slot: lost_slot ?? 0, amount: Number(amount) });
    }, nothing);
  }

  /** What a POS left open with cards that are gone, it asks the issuer about. */
  async askAboutOpen(number: number): Promise<void> {
    await resolveByIssuer(this.pos(number));
  }

  /** The issuer's day ends, merchants are paid what they are owed then. */
  async settle(): Promise<void> {
    const { merchants } = await settle(this.opened.issuer);
    for (const { paid } of merchants) this.paidOut = plus(this.paidOut, amountOf(paid));
  }

  /** @returns undefined where it did not come through, else what came of the hot list */
  async handIn(number: number): Promise<string | undefined> {
    const pos = this.pos(number);
    closeBatch(pos);
    try {
      return (await upload(pos)).hotList;
    } catch (error) {
      if (error instanceof IssuerError || (error instanceof Failure && error.code === 'issuer-unreachable'))
        return undefined;
      throw error;
    }
  }

  /** What the card holds, and whether it is blocked, from its memory and SELECT: no terminal is asked. */
  async look(card: number): Promise<Pick<Seen, 'holding' | 'isBlocked' | 'isOrderedBlocked' | 'isRetired'>> {
    const { link } = this.card(card);
    await link.insert(undefined);
    const { state } = await select(link);
    const { text } = await link.card.persistentState();
    const balances = balancesIn(text);
    return {
      holding: nothing.map((_, slot) => at(balances, slot)),
      isBlocked: state === LifeCycle.blocked,
      isOrderedBlocked: isOrderedBlockedIn(text),
      isRetired: state === LifeCycle.retired,
    };
  }

  card(number: number): HeldCard {
    const card = this.cards[number];
    if (card === undefined) throw new RangeError(`there is no card ${number}`);
    return card;
  }

  pos(number: number): PosTerminal {
    const pos = this.#pos[number];
    if (pos === undefined) throw new RangeError(`there is no POS ${number}`);
    return pos;
  }

  get kiosk(): KioskTerminal {
    if (this.#kiosk === undefined) throw new Error('the kiosk is off');
    return this.#kiosk;
  }

  #station(name: string, role: Role): Station {
    return Station.open({
      home: this.home,
      name,
      role,
      issuer: this.line.to(this.opened.port),
      clock: this.clock.read,
    });
  }

  /** @param lost that it replaces */
  async #issue(lost?: HeldCard): Promise<HeldCard> {
    const bridge = await sharedBridge();
    const card = await bridge.createCard(
      simulatedPurse(projectRoot, installParameters(readBatchKey(this.home), newSerial())),
    );
    const link = new CardLink(card);
    await link.insert(undefined);
    let pin = '';
    const holder = lost?.holder ?? `Holder ${this.cards.length + this.retired.length}`;
    const task: DeskTask = { task: 'issue', holder, ...(lost === undefined ? {} : { replaces: lost.cardId }) };
    const outcome = await this.#atDesk(link, task, (printed) => (pin = printed));
    if (outcome.result !== 'issued') throw new Error(`not issued: ${outcome.result}`);
    return { link, cardId: outcome.cardId, holder, pin };
  }
}

export function amountOf({ amount, unit }: Money): Amount {
  return { slot: units.findIndex(({ code }) => code === unit.code), amount: Number(amount) };
}

/** What the holder types, once. */
function typing({ pin }: HeldCard, typed: Typed): string[] {
  switch (typed) {
    case 'right':
      return [pin];
    case 'wrong':
      return [pin === '000000' ? '111111' : '000000'];
    case 'nothing':
      return [];
  }
}

function said(outcome: { readonly result: string }): Said {
  const { refusal, recovered } = outcome as {
    readonly refusal?: { readonly code: string };
    readonly recovered?: boolean;
  };
  return {
    result: outcome.result,
    recovered: recovered === true,
    ...(refusal === undefined ? {} : { code: refusal.code }),
  };
}
