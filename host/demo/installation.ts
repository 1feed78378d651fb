/** Everything the story needs, made for it and thrown away afterwards: a home, a scheme, a ledger, a bank, three terminals, cards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Role } from '../protocol/generated/enums.js';
import type { Scheme } from '../protocol/scheme.js';
import { SimulatedBank } from '../issuer/funding/simulated-bank.js';
import { initScheme } from '../issuer/pki/scheme-init.js';
import { openIssuer } from '../issuer/open.js';
import type { Issuer } from '../issuer/service/context.js';
import { openMemoryStore } from '../issuer/store/embedded.js';
import { DeskTerminal } from '../personalize/terminal.js';
import { PosTerminal } from '../pos/terminal.js';
import { KioskTerminal } from '../reload/terminal.js';
import { Home } from '../terminal/home.js';
import { installParameters, newSerial, readBatchKey } from '../terminal/raw-card.js';
import { Station } from '../terminal/station.js';
import type { DemoCard, DemoTable } from './cards.js';

export class Installation {
  private constructor(
    readonly home: Home,
    readonly scheme: Scheme,
    readonly issuer: Issuer,
    readonly bank: SimulatedBank,
    readonly desk: DeskTerminal,
    readonly kiosk: KioskTerminal,
    readonly pos: PosTerminal,
    private readonly table: DemoTable,
    private readonly closeIssuer: () => Promise<void>,
  ) {}

  static async make(table: DemoTable): Promise<Installation> {
    const home = new Home(mkdtempSync(join(tmpdir(), 'epurse-demo-')));
    try {
      return await Installation.#made(home, table);
    } catch (error) {
      rmSync(home.folder, { recursive: true, force: true });
      throw error;
    }
  }

  static async #made(home: Home, table: DemoTable): Promise<Installation> {
    const { scheme } = initScheme(home, { name: 'Demo Purse' });
    const bank = new SimulatedBank();
    const { issuer, port, close } = await openIssuer(home, { store: await openMemoryStore(), funding: bank });
    const station = (name: string, role: Role): Station => Station.open({ home, name, role, issuer: port });
    const desk = new DeskTerminal(station('desk', Role.perso));
    const kiosk = new KioskTerminal(station('kiosk', Role.load));
    const pos = PosTerminal.open(station('pos', Role.pos));
    return new Installation(home, scheme, issuer, bank, desk, kiosk, pos, table, close);
  }

  /** A raw card of this home, as it comes from the factory. */
  rawCard(): Promise<DemoCard> {
    return this.table.make(installParameters(readBatchKey(this.home), newSerial()));
  }

  async close(): Promise<void> {
    this.pos.close();
    for (const { station } of [this.desk, this.kiosk, this.pos]) station.close();
    await this.closeIssuer();
    await this.table.close();
    rmSync(this.home.folder, { recursive: true, force: true });
  }
}
