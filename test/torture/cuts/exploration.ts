/**
 * One dialogue under power cuts, and cuts in its recovery, and so on. What a card does next depends on its persistent state and on
 * what the terminals remember, so cuts that lead to the same of both are one case: each state is examined once, and the dialogue
 * that recovers from it is in turn cut everywhere once.
 */
import type { CutOutcome, Snapshot } from 'jcardsim-ts-bridge';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { audit, expectOnward } from '../../tear/audit.js';
import type { Audit } from '../../tear/audit.js';
import type { AnyFlow } from '../../tear/flow.js';
import type { Pairs, Stage } from '../../tear/stage.js';
import { auditUnlessRaw, findAfterCut, judge } from '../../tear/sweep.js';
import type { Found } from '../../tear/sweep.js';
import type { Explored } from './explored.js';
import { CutGraph } from './graph.js';
import { CuttingLink } from './link.js';
import type { CutCommand } from './link.js';

/** Of the commit buffer, in bytes: what cards have (purse.md section 9). */
const commitLimit = 256;

/** A dialogue that went wrong is not followed any further. */
const enoughFindings = 3;

/** Where power cuts led. */
interface State {
  readonly key: string;
  /** How many cuts it takes to come here. */
  readonly depth: number;
  readonly pairs: Pairs;
  /** The cuts on the way. */
  readonly story: readonly string[];
  /** Undefined for a raw card. */
  readonly found: Audit | undefined;
}

/** A command that was cut everywhere on the way on from a state; what came of it is still to be looked at. */
interface Step {
  readonly from: State;
  readonly number: number;
  readonly command: CutCommand;
}

export class Exploration {
  readonly findings: Explored['findings'][number][] = [];
  cuts = 0;
  #largestCommit = 0;
  #blocked = 0;
  #uncut = 0;
  readonly #verdicts = new Map<string, number>();
  readonly #graph = new CutGraph();
  /** Every state there is, with the audit that has to be the same for whoever comes to it. */
  readonly #known = new Map<string, Audit | undefined>();
  /** What is found on a card, by the digest of its persistent state. */
  readonly #looked = new Map<string, Found>();
  #start: Stage | undefined;
  #frontier: Step[] = [];

  /** @param deepest so many cuts in a row; states that take as many are examined, and the way on from them is not cut any more */
  constructor(
    readonly flow: AnyFlow,
    private readonly deepest: number,
  ) {}

  get name(): string {
    return this.flow.name;
  }

  get explored(): Explored {
    return {
      name: this.name,
      cuts: this.cuts,
      states: this.#known.size,
      rows: Array.from({ length: this.deepest }, (_, index) => this.sequences(index + 1)),
      verdicts: this.#verdicts,
      // cut, and nowhere to go on from
      isClosed: this.#start !== undefined && this.#frontier.length === 0 && this.#uncut === 0,
      isDone: this.isDone,
      blocked: this.#blocked,
      largestCommit: this.#largestCommit,
      findings: this.findings,
    };
  }

  /** There is nothing left to cut, down to the deepest. */
  get isDone(): boolean {
    return this.#start !== undefined && this.#frontier.length === 0;
  }

  /** How many different rows of this many cuts have been covered. */
  sequences(cuts: number): bigint {
    return this.#graph.sequences(root, cuts);
  }

  /** One cut more in each row. @param isOver asked between two commands; what is left then stays for the next call */
  async deepen(isOver: () => boolean, tell: () => void): Promise<void> {
    if (isOver()) return;
    if (this.#start === undefined) await this.#begin();
    const { depth } = this.#frontier[0]?.from ?? {};
    while (this.#frontier[0]?.from.depth === depth && !isOver() && this.findings.length < enoughFindings) {
      const step = this.#frontier.shift();
      if (step === undefined) return;
      await this.#follow(step);
      tell();
    }
  }

  /** Down to the deepest. */
  async exhaust(isOver: () => boolean, tell: () => void): Promise<void> {
    while (!this.isDone && !isOver() && this.findings.length < enoughFindings) await this.deepen(isOver, tell);
  }

  async #begin(): Promise<void> {
    const stage = (this.#start = await this.flow.start());
    const snapshot = await stage.card.card.snapshot();
    const start = { key: root, depth: 0, pairs: { ...stage.pairs }, story: [] };
    const found = await auditUnlessRaw(await this.#at(snapshot, start.pairs));
    this.#known.set(root, found);
    const again = await this.#at(snapshot, start.pairs);
    const link = new CuttingLink(again);
    await this.#caught(start.story, async () => {
      await this.flow.run(link, again);
      await this.flow.finish(again.card, again);
    });
    this.#goOn({ ...start, found }, link.commands);
    await this.#drop(snapshot);
  }

  #goOn(from: State, commands: readonly CutCommand[]): void {
    for (const [number, command] of commands.entries()) this.#frontier.push({ from, number, command });
  }

  async #at(snapshot: Snapshot, pairs: Pairs): Promise<Stage> {
    const { card, facts, lived } = this.#start as Stage;
    await card.card.restore(snapshot);
    return { card, facts, lived, pairs: { ...pairs } };
  }

  async #follow({ from, number, command }: Step): Promise<void> {
    const { step, found, pairs } = command;
    const where = `command ${number} (${step.header})`;
    this.cuts += found.points;
    this.#largestCommit = Math.max(this.#largestCommit, found.commitBytes);
    if (found.commitBytes > commitLimit)
      this.#find([...from.story, where], `a transaction of ${found.commitBytes} bytes; cards have ${commitLimit}`);
    for (const outcome of found.outcomes) {
      const { write, points, state: snapshot } = outcome;
      const key = `${toHex(outcome.digest)} ${pairsKey(pairs)}`;
      const story = [...from.story, `power fails in ${where} before write ${write} of ${step.writes}`];
      this.#graph.add(from.key, key, points);
      await this.#caught(story, async () => {
        const verdict = judge(this.flow, await this.#look(outcome, pairs), step);
        this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + points);
        await this.#reach(from, { key, depth: from.depth + 1, pairs, story, found: undefined }, snapshot);
      });
      await this.#drop(snapshot);
    }
  }

  async #look({ digest, state }: CutOutcome, pairs: Pairs): Promise<Found> {
    const name = toHex(digest);
    const known = this.#looked.get(name);
    if (known !== undefined) return known;
    const found = await findAfterCut((await this.#at(state, pairs)).card);
    this.#looked.set(name, found);
    return found;
  }

  async #reach(from: State, to: State, snapshot: Snapshot): Promise<void> {
    const mayRise = this.flow.triesMayRise === true;
    const isNew = !this.#known.has(to.key);
    if (isNew) this.#known.set(to.key, await auditUnlessRaw(await this.#at(snapshot, to.pairs)));
    const found = this.#known.get(to.key);
    if (from.found && found) expectOnward(from.found, found, mayRise);
    if (isNew) await this.#examine({ ...to, found }, snapshot);
  }

  /** A state that is new: the card goes on from it, and each command of that is cut in its turn. */
  async #examine(state: State, snapshot: Snapshot): Promise<void> {
    const { found, depth } = state;
    const stage = await this.#at(snapshot, state.pairs);
    const isLast = depth >= this.deepest;
    const link = isLast ? undefined : new CuttingLink(stage);
    try {
      await this.#recover(link ?? stage.card, stage);
      await this.flow.finish(stage.card, stage);
      const after = await audit(stage.card, stage);
      if (found) expectOnward(found, after, this.flow.triesMayRise === true);
    } catch (error) {
      await this.#forget(link);
      if (!(await this.#hasNoTryLeft(stage, found))) throw error;
      this.#blocked++;
      return;
    }
    if (isLast) this.#uncut++;
    this.#goOn(state, link?.commands ?? []);
  }

  async #forget(link: CuttingLink | undefined): Promise<void> {
    for (const { found } of link?.commands ?? []) for (const { state } of found.outcomes) await this.#drop(state);
  }

  /** Each cut in a PIN check costs a try [M8]: in the end the card is blocked, as it has to be, and its money adds up. */
  async #hasNoTryLeft(stage: Stage, found: Audit | undefined): Promise<boolean> {
    const atFirst = this.#known.get(root)?.totals.pinTries ?? 0;
    if (atFirst < 2 || found === undefined || found.totals.pinTries > 1) return false;
    return (await audit(stage.card, stage)).totals.pinTries === 0;
  }

  get #recover(): AnyFlow['run'] {
    return this.flow.recover ?? this.flow.run;
  }

  async #drop(snapshot: Snapshot): Promise<void> {
    await (this.#start as Stage).card.card.dropSnapshot(snapshot);
  }

  async #caught(story: readonly string[], act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#find(story, error instanceof Error ? error.message : String(error));
    }
  }

  #find(story: readonly string[], message: string): void {
    this.findings.push({ story, message });
  }
}

const root = 'start';

function pairsKey(pairs: Pairs): string {
  return Object.entries(pairs)
    .map(([name, { enc, mac }]) => `${name} ${toHex(enc)}${toHex(mac)}`)
    .join(' ');
}
