/**
 * One dialogue under power cuts, and cuts in its recovery, and so on. What a card does next depends on its persistent state and on
 * what the terminals remember, so cuts that lead to the same of both are one case: each state is examined once, and the dialogue
 * that recovers from it is in turn cut everywhere once.
 */
import type { Snapshot } from 'jcardsim-ts-bridge';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { audit, expectOnward } from '../../tear/audit.js';
import type { Audit } from '../../tear/audit.js';
import type { AnyFlow } from '../../tear/flow.js';
import type { Pairs, Stage } from '../../tear/stage.js';
import { auditUnlessRaw, judge } from '../../tear/sweep.js';
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
  readonly depth: number;
  readonly snapshot: Snapshot;
  readonly pairs: Pairs;
  /** The cuts on the way. */
  readonly story: readonly string[];
  /** Undefined for a raw card. */
  readonly found: Audit | undefined;
}

export interface CutFinding {
  readonly story: readonly string[];
  readonly message: string;
}

export class Exploration {
  readonly findings: CutFinding[] = [];
  /** Cuts that were really made. */
  cuts = 0;
  largestCommit = 0;
  /** States in which no try of the PIN is left, or the last one goes: the way on is a PIN reset. */
  blocked = 0;
  /** How many cuts left what, by name: old, new, or one of the dialogue's named states. */
  readonly verdicts = new Map<string, number>();
  readonly #graph = new CutGraph();
  /** Every state there is, with the audit that has to be the same for whoever comes to it. */
  readonly #known = new Map<string, Audit | undefined>();
  #start: Stage | undefined;
  #frontier: State[] = [];

  constructor(readonly flow: AnyFlow) {}

  get name(): string {
    return this.flow.name;
  }

  get states(): number {
    return this.#known.size;
  }

  /** No cut leads to anything new any more, however many come in a row. */
  get isClosed(): boolean {
    return this.#start !== undefined && this.#frontier.length === 0;
  }

  /** How many different rows of this many cuts have been covered. */
  sequences(cuts: number): bigint {
    return this.#graph.sequences(root, cuts);
  }

  /** One cut more in each row. @param isOver asked between two states; what is left then stays for the next call */
  async deepen(isOver: () => boolean, tell: () => void): Promise<void> {
    if (isOver()) return;
    if (this.#start === undefined) await this.#begin();
    const { depth } = this.#frontier[0] ?? {};
    while (this.#frontier[0]?.depth === depth && !isOver()) {
      const state = this.#frontier.shift();
      if (state === undefined || this.findings.length >= enoughFindings) return;
      await this.#cutAll(state);
      tell();
    }
  }

  async #begin(): Promise<void> {
    const stage = (this.#start = await this.flow.start());
    const snapshot = await stage.card.card.snapshot();
    const pairs = { ...stage.pairs };
    const start = { key: root, depth: 0, snapshot, pairs, story: [], found: undefined };
    const found = await auditUnlessRaw(await this.#at(start));
    this.#known.set(root, found);
    this.#frontier.push({ ...start, found });
  }

  async #at({ snapshot, pairs }: Pick<State, 'snapshot' | 'pairs'>): Promise<Stage> {
    const { card, facts } = this.#start as Stage;
    await card.card.restore(snapshot);
    return { card, facts, pairs: { ...pairs } };
  }

  /** The dialogue from this state on, each of its commands cut everywhere. */
  async #cutAll(state: State): Promise<void> {
    const stage = await this.#at(state);
    const link = new CuttingLink(stage);
    await this.#caught(state.story, async () => {
      await (state.depth === 0 ? this.flow.run : this.#recover)(link, stage);
      await this.flow.finish(stage.card, stage);
    });
    for (const [number, command] of link.commands.entries()) await this.#follow(state, number, command);
    await stage.card.card.dropSnapshot(state.snapshot);
  }

  async #follow(from: State, number: number, command: CutCommand): Promise<void> {
    const { step, found, pairs } = command;
    const where = `command ${number} (${step.header})`;
    this.cuts += found.points;
    this.largestCommit = Math.max(this.largestCommit, found.commitBytes);
    if (found.commitBytes > commitLimit)
      this.#find([...from.story, where], `a transaction of ${found.commitBytes} bytes; cards have ${commitLimit}`);
    for (const { write, points, digest, state: snapshot } of found.outcomes) {
      const key = `${toHex(digest)} ${pairsKey(pairs)}`;
      const story = [...from.story, `power fails in ${where} before write ${write} of ${step.writes}`];
      const to = { key, depth: from.depth + 1, snapshot, pairs, story, found: undefined };
      this.#graph.add(from.key, key, points);
      await this.#caught(story, async () => {
        const stage = await this.#at(to);
        const verdict = await judge(this.flow, stage.card, step);
        this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? 0) + points);
        await this.#reach(from, to);
      });
      if (!this.#frontier.some((state) => state.snapshot === snapshot)) await this.#drop(snapshot);
    }
  }

  /** A state that is new is examined, and cut in its turn. */
  async #reach(from: State, to: State): Promise<void> {
    const mayRise = this.flow.triesMayRise === true;
    if (this.#known.has(to.key)) {
      const found = this.#known.get(to.key);
      if (from.found && found) expectOnward(from.found, found, mayRise);
      return;
    }
    const stage = await this.#at(to);
    const found = await auditUnlessRaw(stage);
    this.#known.set(to.key, found);
    if (from.found && found) expectOnward(from.found, found, mayRise);
    try {
      await this.#recover(stage.card, stage);
      await this.flow.finish(stage.card, stage);
    } catch (error) {
      if (!(await this.#hasNoTryLeft(stage, found))) throw error;
      this.blocked++;
      return;
    }
    const after = await audit(stage.card, stage);
    if (found) expectOnward(found, after, mayRise);
    this.#frontier.push({ ...to, found });
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
