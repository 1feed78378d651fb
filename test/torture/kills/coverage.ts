/** Which steps the tasks have, of the terminal's process and of the issuer's meanwhile, and at which of them a process was killed. */

export type Side = 'terminal' | 'issuer';

/** Of one task on one side. Steps are known by their place in a run that nothing disturbs. */
export interface Reached {
  readonly task: string;
  readonly side: Side;
  readonly of: number;
  /** Places, from 0. */
  readonly at: readonly number[];
}

export class Coverage {
  readonly #tasks = new Map<string, { readonly names: readonly string[]; readonly at: Set<number> }>();

  /** @param names of the steps of a run that nothing disturbed */
  learn(task: string, side: Side, names: readonly string[]): void {
    this.#tasks.set(key(task, side), { names, at: new Set() });
  }

  knows(task: string): boolean {
    return this.#tasks.has(key(task, 'terminal'));
  }

  /** How many steps there are. */
  count(task: string, side: Side): number {
    return this.#tasks.get(key(task, side))?.names.length ?? 0;
  }

  /** Killed there, in a run before which nothing was amiss. One whose run took another way by then does not count. */
  reach(task: string, side: Side, place: number, name: string): void {
    const known = this.#tasks.get(key(task, side));
    if (known?.names[place] === name) known.at.add(place);
  }

  /** Places where nobody was killed yet. */
  open(task: string, side: Side): readonly number[] {
    const known = this.#tasks.get(key(task, side));
    return known === undefined ? [] : known.names.flatMap((_, place) => (known.at.has(place) ? [] : [place]));
  }

  get reached(): Reached[] {
    return [...this.#tasks].map(([name, { names, at }]) => {
      const [side = '', task = ''] = name.split(': ');
      return { task, side: side as Side, of: names.length, at: [...at] };
    });
  }
}

function key(task: string, side: Side): string {
  return `${side}: ${task}`;
}

/** A line for each side: each task with how many of its steps were reached by anybody. */
export function coverageNotes(all: readonly Reached[]): string[] {
  return (['terminal', 'issuer'] as const).map((side) => {
    const tasks = new Map<string, { of: number; at: Set<number> }>();
    for (const one of all.filter((each) => each.side === side)) {
      const sum = tasks.get(one.task) ?? { of: 0, at: new Set() };
      tasks.set(one.task, { of: Math.max(sum.of, one.of), at: new Set([...sum.at, ...one.at]) });
    }
    const each = [...tasks].map(([task, { of, at }]) => `${task} ${at.size} of ${of}`).sort();
    const [at, of] = [...tasks.values()].reduce(([x, y], one) => [x + one.at.size, y + one.of], [0, 0]);
    const where = side === 'terminal' ? 'steps of terminals' : 'steps of the issuer meanwhile';
    return `${where} at which a process was killed: ${at} of ${of} (${each.join(', ')})`;
  });
}
