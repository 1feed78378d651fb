/** A card and the three terminals it meets, whose processes suffer whatever the seed says, in any combination; the next run mends it. */
import { appendFileSync, existsSync } from 'node:fs';
import { troubleVariable } from '../../e2e/killed-trouble.js';
import type { Trouble } from '../../e2e/killed-trouble.js';
import { Works } from '../../e2e/killed.js';
import type { Affliction, Ended, KilledCard } from '../../e2e/killed.js';
import { sequence } from '../../helpers/sequence.js';

const price = 3_50;
const start = 400_00;
/** So many loads in a day are no holder's. */
const generous = { cardDailyLoad: { EUR: '1000000.00' }, holderDailyLoad: { EUR: '1000000.00' } };
/** More than any task has effects. */
const never = 1000;

/** What can go wrong. A disk and a clock end a run before anything else can meet it, so half of theirs are left out. */
const kinds = ['kill', 'line', 'pull', 'torn', 'disk', 'clock'] as const;
const lineFaults = ['before', 'after', 'twice', 'late'] as const;

/** What happens to one run of a terminal. */
interface Plan {
  readonly who: 'pos' | 'kiosk' | 'desk';
  readonly task: string;
  readonly effect: number;
  readonly disk?: string;
  readonly clock?: number;
  readonly line?: Trouble['line'];
  readonly pull?: Trouble['pull'];
  readonly torn: boolean;
}

const tasks = [
  { who: 'pos', task: 'pay 3.50', effects: 14 },
  { who: 'pos', task: 'pay 3.50', effects: 14 },
  { who: 'kiosk', task: 'load 3.50', effects: 24 },
  { who: 'kiosk', task: 'unload 3.50', effects: 24 },
  { who: 'desk', task: 'pinReset', effects: 10 },
] as const;

/** How many runs ended how. */
export interface Fates {
  readonly killed: number;
  /** Ended by their disk or clock. */
  readonly failed: number;
  /** Went on without a call or the card. */
  readonly disturbed: number;
  readonly through: number;
}

/** One card in its holder's hands, and the three terminals it meets. */
export class Victims {
  readonly history: string[] = [];
  readonly fates = { killed: 0, failed: 0, disturbed: 0, through: 0 };
  /** Runs in which two things or more were to go wrong. */
  combined = 0;
  readonly #below: (limit: number) => number;
  readonly #module = new URL('./affliction.js', import.meta.url).href;
  #works: Works | undefined;
  #card: KilledCard = { name: '', pin: '' };
  #plan: Plan | undefined;
  #balance = start;
  /** Sales that the POS has told of, by its journal. */
  #sales = 0;

  constructor(seed: string) {
    this.#below = sequence(`kills ${seed}`);
  }

  async prepare(): Promise<void> {
    this.#works = await Works.open(generous);
    this.#card = await this.#works.issuedCard();
    await this.#works.lives('kiosk', this.#card, 'load 400.00');
  }

  async close(): Promise<void> {
    await this.#works?.close();
  }

  /** What comes next, from the seed: one trouble at least, and any others with it. @returns it in words */
  plan(): string {
    const { who, task, effects } = tasks[this.#below(tasks.length)] ?? tasks[0];
    const troubles = 1 + this.#below((1 << kinds.length) - 1);
    const has = (kind: (typeof kinds)[number]): boolean => (troubles & (1 << kinds.indexOf(kind))) !== 0;
    const drawn: Plan = {
      who,
      task,
      effect: has('kill') ? this.#below(effects) : never,
      torn: has('torn'),
      ...(has('disk') && this.#below(2) === 0
        ? { disk: `${this.#below(2) === 0 ? 'ENOSPC' : 'EROFS'} ${this.#below(12)}` }
        : {}),
      ...(has('clock') && this.#below(2) === 0
        ? { clock: (this.#below(2) === 0 ? -1 : 1) * this.#below(72 * 3600) }
        : {}),
      ...(has('line') ? { line: { call: this.#below(5), how: lineFaults[this.#below(4)] ?? 'before' } } : {}),
      ...(has('pull') ? { pull: { command: this.#below(8), where: this.#below(2) === 0 ? 'before' : 'after' } } : {}),
    };
    const plan = isTroubled(drawn) ? drawn : { ...drawn, effect: this.#below(effects) };
    this.#plan = plan;
    const words = inWords(plan);
    this.history.push(words);
    if (words.includes(', and ')) this.combined++;
    return words;
  }

  /** The run that goes wrong, and the next, which mends it. @returns 1 where something really went wrong */
  async suffer(): Promise<number> {
    const [works, plan] = [this.#works, this.#plan];
    if (works === undefined || plan === undefined) throw new Error('nothing is planned');
    const ended = await works.run(plan.who, this.#card, plan.task, plan.effect, this.#afflictionOf(plan));
    const fate = fateOf(ended);
    this.fates[fate]++;
    this.history.push(`  ${ended.how === 'done' ? ended.report.result : ended.how}`);
    if (plan.torn) this.#tear(works);
    await this.#mend(works, plan);
    if (this.#below(4) === 0) await works.expectBooksHold();
    return fate === 'through' && plan.clock === undefined && !plan.torn ? 0 : 1;
  }

  #afflictionOf({ disk, clock, line, pull }: Plan): Affliction {
    const trouble: Trouble = { ...(line === undefined ? {} : { line }), ...(pull === undefined ? {} : { pull }) };
    return {
      module: this.#module,
      env: {
        [troubleVariable]: JSON.stringify(trouble),
        ...(disk === undefined ? {} : { EPURSE_DISK_FAILS: disk }),
        ...(clock === undefined ? {} : { EPURSE_CLOCK_OFF: String(clock) }),
      },
    };
  }

  /** Half a line, as power leaves it that fails while a line is written. */
  #tear(works: Works): void {
    const journal = works.home.path('terminals', 'pos', 'journal.log');
    if (existsSync(journal)) appendFileSync(journal, '{"entry":"opened","tn":');
  }

  async #mend(works: Works, { who, task }: Plan): Promise<void> {
    const { result, code, balance, orders } = await works.lives(who, this.#card, task);
    const said = code === undefined ? result : `${result} (${code})`;
    this.history.push(`  once more: ${said}`);
    switch (who) {
      case 'pos': {
        expectOne(['paid'], said);
        const executed = (orders ?? []).filter(([, end]) => end === 'executed').length;
        const open = (orders ?? []).filter(([, end]) => end === 'open').length;
        if (open > 0) throw new Error(`${open} entries of the journal are open after the card was met again`);
        this.#moved(balance, executed - this.#sales, -1);
        this.#sales = executed;
        break;
      }
      case 'kiosk':
        expectOne(['loaded'], said);
        this.#moved(balance, undefined, task.startsWith('load') ? 1 : -1);
        break;
      case 'desk':
        expectOne(['ordered'], said);
        expectOne(['balance'], (await works.lives('kiosk', this.#card, 'balance')).result);
    }
    if (this.#balance < 30_00) await this.#fill(works);
  }

  /** Once for the run that was mended, or twice where people had already seen the first. */
  #moved(balance: number | undefined, times: number | undefined, sign: 1 | -1): void {
    const steps = (sign * ((balance ?? Number.NaN) - this.#balance)) / price;
    if (!(steps === 1 || steps === 2) || (times !== undefined && times !== steps))
      throw new Error(
        `the balance went from ${this.#balance} to ${balance ?? 'nowhere'}, ${times ?? 'one or two'} orders on record [M2] [M3]`,
      );
    this.#balance = balance ?? this.#balance;
  }

  async #fill(works: Works): Promise<void> {
    const { result, balance } = await works.lives('kiosk', this.#card, 'load 100.00');
    expectOne(['loaded'], result);
    this.#balance = balance ?? this.#balance;
  }
}

function expectOne(allowed: readonly string[], said: string): void {
  if (!allowed.includes(said)) throw new Error(`"${said}" where ${allowed.join(' or ')} was due`);
}

function isTroubled({ effect, disk, clock, line, pull, torn }: Plan): boolean {
  return torn || effect !== never || [disk, clock, line, pull].some((one) => one !== undefined);
}

function fateOf(ended: Ended): keyof Fates {
  if (ended.how !== 'done') return ended.how;
  return ended.report.disturbed === true ? 'disturbed' : 'through';
}

function inWords({ who, task, effect, disk, clock, line, pull, torn }: Plan): string {
  const bad = [
    ...(effect === never ? [] : [`killed after effect ${effect}`]),
    ...(disk === undefined ? [] : [`disk: ${disk}`]),
    ...(clock === undefined ? [] : [`clock off by ${clock} s`]),
    ...(line === undefined ? [] : [`call ${line.call} to the issuer: ${line.how}`]),
    ...(pull === undefined ? [] : [`card pulled out ${pull.where} command ${pull.command}`]),
    ...(torn ? ['journal torn'] : []),
  ];
  return `${who}, ${task}: ${bad.join(', and ')}`;
}
