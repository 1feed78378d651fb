/** An installation whose terminals are processes that can be killed; the issuer, on a real ledger in memory, lives through it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { issuerServer } from '../../host/issuer/http/server.js';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { openIssuer } from '../../host/issuer/open.js';
import type { OpenedIssuer } from '../../host/issuer/open.js';
import { initScheme } from '../../host/issuer/pki/scheme-init.js';
import { serverCredentials, tlsKeys } from '../../host/issuer/pki/tls.js';
import { openMemoryStore } from '../../host/issuer/store/embedded.js';
import { simulatedPurse } from '../../host/readers/simulator-spec.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { Home } from '../../host/terminal/home.js';
import { installParameters, newSerial, readBatchKey } from '../../host/terminal/raw-card.js';
import { sharedBridge } from '../helpers/bridge.js';
import { projectRoot } from '../helpers/project.js';
import type { ChildReport, ChildRole } from './killed-child.js';

const child = fileURLToPath(new URL('./killed-child.js', import.meta.url));

/** `report` is undefined for a child that was killed. */
export type Ended =
  | { readonly how: 'killed' }
  | { readonly how: 'failed'; readonly words: string }
  | { readonly how: 'done'; readonly report: ChildReport };

/** What else a run suffers from: `node --import MODULE` and its environment. */
export interface Affliction {
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A card of the installation, and its PIN as far as the test knows. */
export interface KilledCard {
  readonly name: string;
  pin: string;
}

/**
 * After which effects a task is killed: every one with EPURSE_EVERY_EFFECT=1, else every fifth, and always the last.
 *
 * @param effects how many the task has
 */
export function killedAfter(effects: number): number[] {
  const every = process.env['EPURSE_EVERY_EFFECT'] === '1' ? 1 : 5;
  return Array.from({ length: effects }, (_, effect) => effect).filter(
    (effect) => effect % every === 0 || effect === effects - 1,
  );
}

/** A simulator that lives for a second is not worth the JVM's second compiler. */
const shortLived = { JDK_JAVA_OPTIONS: '-XX:TieredStopAtLevel=1' };

export class Works {
  #cards = 0;

  private constructor(
    readonly home: Home,
    private readonly opened: OpenedIssuer,
    private readonly server: ReturnType<typeof issuerServer>,
  ) {}

  /** @param settings of the issuer, as `issuer/config.json` has them */
  static async open(settings: object = {}): Promise<Works> {
    const home = new Home(mkdtempSync(join(tmpdir(), 'epurse-killed-')));
    const { scheme } = initScheme(home);
    writeFileSync(home.path('issuer', 'config.json'), JSON.stringify(settings));
    mkdirSync(home.path('cards'));
    const opened = await openIssuer(home, { store: await openMemoryStore() });
    const now = systemClock();
    const tls = serverCredentials(home, tlsKeys(home, scheme.id, now), ['127.0.0.1'], now);
    const server = issuerServer(opened.issuer, opened.port, { tls });
    await server.listen({ host: '127.0.0.1', port: 0 });
    return new Works(home, opened, server);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.opened.close();
    rmSync(this.home.folder, { recursive: true, force: true });
  }

  async rawCard(): Promise<KilledCard> {
    const name = `card${++this.#cards}`;
    const spec = simulatedPurse(projectRoot, installParameters(readBatchKey(this.home), newSerial()));
    const bridge = await sharedBridge();
    await (await bridge.createCard(spec, { file: this.home.path('cards', `${name}.card`) })).close();
    return { name, pin: '' };
  }

  async issuedCard(): Promise<KilledCard> {
    const card = await this.rawCard();
    await this.lives('desk', card, 'issue');
    return card;
  }

  /** One run of a terminal. @param effect after which it is killed */
  async run(
    role: ChildRole,
    card: KilledCard,
    task: string,
    effect: number,
    { module, env }: Partial<Affliction> = {},
  ): Promise<Ended> {
    const url = `https://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
    const words = [
      ...(module === undefined ? [] : ['--import', module]),
      child,
      this.home.folder,
      card.name,
      url,
      role,
      task,
      String(effect),
    ];
    const process_ = spawn(process.execPath, words, {
      env: { ...process.env, ...shortLived, ...env, EPURSE_TEST_PIN: card.pin },
    });
    const output: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      process_[name].on('data', (chunk: Buffer) => (output[name] += chunk.toString('utf8')));
    const [status, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      process_.on('close', (code, name) => resolve([code, name])),
    );
    if (signal === 'SIGKILL') return { how: 'killed' };
    if (status !== 0) return { how: 'failed', words: output.stderr };
    const report = JSON.parse(output.stdout) as ChildReport;
    if (report.pin !== undefined) card.pin = report.pin;
    return { how: 'done', report };
  }

  /** A run that nobody kills. */
  async lives(role: ChildRole, card: KilledCard, task: string): Promise<ChildReport> {
    const ended = await this.run(role, card, task, Infinity);
    if (ended.how === 'killed') throw new Error('killed by somebody else');
    if (ended.how === 'failed') throw new Error(`${role}, ${task}: ${ended.words}`);
    return ended.report;
  }

  /** Is killed after that effect, or the test fails. */
  async dies(role: ChildRole, card: KilledCard, task: string, effect: number): Promise<void> {
    expect((await this.run(role, card, task, effect)).how, `${task}, killed after effect ${effect}`).to.equal('killed');
  }

  /** M1, and every difference between two books. */
  async expectBooksHold(): Promise<void> {
    const { holds, differences, equations, findings } = await reconcile(this.opened.issuer);
    expect(differences).to.deep.equal([]);
    expect(findings).to.deep.equal([]);
    expect(
      holds,
      JSON.stringify(equations, (_, value: unknown) => String(value)),
    ).to.equal(true);
  }
}
