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
import type { ReachedStep } from './coverage.js';
import { generous } from '../generous.js';
import { combination, inWords, oneKill } from './plan.js';
import type { Plan } from './plan.js';
import { balanceOf, nameOf, newPurse, said, tasksOn } from './tasks.js';
import type { Holder, KillTask } from './tasks.js';

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
  /** Killed while they were mending what went wrong before. */
  readonly again: number;
}

/** Which of the installations this is. */
export interface Share {
  readonly number: number;
  readonly of: number;
  /**
   * Every step is to be reached: of each task this one has every `of`th, from `number` on, without those that were reached earlier.
   * Else of the tasks it has every `of`th, and chooses.
   */
  readonly earlier?: readonly ReachedStep[];
}

export class Victims {
  readonly history: string[] = [];
  readonly coverage: Coverage;
  readonly fates = {
    ...{ killed: 0, issuerKilled: 0, failed: 0, disturbed: 0, through: 0 },
    ...{ combined: 0, again: 0 },
  };
  /** Paths of requests that arrived after later ones, from another process. */
  readonly late: string[] = [];
  readonly #below: (limit: number) => number;
  readonly #held: LateRequest[] = [];
  readonly #tasks: readonly KillTask[];
  readonly #sweeps: boolean;
  /** Reached in the row that is under way. */
  readonly #news: ReachedStep[] = [];
  #works: Works | undefined;
  #holder: Holder | undefined;

  constructor(
    seed: string,
    { number, of, earlier }: Share,
    private readonly database: string | undefined,
    /** Told of each step at which a process was killed for the first time, when its row has held. */
    private readonly reached: (step: ReachedStep) => void = () => undefined,
  ) {
    this.#below = sequence(`kills ${seed}`);
    this.#sweeps = earlier !== undefined;
    const tasks = tasksOn(database !== undefined);
    this.#tasks = tasks.filter((_, index) => this.#sweeps || index % of === number);
    this.coverage = new Coverage(this.#sweeps ? { number, of } : undefined, earlier, (step) => this.#news.push(step));
  }

  async prepare(): Promise<void> {
    const works = (this.#works = await Works.open(generous, this.database));
    this.#holder = await newPurse(works, '200.00');
    this.#holder.balance = balanceOf(await works.lives('pos', this.#holder.card, 'pay 3.50'));
  }

  async close(): Promise<void> {
    await this.#works?.close();
  }

  /** Of terminals and issuer, by SIGKILL. */
  get kills(): number {
    return this.fates.killed + this.fates.issuerKilled;
  }

  /** Was every step reached that it had to reach? */
  get isDone(): boolean {
    return this.#sweeps && !this.#tasks.some((task) => this.coverage.isOpen(nameOf(task)));
  }

  /** A row of runs, and the one that mends it. @param tell what it is at @throws Error where something does not hold */
  async suffer(tell: (at: string) => void): Promise<void> {
    const works = this.#open();
    const task = this.#drawn();
    const name = nameOf(task);
    const isKnown = this.coverage.knows(name);
    const aims = !isKnown || this.#sweeps || this.#below(3) > 0;
    const holder = await this.#holderFor(task);
    this.history.push(`${name}:`);
    await task.ready?.(works, holder);
    if (aims) await task.usual?.(works, holder);
    if (!isKnown) return this.#learn(task, holder);
    const told = new Set<number>();
    const results: string[] = [];
    for (let run = this.#runs(), isFirst = true; run > 0; run--, isFirst = false) {
      const draw = (isFirst && aims) || task.who === 'office' ? oneKill : combination;
      const plan = draw(this.#below, this.coverage, name);
      const words = inWords(plan);
      this.history.push(`  ${words}`);
      tell(`${name}: ${words}`);
      const ended = await this.#run(task, holder, plan, isFirst);
      for (const nt of ended.told) told.add(nt);
      if (ended.how === 'done') results.push(ended.report.result);
      if (this.#below(2) === 0) await this.#oneLate();
    }
    await this.#mend(task, holder, told, results);
    for (const step of this.#news.splice(0)) this.reached(step);
    if (this.#below(4) === 0) await works.expectBooksHold();
  }

  /** Everything that is still under way arrives, and the books are looked at. */
  async end(): Promise<void> {
    while (this.#held.length > 0) await this.#oneLate();
    await this.#open().expectBooksHold();
  }

  /** In which something goes wrong. Whoever has hundreds of steps to reach mostly goes to the next. */
  #runs(): number {
    return this.#sweeps && this.#below(4) > 0 ? 1 : 1 + this.#below(longestRow);
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
  async #oneLate(): Promise<void> {
    const [late] = this.#held.splice(this.#below(Math.max(1, this.#held.length)), 1);
    if (late === undefined) return;
    this.history.push(`  ${late.role}: ${late.path} arrives late`);
    this.late.push(late.path);
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
    // one after the other: what was learnt of one is used up before the next
    const next = this.#sweeps ? this.#tasks.find((task) => this.coverage.isOpen(nameOf(task))) : undefined;
    return next ?? this.#anyTask();
  }

  #anyTask(): KillTask {
    // what is not known yet has no steps to be killed at
    const unknown = this.#tasks.filter((task) => !this.coverage.knows(nameOf(task)));
    const tasks = unknown.length > 0 && this.#below(2) === 0 ? unknown : this.#tasks;
    let number = this.#below(tasks.reduce((sum, { weight }) => sum + weight, 0));
    const drawn = tasks.find(({ weight }) => (number -= weight) < 0);
    if (drawn === undefined) throw new Error('this installation has no tasks');
    return drawn;
  }

  /** Money moves on one card, as long as the task wants no other. */
  async #holderFor(task: KillTask): Promise<Holder> {
    const works = this.#open();
    if (task.anew !== undefined) return task.anew(works);
    const rich = this.#holder;
    if (rich === undefined) throw new Error('nothing is prepared');
    // neither empty nor at the limit
    const put = rich.balance < 30_00 ? 'load 200.00' : rich.balance > 400_00 ? 'unload 200.00' : undefined;
    if (put !== undefined) rich.balance = balanceOf(await works.lives('kiosk', rich.card, put));
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
