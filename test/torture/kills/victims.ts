/**
 * A holder with a card, the three terminals it meets and the issuer, whose processes suffer whatever the seed says: a row of runs in
 * which something goes wrong, and then one that mends it.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { Works } from '../../survival/stage/works.js';
import type { LateRequest } from '../../survival/stage/said.js';
import type { Ended } from '../../survival/stage/terminal-process.js';
import { sequence } from '../../helpers/sequence.js';
import { Coverage } from './coverage.js';
import { combination, inWords, oneKill } from './plan.js';
import type { Plan } from './plan.js';
import { balanceOf, killTasks, nameOf, said } from './tasks.js';
import type { Holder, KillTask } from './tasks.js';

/** So many loads in a day are no holder's. */
const generous = { cardDailyLoad: { EUR: '1000000.00' }, holderDailyLoad: { EUR: '1000000.00' } };
/** Runs in which something goes wrong, before one in which nothing does. */
const longestRow = 3;

/** How many runs ended how. */
export interface Fates {
  readonly killed: number;
  /** Runs in which the issuer was killed. */
  readonly issuerKilled: number;
  /** Ended by their disk or clock. */
  readonly failed: number;
  /** Went on without a call, the issuer or the card. */
  readonly disturbed: number;
  readonly through: number;
  /** Things gone wrong twice or more at once. */
  readonly combined: number;
  /** Requests that arrived after later ones, from another process. */
  readonly late: number;
  /** Killed while they were mending what went wrong before. */
  readonly again: number;
}

/** Of all tasks, those of this installation: every `of`th, from `number` on. */
export interface Share {
  readonly number: number;
  readonly of: number;
}

export class Victims {
  readonly history: string[] = [];
  readonly coverage = new Coverage();
  readonly fates = {
    ...{ killed: 0, issuerKilled: 0, failed: 0, disturbed: 0, through: 0 },
    ...{ combined: 0, late: 0, again: 0 },
  };
  readonly #below: (limit: number) => number;
  readonly #held: LateRequest[] = [];
  readonly #tasks: readonly KillTask[];
  #works: Works | undefined;
  #holder: Holder | undefined;

  constructor(
    seed: string,
    share: Share,
    private readonly database: string | undefined,
  ) {
    this.#below = sequence(`kills ${seed}`);
    this.#tasks = killTasks.filter((_, index) => index % share.of === share.number);
  }

  async prepare(): Promise<void> {
    const works = (this.#works = await Works.open(generous, this.database));
    const card = await works.issuedCard();
    this.#holder = { card, balance: balanceOf(await works.lives('kiosk', card, 'load 400.00')), sales: 0 };
  }

  async close(): Promise<void> {
    await this.#works?.close();
  }

  /** Of terminals and issuer, by SIGKILL. */
  get kills(): number {
    return this.fates.killed + this.fates.issuerKilled;
  }

  /** A row of runs, and the one that mends it. @param tell what it is at @throws Error where something does not hold */
  async suffer(tell: (at: string) => void): Promise<void> {
    const works = this.#open();
    const task = this.#drawn();
    const holder = await this.#holderFor(task);
    this.history.push(`${nameOf(task)}:`);
    await task.ready?.(works, holder);
    if (!this.coverage.knows(nameOf(task))) return this.#learn(task, holder);
    const told = new Set<number>();
    const results: string[] = [];
    for (let run = 1 + this.#below(longestRow), isFirst = true; run > 0; run--, isFirst = false) {
      const plan = this.#plan(nameOf(task), isFirst);
      const words = inWords(plan);
      this.history.push(`  ${words}`);
      tell(`${nameOf(task)}: ${words}`);
      const ended = await this.#run(task, holder, plan, isFirst);
      for (const nt of ended.told) told.add(nt);
      if (ended.how === 'done') results.push(ended.report.result);
      if (this.#below(3) === 0) await this.#late();
    }
    await this.#mend(task, holder, told, results);
    if (this.#below(4) === 0) await works.expectBooksHold();
  }

  /** Everything that is still under way arrives, and the books are looked at. */
  async end(): Promise<void> {
    while (this.#held.length > 0) await this.#late();
    await this.#open().expectBooksHold();
  }

  #plan(task: string, isFirst: boolean): Plan {
    return isFirst && this.#below(3) > 0
      ? oneKill(this.#below, this.coverage, task)
      : combination(this.#below, this.coverage, task);
  }

  async #run(task: KillTask, { card, wanted }: Holder, plan: Plan, isFirst: boolean): Promise<Ended> {
    const works = this.#open();
    const { issuer, torn, ...trouble } = plan;
    if (Object.keys(plan).length > 1) this.fates.combined++;
    await works.issuer.countSteps(issuer);
    const ended = await works.run(task.who, card, task.task, trouble, wanted);
    this.#held.push(...ended.late);
    await this.#count(task, plan, ended, isFirst);
    if (torn === true) tear(works);
    return ended;
  }

  async #count(task: KillTask, { step, issuer }: Plan, ended: Ended, isFirst: boolean): Promise<void> {
    const works = this.#open();
    const name = nameOf(task);
    if (ended.how === 'killed') {
      this.history.push(`    killed after ${ended.step}`);
      if (isFirst) this.coverage.reach(name, 'terminal', step ?? 0, ended.step);
      else this.fates.again++;
    }
    const died = await works.issuer.spare();
    if (died !== undefined) {
      this.fates.issuerKilled++;
      this.history.push(`    the issuer killed after ${died}`);
      if (isFirst) this.coverage.reach(name, 'issuer', issuer ?? 0, died);
      await works.issuer.start();
    }
    if (ended.how === 'done') this.history.push(`    ${said(ended.report)}`);
    if (ended.how === 'failed') this.history.push(`    ${firstLine(ended.words)}`);
    this.fates[fateOf(ended, died !== undefined)]++;
  }

  /** One of the requests that the network has still arrives, whichever. */
  async #late(): Promise<void> {
    const [late] = this.#held.splice(this.#below(Math.max(1, this.#held.length)), 1);
    if (late === undefined) return;
    this.history.push(`  ${late.role}: ${late.path} arrives late`);
    this.fates.late++;
    await this.#open().arrives(late);
  }

  async #mend(task: KillTask, holder: Holder, told: Set<number>, results: readonly string[]): Promise<void> {
    const works = this.#open();
    const last = await (task.mend?.(works, holder) ?? works.lives(task.who, holder.card, task.task));
    for (const nt of last.told) told.add(nt);
    this.history.push(`  once more: ${said(last)}`);
    await task.check({ told, results, last }, holder, works);
    if (task.who === 'pos') {
      const open = (last.orders ?? []).filter(([, end]) => end === 'open').length;
      if (open > 0) throw new Error(`${open} entries of the journal are open after the card was met again`);
    }
  }

  /** Once undisturbed, to know its steps. */
  async #learn(task: KillTask, holder: Holder): Promise<void> {
    const works = this.#open();
    await works.issuer.countSteps();
    const last = await works.lives(task.who, holder.card, task.task, holder.wanted);
    this.history.push(`  undisturbed: ${said(last)}`);
    this.coverage.learn(nameOf(task), 'terminal', last.steps);
    this.coverage.learn(nameOf(task), 'issuer', await works.issuer.passed());
    // a PIN that was changed is told by a look at the balance
    const mended = (await task.mend?.(works, holder)) ?? last;
    await task.check({ told: new Set(last.told), results: [last.result], last: mended }, holder, works);
  }

  #drawn(): KillTask {
    // what is not known yet has no steps to be killed at
    const among = this.#tasks.filter((task) => !this.coverage.knows(nameOf(task)));
    const tasks = among.length > 0 && this.#below(2) === 0 ? among : this.#tasks;
    let number = this.#below(tasks.reduce((sum, { weight }) => sum + weight, 0));
    const drawn = tasks.find(({ weight }) => (number -= weight) < 0);
    if (drawn === undefined) throw new Error('this installation has no tasks');
    return drawn;
  }

  /** Money moves on one card; cards that are issued or retired are others. */
  async #holderFor(task: KillTask): Promise<Holder> {
    const rich = this.#holder;
    if (rich === undefined) throw new Error('nothing is prepared');
    if (task.task === 'issue' || task.task === 'retire') return { ...rich };
    if (rich.balance < 30_00) rich.balance = balanceOf(await this.#open().lives('kiosk', rich.card, 'load 100.00'));
    return rich;
  }

  #open(): Works {
    if (this.#works === undefined) throw new Error('nothing is prepared');
    return this.#works;
  }
}

/** Half a line, as power leaves it that fails while a line is written. */
function tear({ home }: Works): void {
  const journal = home.path('terminals', 'pos', 'journal.log');
  if (existsSync(journal)) appendFileSync(journal, '{"entry":"opened","tn":');
}

function firstLine(words: string): string {
  return words.split('\n').find((line) => /Error|Failure/.test(line)) ?? words.slice(0, 100);
}

function fateOf(ended: Ended, issuerDied: boolean): 'killed' | 'failed' | 'disturbed' | 'through' {
  if (ended.how !== 'done') return ended.how;
  return ended.report.disturbed || issuerDied ? 'disturbed' : 'through';
}
