/** A whole installation with the real issuer: a home with its own scheme, a store in memory, three terminals, simulated cards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedBank } from '../../host/issuer/funding/simulated-bank.js';
import { openIssuer } from '../../host/issuer/open.js';
import type { OpenedIssuer } from '../../host/issuer/open.js';
import { initScheme, schemeOf } from '../../host/issuer/pki/scheme-init.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { openMemoryStore } from '../../host/issuer/store/embedded.js';
import type { Store } from '../../host/issuer/store/database.js';
import { DeskTerminal } from '../../host/personalize/terminal.js';
import type { DeskOutcome, DeskTask } from '../../host/personalize/types.js';
import { PosTerminal } from '../../host/pos/terminal.js';
import type { PosOutcome } from '../../host/pos/types.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import type { Scheme } from '../../host/protocol/scheme.js';
import { KioskTerminal } from '../../host/reload/terminal.js';
import type { ReloadNotice, ReloadOutcome, ReloadTask } from '../../host/reload/types.js';
import { Home } from '../../host/terminal/home.js';
import { installParameters, newSerial, readBatchKey } from '../../host/terminal/raw-card.js';
import { Station } from '../../host/terminal/station.js';
import { simulatedPurse } from '../../host/readers/simulator-spec.js';
import { sharedBridge } from './bridge.js';
import { euroSlot } from './personalize.js';
import { projectRoot } from './project.js';
import { TestClock } from './scheme.js';
import { Link, eur } from './site.js';
import type { IssuedTestCard } from './site.js';

export class Office {
  readonly home = new Home(mkdtempSync(join(tmpdir(), 'epurse-office-')));
  readonly clock = new TestClock();
  readonly bank = new SimulatedBank();
  readonly printed: { readonly cardId: Uint8Array; readonly pin: string }[] = [];
  readonly notices: ReloadNotice[] = [];
  readonly typed: string[] = [];
  #store: Store | undefined;
  #opened: OpenedIssuer | undefined;
  #terminals: { desk?: DeskTerminal; kiosk?: KioskTerminal; pos?: PosTerminal } = {};

  private constructor() {}

  static async open(): Promise<Office> {
    const office = new Office();
    initScheme(office.home, { clock: office.clock.read });
    office.#store = await openMemoryStore();
    await office.restart();
    return office;
  }

  /** Every program ends and starts again: what is in the files and the store counts. */
  async restart(): Promise<void> {
    for (const terminal of [this.#terminals.desk, this.#terminals.kiosk, this.#terminals.pos])
      terminal?.station.close();
    this.#terminals.pos?.close();
    this.#terminals = {};
    const store = this.#store;
    if (store === undefined) throw new Error('the office is closed');
    this.#opened = await openIssuer(this.home, { store, clock: this.clock.read, funding: this.bank });
  }

  async close(): Promise<void> {
    this.#terminals.pos?.close();
    for (const terminal of [this.#terminals.desk, this.#terminals.kiosk, this.#terminals.pos])
      terminal?.station.close();
    await this.#store?.close();
    rmSync(this.home.folder, { recursive: true, force: true });
  }

  get issuer(): Issuer {
    if (this.#opened === undefined) throw new Error('the office is closed');
    return this.#opened.issuer;
  }

  get scheme(): Scheme {
    return schemeOf(this.home);
  }

  #station(name: string, role: Role): Station {
    if (this.#opened === undefined) throw new Error('the office is closed');
    return Station.open({ home: this.home, name, role, issuer: this.#opened.port, clock: this.clock.read });
  }

  get desk(): DeskTerminal {
    return (this.#terminals.desk ??= new DeskTerminal(this.#station('desk', Role.perso)));
  }

  get kiosk(): KioskTerminal {
    return (this.#terminals.kiosk ??= new KioskTerminal(this.#station('kiosk', Role.load)));
  }

  get pos(): PosTerminal {
    return (this.#terminals.pos ??= PosTerminal.open(this.#station('pos', Role.pos)));
  }

  /** @param serial 8 bytes; a new one unless given */
  async rawCard(serial: Uint8Array = newSerial()): Promise<Link> {
    const bridge = await sharedBridge();
    const card = await bridge.createCard(
      simulatedPurse(projectRoot, installParameters(readBatchKey(this.home), serial)),
    );
    await card.powerOn();
    return new Link(card);
  }

  personalize(link: Link, task: DeskTask): Promise<DeskOutcome> {
    return this.desk.visit(link, task, {
      show: () => undefined,
      print: ({ cardId }, _lines, pin) => void this.printed.push({ cardId, pin }),
    });
  }

  async issuedCard(holder: string, funds = 0n, more: { serial?: Uint8Array; replaces?: Uint8Array } = {}) {
    const link = await this.rawCard(more.serial);
    const replaces = more.replaces === undefined ? {} : { replaces: more.replaces };
    const outcome = await this.personalize(link, { task: 'issue', holder, ...replaces });
    const printed = this.printed.at(-1);
    if (outcome.result !== 'issued' || printed === undefined) throw new Error(`not issued: ${JSON.stringify(outcome)}`);
    const card: IssuedTestCard = { link, cardId: outcome.cardId, pin: printed.pin };
    if (funds > 0n) await this.load(card, funds);
    return card;
  }

  async load(card: IssuedTestCard, cents: bigint): Promise<void> {
    const outcome = await this.reload(card, { task: 'load', type: LoadType.load, slot: euroSlot, amount: eur(cents) });
    if (outcome.result !== 'loaded') throw new Error(`not loaded: ${text(outcome)}`);
  }

  /** A visit at the kiosk to look at the balance, which synchronises. */
  async visit(card: IssuedTestCard): Promise<ReloadOutcome> {
    return this.reload(card, { task: 'balance' });
  }

  async reload({ link, pin }: IssuedTestCard, task: ReloadTask): Promise<ReloadOutcome> {
    await this.kiosk.station.refreshHotList();
    // once: nobody types it twice in one visit
    this.typed.splice(0, this.typed.length, pin);
    return this.kiosk.visit(link, task, {
      show: (notice) => void this.notices.push(notice),
      askPin: () => Promise.resolve(this.typed.shift()),
      askPinChange: () => Promise.resolve(undefined),
    });
  }

  async pay({ link, pin }: IssuedTestCard, cents: bigint): Promise<PosOutcome> {
    await this.pos.station.refreshHotList();
    const ui = {
      show: () => undefined,
      askPin: () => Promise.resolve(pin),
      askEarlier: () => Promise.resolve('finish' as const),
    };
    return this.pos.visit(link, { task: 'pay', slot: euroSlot, amount: eur(cents) }, ui);
  }
}

export function text(outcome: unknown): string {
  return JSON.stringify(outcome, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
