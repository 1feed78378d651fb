/** An installation whose terminals and whose issuer are processes that can be killed; its cards lie in a simulator that lives on. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Card } from 'jcardsim-ts-bridge';
import { initScheme } from '../../../host/issuer/pki/scheme-init.js';
import { simulatedPurse } from '../../../host/readers/simulator-spec.js';
import { IssuerError } from '../../../host/protocol/issuer/port.js';
import { Home } from '../../../host/terminal/home.js';
import { httpsExchange } from '../../../host/terminal/https.js';
import { installParameters, newSerial, readBatchKey } from '../../../host/terminal/raw-card.js';
import { readTls } from '../../../host/terminal/tls.js';
import { sharedBridge } from '../../helpers/bridge.js';
import { projectRoot } from '../../helpers/project.js';
import { HomeIssuer } from './home-issuer.js';
import { Reader } from './reader.js';
import type { Pull } from './reader.js';
import type { LateRequest, TerminalReport, TerminalRole } from './said.js';
import type { TerminalOrders } from './terminal-child.js';
import { runOffice, runTerminal } from './terminal-process.js';
import type { Ended } from './terminal-process.js';

/** A card of the installation, and its PIN as far as anybody outside knows. */
export interface WorksCard {
  readonly card: Card;
  pin: string;
}

/** Who works: at a terminal with a card, or in the issuer's office, on its database. */
export type Who = TerminalRole | 'office';

/** What a run suffers from; the office has no more to suffer than its end. */
export type Trouble = Pick<TerminalOrders, 'step' | 'disk' | 'clock' | 'network'> & { readonly pull?: Pull };

/** A run that nothing disturbed, and the movements that people were told of. */
export type Lived = TerminalReport & Pick<Ended, 'told'>;

/** Milliseconds a late request may take. */
const patience = 15_000;

export class Works {
  private constructor(
    readonly home: Home,
    readonly issuer: HomeIssuer,
    private readonly database: string | undefined,
  ) {}

  /** @param settings of the issuer, as `issuer/config.json` has them @param database postgres://…; the embedded store without it */
  static async open(settings: object = {}, database?: string): Promise<Works> {
    const home = new Home(mkdtempSync(join(tmpdir(), 'epurse-works-')));
    initScheme(home);
    writeFileSync(home.path('issuer', 'config.json'), JSON.stringify(settings));
    mkdirSync(home.path('cards'));
    const issuer = new HomeIssuer(home.folder, database);
    await issuer.start();
    return new Works(home, issuer, database);
  }

  async close(): Promise<void> {
    await this.issuer.kill();
    rmSync(this.home.folder, { recursive: true, force: true });
  }

  async rawCard(): Promise<WorksCard> {
    const spec = simulatedPurse(projectRoot, installParameters(readBatchKey(this.home), newSerial()));
    return { card: await (await sharedBridge()).createCard(spec), pin: '' };
  }

  async issuedCard(): Promise<WorksCard> {
    const card = await this.rawCard();
    await this.lives('desk', card, 'issue');
    return card;
  }

  /** One run of a terminal, or of the office. @param wanted PIN that its holder chooses, for `change-pin` */
  async run(
    who: Who,
    card: WorksCard,
    task: string,
    { pull, ...trouble }: Trouble = {},
    wanted = card.pin,
  ): Promise<Ended> {
    const { home, issuer } = this;
    if (who === 'office') return this.#office(task, trouble.step);
    const reader = new Reader(card.card, pull);
    const orders = {
      home: home.folder,
      url: issuer.url,
      role: who,
      task,
      pins: [card.pin, wanted] as const,
      ...trouble,
    };
    const ended = await runTerminal(orders, reader);
    if (ended.pin !== undefined) card.pin = ended.pin;
    return reader.pulled && ended.how === 'done' ? { ...ended, report: { ...ended.report, disturbed: true } } : ended;
  }

  /** A run that nobody kills. */
  async lives(who: Who, card: WorksCard, task: string, wanted = card.pin): Promise<Lived> {
    const ended = await this.run(who, card, task, {}, wanted);
    if (ended.how === 'killed') throw new Error('killed by somebody else');
    if (ended.how === 'failed') throw new Error(`${who}, ${task}: ${ended.words}`);
    return { ...ended.report, told: ended.told };
  }

  /** Is killed at that step, or the test fails. @returns numbers of the movements that people were told of before */
  async dies(role: TerminalRole, card: WorksCard, task: string, step: number): Promise<readonly number[]> {
    const { how, told } = await this.run(role, card, task, { step });
    expect(how, `${task}, killed at step ${step}`).to.equal('killed');
    return told;
  }

  /** What the network still had arrives. @throws Error where the issuer has no answer to it but that it is broken */
  async arrives({ role, path, headers, body }: LateRequest): Promise<void> {
    const exchange = httpsExchange(readTls(this.home, role));
    const question = { target: new URL(path, this.issuer.url), headers, body: Buffer.from(body), patience };
    const status = await exchange(question).then(
      (answer) => answer.status,
      (error: unknown) => {
        if (error instanceof IssuerError) return undefined;
        throw error;
      },
    );
    expect(status, `late ${path}`).to.not.equal(500);
  }

  #office(task: string, step: number | undefined): Promise<Ended> {
    const { database } = this;
    if (database === undefined) throw new Error('an embedded store has one user');
    return runOffice({ home: this.home.folder, database, task, ...(step === undefined ? {} : { step }) });
  }

  /** M1, and every difference between two books. */
  async expectBooksHold(): Promise<void> {
    expect(await this.issuer.wrongBooks()).to.deep.equal([]);
  }
}
