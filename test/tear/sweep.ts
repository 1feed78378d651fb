/** Cuts the power before each persistent write of each command of a dialogue, and after the last; looks at the card; goes on. */
import { expect } from 'chai';
import { select } from '../../host/protocol/commands/select.js';
import { commands } from '../../host/protocol/generated/commands.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import type { TestCard } from '../helpers/cards.js';
import { audit, expectOnward } from './audit.js';
import type { Audit } from './audit.js';
import { Cutter, Recorder, isPowerLost } from './cutter.js';
import type { Cut, Step } from './cutter.js';
import type { AnyFlow, Change } from './flow.js';
import type { Stage } from './stage.js';

export interface Figures {
  readonly points: number;
  /** How many cuts left the card as before the command, as after it, or in a named state. */
  readonly verdicts: ReadonlyMap<string, number>;
}

/** A dialogue without a cut. */
interface Baseline {
  readonly steps: readonly Step[];
  /** Undefined for a raw card, which nobody audits. */
  readonly before: Audit | undefined;
}

export async function sweep(flow: AnyFlow): Promise<Figures> {
  const baseline = await undisturbed(flow);
  const verdicts = new Map<string, number>();
  let points = 0;
  for (const cut of cutsOf(baseline.steps)) {
    const verdict = await named(flow, baseline, cut, () => point(flow, baseline, cut));
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    points++;
  }
  return { points, verdicts };
}

/** Cuts one command of a dialogue everywhere, and then, everywhere, the dialogue that recovers from it. */
export async function sweepTwice(flow: AnyFlow, command: CommandName): Promise<Figures> {
  const baseline = await undisturbed(flow);
  const verdicts = new Map<string, number>();
  let points = 0;
  const isMeant = (cut: Cut): boolean => stepOf(baseline.steps, cut).ins === commands[command].ins;
  for (const first of cutsOf(baseline.steps).filter(isMeant)) {
    const stage = await cutOnce(flow, first);
    const pairs = { ...stage.pairs };
    const snapshot = await stage.card.card.snapshot();
    const again = async (): Promise<Stage> => {
      await stage.card.card.restore(snapshot);
      return { ...stage, pairs: { ...pairs } };
    };
    const recovery: AnyFlow = { ...flow, start: again, run: flow.recover ?? flow.run };
    const second = await undisturbed(recovery, baseline.before);
    for (const cut of cutsOf(second.steps)) {
      const verdict = await named(flow, second, cut, () => point(recovery, second, cut), first);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      points++;
    }
    await stage.card.card.dropSnapshot(snapshot);
  }
  return { points, verdicts };
}

async function undisturbed(flow: AnyFlow, before?: Audit): Promise<Baseline> {
  const first = await flow.start();
  const found = before ?? (await auditUnlessRaw(first));
  const stage = await flow.start();
  const recorder = new Recorder(stage.card);
  await flow.run(recorder, stage);
  await flow.finish(stage.card, stage);
  return { steps: recorder.steps, before: found };
}

function cutsOf(steps: readonly Step[]): Cut[] {
  return steps.flatMap(({ writes }, command) => Array.from({ length: writes + 1 }, (_, write) => ({ command, write })));
}

async function point(flow: AnyFlow, { steps, before }: Baseline, cut: Cut): Promise<string> {
  const stage = await cutOnce(flow, cut);
  const verdict = judge(flow, await findAfterCut(stage.card), stepOf(steps, cut));
  const mayRise = flow.triesMayRise === true;
  const between = await auditUnlessRaw(stage);
  if (before && between) expectOnward(before, between, mayRise);
  await (flow.recover ?? flow.run)(stage.card, stage);
  await flow.finish(stage.card, stage);
  const after = await audit(stage.card, stage);
  if (between ?? before) expectOnward((between ?? before) as Audit, after, mayRise);
  return verdict;
}

/** The dialogue up to the cut; then power again. */
async function cutOnce(flow: AnyFlow, cut: Cut): Promise<Stage> {
  const stage = await flow.start();
  const error: unknown = await flow.run(new Cutter(stage.card, cut), stage).then(
    () => new Error('the dialogue went on to its end'),
    (thrown: unknown) => thrown,
  );
  if (!isPowerLost(error)) throw error;
  await stage.card.card.powerOn();
  return stage;
}

/** A card that was cut and has power again. */
export interface Found {
  /** As SELECT tells. */
  readonly lifeCycle: LifeCycle;
  /** Persistent state. */
  readonly text: string;
}

/** SELECT may finish what a cut left. */
export async function findAfterCut(card: TestCard): Promise<Found> {
  const { state: lifeCycle } = await select(card);
  return { lifeCycle, text: (await card.persistentState()).text };
}

/** Old, new, or a named state [M5]. @throws Error for any other */
export function judge({ named: allowed = [] }: AnyFlow, { lifeCycle, text }: Found, step: Step): string {
  if (text === step.before) return 'old';
  if (text === step.after) return 'new';
  const change = changeOf(lifeCycle, step.before, text);
  const state = allowed.find(({ command, holds }) => commands[command].ins === step.ins && holds(change));
  if (state) return state.name;
  const lines = [...change.different].map(
    ([name, value]) => `${name} = ${shownChange(value, change.now.get(name) ?? '')}`,
  );
  throw new Error(`neither old nor new nor named [M5]:\n${lines.join('\n')}`);
}

/** Of long values what is around their first difference. */
function shownChange(before: string, now: string): string {
  if (before.length <= shownDigits && now.length <= shownDigits) return `${before}, now ${now}`;
  const first = [...before].findIndex((digit, at) => digit !== now[at]);
  const from = Math.max(0, (first < 0 ? 0 : first) - 8) & ~1;
  const part = (value: string): string => `${from > 0 ? '…' : ''}${value.slice(from, from + shownDigits)}…`;
  return `from byte ${from / 2}: ${part(before)}, now ${part(now)}`;
}

const shownDigits = 64;

function changeOf(lifeCycle: LifeCycle, before: string, text: string): Change {
  const now = new Map(text.split('\n').map(parseLine));
  const different = new Map(
    before
      .split('\n')
      .map(parseLine)
      .filter(([name, value]) => now.get(name) !== value),
  );
  return { lifeCycle, different, now };
}

function parseLine(line: string): [string, string] {
  const at = line.indexOf(' = ');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 3)];
}

export async function auditUnlessRaw(stage: Stage): Promise<Audit | undefined> {
  const { state } = await select(stage.card);
  return state === LifeCycle.raw ? undefined : audit(stage.card, stage);
}

function stepOf(steps: readonly Step[], { command }: Cut): Step {
  const step = steps[command];
  expect(step, 'the command of the cut').not.to.equal(undefined);
  return step as Step;
}

/** Says where it happened. */
async function named<T>(flow: AnyFlow, { steps }: Baseline, cut: Cut, act: () => Promise<T>, first?: Cut): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const earlier = first ? ` after a cut in command ${first.command} before write ${first.write}` : '';
    const { header, writes } = stepOf(steps, cut);
    const where = `command ${cut.command} (${header}), before write ${cut.write} of ${writes}${earlier}`;
    throw new Error(`${flow.name}: ${where}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
