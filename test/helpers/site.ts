/** A whole installation for tests: a home in a temporary folder, simulated cards, the three terminals, and an issuer in memory. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Card } from 'jcardsim-ts-bridge';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { money } from '../../host/protocol/codec/money.js';
import type { Money } from '../../host/protocol/codec/money.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import type { Scheme } from '../../host/protocol/scheme.js';
import { simulatedPurse } from '../../host/readers/simulator-spec.js';
import { acquirerKeyring, initScheme, issuerKeyring } from '../../host/issuer/pki/scheme-init.js';
import { enrol } from '../../host/issuer/pki/terminals.js';
import { tlsKeys } from '../../host/issuer/pki/tls.js';
import { DeskTerminal } from '../../host/personalize/terminal.js';
import type { DeskOutcome, DeskTask } from '../../host/personalize/types.js';
import { PosTerminal } from '../../host/pos/terminal.js';
import type { EarlierChoice, PosNotice, PosOutcome, PosTask } from '../../host/pos/types.js';
import { KioskTerminal } from '../../host/reload/terminal.js';
import type { ReloadNotice, ReloadOutcome, ReloadTask } from '../../host/reload/types.js';
import { Home } from '../../host/terminal/home.js';
import { installParameters, newSerial, readBatchKey } from '../../host/terminal/raw-card.js';
import { Station } from '../../host/terminal/station.js';
import { sharedBridge } from './bridge.js';
import { MemoryIssuer } from './memory-issuer.js';
import { dollarSlot, euroSlot, firstParameters, pointsSlot } from './personalize.js';
import { projectRoot } from './project.js';
import { TestClock, dollar, euro, points } from './scheme.js';

export function eur(cents: bigint): Money {
  return money(cents, euro);
}

/** The link between a terminal and a card, which a test may break. */
export class Link implements CardChannel {
  /** Commands sent so far. */
  sent = 0;
  #cut: { readonly at: number; readonly where: 'before' | 'after' } | undefined;
  #broken = false;
  /** How often the link broke. */
  breaks = 0;
  /** Changes an answer on its way, such as into a forged refusal. */
  tamper: (answer: Uint8Array, apdu: Uint8Array) => Uint8Array = (answer) => answer;

  constructor(readonly card: Card) {}

  /** Breaks at command number `at` from here on: before the card gets it, or after the card did it. */
  cut(at: number, where: 'before' | 'after'): void {
    this.#cut = { at: this.sent + at, where };
  }

  /** Puts the card back into the reader. */
  async mend(): Promise<void> {
    this.#cut = undefined;
    this.#broken = false;
    await this.card.powerOff();
    await this.card.powerOn();
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#broken) throw new Error('no card');
    const number = this.sent++;
    const cut = number === this.#cut?.at ? this.#cut.where : undefined;
    if (cut === 'before') return this.#break();
    const answer = await this.card.transmit(apdu);
    return cut === 'after' ? this.#break() : this.tamper(answer, apdu);
  }

  #break(): never {
    this.#broken = true;
    this.breaks++;
    throw new Error('the card was pulled out');
  }
}

/** The way to the issuer, which a test may break: before a call arrives, or before its answer does. */
export class IssuerLink {
  calls = 0;
  breaks = 0;
  #cut: { readonly at: number; readonly where: 'before' | 'after' } | undefined;

  cut(at: number, where: 'before' | 'after'): void {
    this.#cut = { at: this.calls + at, where };
  }

  mend(): void {
    this.#cut = undefined;
  }

  to(issuer: IssuerPort): IssuerPort {
    return new Proxy(issuer, {
      get: (target, name: keyof IssuerPort) => async (request: never) => {
        const number = this.calls++;
        if (this.#cut?.at !== number) return target[name](request);
        this.breaks++;
        if (this.#cut.where === 'after') await target[name](request);
        throw new IssuerError('unreachable', 'The line to the issuer is down.');
      },
    });
  }
}

export interface IssuedTestCard {
  readonly link: Link;
  readonly cardId: Uint8Array;
  readonly pin: string;
}

export class Site {
  readonly home: Home;
  readonly clock = new TestClock();
  readonly scheme: Scheme;
  readonly issuer: MemoryIssuer;
  readonly issuerLink = new IssuerLink();
  readonly notices: (PosNotice | ReloadNotice)[] = [];
  /** PINs that holders type, in order; nobody types more. */
  readonly typed: string[] = [];
  /** What the cashier says about an earlier sale. */
  earlier: EarlierChoice = 'finish';
  /** What the desk printed. */
  readonly printed: { readonly cardId: Uint8Array; readonly pin: string }[] = [];
  #pos: PosTerminal | undefined;
  #kiosk: KioskTerminal | undefined;
  #desk: DeskTerminal | undefined;

  constructor() {
    this.home = new Home(mkdtempSync(join(tmpdir(), 'epurse-site-')));
    const { scheme } = initScheme(this.home, { clock: this.clock.read });
    this.scheme = scheme;
    this.issuer = new MemoryIssuer(scheme, issuerKeyring(this.home, scheme), firstParameters, this.clock.read);
  }

  station(name: 'desk' | 'kiosk' | 'pos', role: Role): Station {
    const issuer = this.issuerLink.to(this.issuer);
    return Station.open({ home: this.home, name, role, issuer, clock: this.clock.read });
  }

  get pos(): PosTerminal {
    return (this.#pos ??= PosTerminal.open(this.station('pos', Role.pos)));
  }

  get kiosk(): KioskTerminal {
    return (this.#kiosk ??= new KioskTerminal(this.station('kiosk', Role.load)));
  }

  get desk(): DeskTerminal {
    return (this.#desk ??= new DeskTerminal(this.station('desk', Role.perso)));
  }

  /** As if the programs had ended: what is not on disk is gone. */
  restart(): void {
    this.#pos?.close();
    for (const terminal of [this.#pos, this.#kiosk, this.#desk]) terminal?.station.close();
    this.#pos = this.#kiosk = this.#desk = undefined;
  }

  close(): void {
    this.restart();
    rmSync(this.home.folder, { recursive: true, force: true });
  }

  /** What the merchant decides; read at the next start of the POS. */
  writePosConfig(config: object): void {
    writeFileSync(this.home.path('terminals', 'pos', 'config.json'), JSON.stringify(config));
  }

  /** A payment at another shop: same merchant, a terminal of its own. */
  async payElsewhere(card: IssuedTestCard, cents: bigint): Promise<void> {
    const name = 'pos-elsewhere';
    const keys = acquirerKeyring(this.home, this.scheme);
    const here = this.pos.context.terminal;
    this.home.makeFolder('terminals', name);
    if (!existsSync(this.home.path('terminals', name, 'key.json'))) {
      enrol(
        this.home,
        this.scheme,
        { keys, authority: tlsKeys(this.home, this.scheme.id, this.clock.now).authority },
        { ...here, name, terminalId: here.terminalId.map((byte) => byte ^ 0x5a) },
        this.clock.now,
      );
    }
    const issuer = this.issuerLink.to(this.issuer);
    const station = Station.open({ home: this.home, name, role: Role.pos, issuer, clock: this.clock.read });
    const pos = PosTerminal.open(station);
    try {
      await station.refreshHotList();
      const ui = {
        show: () => undefined,
        askPin: () => Promise.resolve(card.pin),
        askEarlier: () => Promise.resolve('finish' as const),
      };
      const outcome = await pos.visit(card.link, { task: 'pay', slot: euroSlot, amount: eur(cents) }, ui);
      if (outcome.result !== 'paid') throw new Error(`not paid elsewhere: ${outcome.result}`);
    } finally {
      pos.close();
      station.close();
    }
  }

  /** The POS meets every card for the first time again. */
  forgetPairs(): void {
    this.restart();
    rmSync(this.home.path('terminals', 'pos', 'pairs.json'), { force: true });
  }

  /** A raw card of this home in a reader. */
  async rawCard(): Promise<Link> {
    const bridge = await sharedBridge();
    const spec = simulatedPurse(projectRoot, installParameters(readBatchKey(this.home), newSerial()));
    const card = await bridge.createCard(spec);
    await card.powerOn();
    return new Link(card);
  }

  /** Somebody's card, with money on it. */
  async issuedCard(funds: bigint = 0n): Promise<IssuedTestCard> {
    const link = await this.rawCard();
    const outcome = await this.personalize(link, { task: 'issue', holder: 'Ada' });
    if (outcome.result !== 'issued') throw new Error(`not issued: ${outcome.result}`);
    const printed = this.printed.at(-1);
    if (printed === undefined) throw new Error('no PIN was printed');
    const card = { link, cardId: outcome.cardId, pin: printed.pin };
    if (funds > 0n) await this.load(card, funds);
    return card;
  }

  personalize(link: CardChannel, task: DeskTask): Promise<DeskOutcome> {
    return this.desk.visit(link, task, {
      show: () => undefined,
      print: ({ cardId }, _lines, pin) => void this.printed.push({ cardId, pin }),
    });
  }

  async load({ link, pin }: IssuedTestCard, cents: bigint): Promise<void> {
    await this.#refreshed(this.kiosk.station);
    this.typed.push(pin);
    const outcome = await this.reload(link, { task: 'load', type: LoadType.load, slot: euroSlot, amount: eur(cents) });
    if (outcome.result !== 'loaded')
      throw new Error(`not loaded: ${JSON.stringify(outcome, (_, value: unknown) => String(value))}`);
  }

  reload(link: CardChannel, task: ReloadTask): Promise<ReloadOutcome> {
    return this.kiosk.visit(link, task, {
      show: (notice) => void this.notices.push(notice),
      askPin: () => Promise.resolve(this.typed.shift()),
      askPinChange: () => {
        const [old, wanted] = this.typed.splice(0, 2);
        return Promise.resolve(old === undefined || wanted === undefined ? undefined : { old, wanted });
      },
    });
  }

  async sell(link: CardChannel, task: PosTask, only?: Uint8Array): Promise<PosOutcome> {
    await this.#refreshed(this.pos.station);
    return this.pos.visit(
      link,
      task,
      {
        show: (notice) => void this.notices.push(notice),
        askPin: () => Promise.resolve(this.typed.shift()),
        askEarlier: () => Promise.resolve(this.earlier),
      },
      only,
    );
  }

  pay(link: CardChannel, cents: bigint): Promise<PosOutcome> {
    return this.sell(link, { task: 'pay', slot: euroSlot, amount: eur(cents) });
  }

  cancel(link: CardChannel): Promise<PosOutcome> {
    return this.sell(link, { task: 'cancel', slot: euroSlot });
  }

  async #refreshed(station: Station): Promise<void> {
    await station.refreshHotList();
  }
}

export const slots = { euro: euroSlot, dollar: dollarSlot, points: pointsSlot } as const;
export const unitsOfSlots = { dollar, points } as const;
