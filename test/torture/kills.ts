/** Processes of terminals and issuer that are killed, starved of disk or misled about the time, at any step; their next run mends it. */
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { Works } from '../e2e/killed.js';
import type { Affliction, KilledCard } from '../e2e/killed.js';
import { sequence } from '../helpers/sequence.js';
import type { IssuerProcess } from '../survival/issuer-process.js';
import { again, survive } from '../survival/survive.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';

const name = 'kills';
const price = 3_50;
const start = 400_00;
/** So many loads in a day are no holder's. */
const generous = { cardDailyLoad: { EUR: '1000000.00' }, holderDailyLoad: { EUR: '1000000.00' } };
/** More than any task has effects. */
const never = 1000;

export const campaign: Campaign = {
  name,
  title:
    'POS, kiosk and desk killed, on full and read-only disks, with torn journals and wrong clocks; the issuer killed under load',
  unit: 'kills',
  budgetMs: (long) => (long ? 3_600_000 : 120_000),
  run,
};

async function run(options: CampaignOptions): Promise<CampaignResult> {
  const { seed, long, budgetMs, report } = options;
  const victims = new Victims(seed);
  const findings: Finding[] = [];
  const isOver = deadline(budgetMs * 0.8);
  let done = 0;
  try {
    await victims.prepare();
    while (!isOver() && findings.length === 0) {
      const story = victims.plan();
      report({ done, at: story });
      try {
        done += await victims.suffer();
      } catch (error) {
        findings.push(findingOf(error, victims.history, seed, long));
      }
    }
    done += await issuerKilled(options, findings);
  } finally {
    await victims.close();
  }
  const notes = [
    `terminals: ${victims.summary}`,
    `the issuer: ${issuerKills(long)} times (SIGKILL) with four shops at work`,
  ];
  return { name, seed, unit: 'kills', done, findings, notes };
}

function issuerKills(long: boolean): number {
  return long ? 50 : 4;
}

/** [M4]: what was acknowledged is there, once. */
async function issuerKilled({ seed, long, report }: CampaignOptions, findings: Finding[]): Promise<number> {
  const place = mkdtempSync(join(tmpdir(), 'epurse-kills-'));
  const running: IssuerProcess[] = [];
  const kills = issuerKills(long);
  let struck = 0;
  const strike: typeof again = async (issuer, traffic) => {
    await again(issuer, traffic);
    report({ done: ++struck, of: kills, at: 'the issuer under load' });
  };
  try {
    await survive({ place, open: () => openEmbeddedStore(place), strike, kills, seed, running });
  } catch (error) {
    findings.push(findingOf(error, ['the issuer is killed under load'], seed, long));
  } finally {
    for (const one of running) await one.kill();
    rmSync(place, { recursive: true, force: true });
  }
  return struck;
}

function findingOf(error: unknown, story: readonly string[], seed: number, long: boolean): Finding {
  const [where = '', ...rest] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { seed, where, story: [...story, ...rest], replay: replayOf(name, seed, long) };
}

/** What happens to one run of a terminal. */
interface Plan {
  readonly who: 'pos' | 'kiosk' | 'desk';
  readonly task: string;
  readonly effect: number;
  readonly disk?: string;
  readonly clock?: number;
  readonly torn: boolean;
}

const tasks = [
  { who: 'pos', task: 'pay 3.50', effects: 14 },
  { who: 'pos', task: 'pay 3.50', effects: 14 },
  { who: 'kiosk', task: 'load 3.50', effects: 24 },
  { who: 'kiosk', task: 'unload 3.50', effects: 24 },
  { who: 'desk', task: 'pinReset', effects: 10 },
] as const;

/** One card in its holder's hands, and the three terminals it meets. */
class Victims {
  readonly history: string[] = [];
  readonly #below: (limit: number) => number;
  readonly #module = new URL('./kills/affliction.js', import.meta.url).href;
  readonly #counts = { killed: 0, failed: 0, done: 0 };
  #works: Works | undefined;
  #card: KilledCard = { name: '', pin: '' };
  #plan: Plan | undefined;
  #balance = start;
  /** Sales that the POS has told of, by its journal. */
  #sales = 0;

  constructor(seed: number) {
    this.#below = sequence(`kills ${seed}`);
  }

  get summary(): string {
    const { killed, failed, done } = this.#counts;
    return `${killed} killed (SIGKILL), ${failed} ended by their disk or clock, ${done} got through all the same`;
  }

  async prepare(): Promise<void> {
    this.#works = await Works.open(generous);
    this.#card = await this.#works.issuedCard();
    await this.#works.lives('kiosk', this.#card, 'load 400.00');
  }

  async close(): Promise<void> {
    await this.#works?.close();
  }

  /** What comes next, from the seed. @returns it in words */
  plan(): string {
    const { who, task, effects } = tasks[this.#below(tasks.length)] ?? tasks[0];
    const bad = this.#below(4);
    const plan: Plan = {
      who,
      task,
      effect: bad < 2 ? this.#below(effects) : never,
      torn: this.#below(4) === 0,
      ...(bad === 2 ? { disk: `${this.#below(2) === 0 ? 'ENOSPC' : 'EROFS'} ${this.#below(12)}` } : {}),
      ...(bad === 3 ? { clock: (this.#below(2) === 0 ? -1 : 1) * this.#below(72 * 3600) } : {}),
    };
    this.#plan = plan;
    const words = inWords(plan);
    this.history.push(words);
    return words;
  }

  /** The run that goes wrong, and the next, which mends it. @returns 1 where something really went wrong */
  async suffer(): Promise<number> {
    const [works, plan] = [this.#works, this.#plan];
    if (works === undefined || plan === undefined) throw new Error('nothing is planned');
    const affliction: Affliction = {
      module: this.#module,
      env: {
        ...(plan.disk === undefined ? {} : { EPURSE_DISK_FAILS: plan.disk }),
        ...(plan.clock === undefined ? {} : { EPURSE_CLOCK_OFF: String(plan.clock) }),
      },
    };
    const ended = await works.run(plan.who, this.#card, plan.task, plan.effect, affliction);
    this.#counts[ended.how]++;
    this.history.push(`  ${ended.how === 'done' ? ended.report.result : ended.how}`);
    if (plan.torn) this.#tear(works);
    await this.#mend(works, plan);
    if (this.#below(4) === 0) await works.expectBooksHold();
    return ended.how === 'done' && plan.clock === undefined ? 0 : 1;
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

function inWords({ who, task, effect, disk, clock, torn }: Plan): string {
  const bad = [
    ...(effect === never ? [] : [`killed after effect ${effect}`]),
    ...(disk === undefined ? [] : [`disk: ${disk}`]),
    ...(clock === undefined ? [] : [`clock off by ${clock} s`]),
    ...(torn ? ['journal torn'] : []),
  ];
  return `${who}, ${task}: ${bad.join(', ')}`;
}
