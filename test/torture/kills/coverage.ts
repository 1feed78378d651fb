/** Which steps the tasks have, of the terminal's process and of the issuer's meanwhile, and at which of them a process was killed. */

export type Side = 'terminal' | 'issuer';
const sides: readonly Side[] = ['terminal', 'issuer'];

/** A process was killed there. Steps are known by their place, from 0, in a run that nothing disturbs. */
export interface ReachedStep {
  readonly task: string;
  readonly side: Side;
  readonly place: number;
  readonly name: string;
  /** So many steps the task has on that side. */
  readonly of: number;
}

/** Of one task on one side. */
export interface Reached {
  readonly task: string;
  readonly side: Side;
  readonly of: number;
  /** Places, from 0. */
  readonly at: readonly number[];
}

/** Places that are one of several installations' to reach: every `of`th, from `number` on. */
export interface Places {
  readonly number: number;
  readonly of: number;
}

/** A step that was aimed at so often without being met lies on another way. */
const mostTries = 4;

interface Steps {
  /** Of a run that nothing disturbs. */
  readonly names: readonly string[];
  readonly at: Set<number>;
  readonly tries: number[];
}

export class Coverage {
  readonly #tasks = new Map<string, Steps>();

  /**
   * @param mine all places, where nobody shares them
   * @param earlier reached before, by whomever
   * @param tell of each step that was not reached before
   */
  constructor(
    private readonly mine: Places = { number: 0, of: 1 },
    private readonly earlier: readonly ReachedStep[] = [],
    private readonly tell: (reached: ReachedStep) => void = () => undefined,
  ) {}

  /** @param names of the steps of a run that nothing disturbs */
  learn(task: string, side: Side, names: readonly string[]): void {
    const known = this.earlier.filter((one) => one.task === task && one.side === side);
    const at = known.flatMap(({ place, name }) => (names[place] === name ? [place] : []));
    this.#tasks.set(key(task, side), { names, at: new Set(at), tries: [] });
  }

  knows(task: string): boolean {
    return this.#tasks.has(key(task, 'terminal'));
  }

  /** How many steps there are. */
  count(task: string, side: Side): number {
    return this.#names(task, side).length;
  }

  /** How often the issuer is asked. */
  questions(task: string): number {
    return this.#names(task, 'issuer').filter((name) => name.endsWith(': arrived')).length;
  }

  /** Somebody will be killed there. */
  aim(task: string, side: Side, place: number): void {
    const tries = this.#tasks.get(key(task, side))?.tries;
    if (tries !== undefined) tries[place] = (tries[place] ?? 0) + 1;
  }

  /** Killed there, in a run before which nothing was amiss. One whose run took another way by then does not count. */
  reach(task: string, side: Side, place: number, name: string): void {
    const known = this.#tasks.get(key(task, side));
    if (known === undefined || known.names[place] !== name || known.at.has(place)) return;
    known.at.add(place);
    this.tell({ task, side, place, name, of: known.names.length });
  }

  /** Places to reach where nobody was killed yet. */
  open(task: string, side: Side): readonly number[] {
    const { names = [], at, tries = [] } = this.#tasks.get(key(task, side)) ?? {};
    const isMine = (place: number): boolean => place % this.mine.of === this.mine.number;
    return [...names.keys()].filter(
      (place) => isMine(place) && at?.has(place) !== true && (tries[place] ?? 0) < mostTries,
    );
  }

  /** Is there more to reach in it? */
  isOpen(task: string): boolean {
    if (this.knows(task)) return sides.some((side) => this.open(task, side).length > 0);
    const before = asReached(this.earlier).filter((one) => one.task === task);
    return before.filter(({ of, at }) => at.length === of).length < sides.length;
  }

  get reached(): Reached[] {
    return [...this.#tasks].map(([name, { names, at }]) => {
      const [side = '', task = ''] = name.split(': ');
      return { task, side: side as Side, of: names.length, at: [...at] };
    });
  }

  #names(task: string, side: Side): readonly string[] {
    return this.#tasks.get(key(task, side))?.names ?? [];
  }
}

function key(task: string, side: Side): string {
  return `${side}: ${task}`;
}

/** Steps, put together for each task and side. */
export function asReached(steps: readonly ReachedStep[]): Reached[] {
  return merged(steps.map(({ task, side, of, place }) => ({ task, side, of, at: [place] })));
}

/** What several have reached of the same, each step once. */
export function merged(all: readonly Reached[]): Reached[] {
  const sums = new Map<string, Reached>();
  for (const { task, side, of, at } of all) {
    const sum = sums.get(key(task, side));
    sums.set(key(task, side), {
      ...{ task, side },
      of: Math.max(of, sum?.of ?? 0),
      at: [...new Set([...(sum?.at ?? []), ...at])],
    });
  }
  return [...sums.values()];
}

/** Was every step of all these tasks reached? */
export function isEverywhere(all: readonly Reached[], tasks: readonly string[]): boolean {
  const isKnown = (task: string): boolean => all.some((one) => one.task === task && one.side === 'terminal');
  return tasks.every(isKnown) && all.every(({ of, at }) => at.length === of);
}

/** A line for each side: each task with how many of its steps were reached by anybody. */
export function coverageNotes(all: readonly Reached[]): string[] {
  return sides.map((side) => {
    const tasks = merged(all).filter((one) => one.side === side && one.of > 0);
    const each = tasks.map(({ task, of, at }) => `${task} ${at.length} of ${of}`).sort();
    const [at, of] = tasks.reduce(([x, y], one) => [x + one.at.length, y + one.of], [0, 0]);
    const where = side === 'terminal' ? 'steps of terminals' : 'steps of the issuer meanwhile';
    return `${where} at which a process was killed: ${at} of ${of} (${each.join(', ')})`;
  });
}
