/** States a dialogue can be thrown into by power cuts, and how often one leads to the other. */
export class CutGraph {
  /** Cuts by state and by the state they lead to. */
  readonly #edges = new Map<string, Map<string, number>>();

  add(from: string, to: string, points: number): void {
    const edges = this.#edges.get(from) ?? new Map<string, number>();
    this.#edges.set(from, edges);
    edges.set(to, (edges.get(to) ?? 0) + points);
  }

  /** How many different rows of that many cuts there are, each followed by the dialogue that recovers. */
  sequences(from: string, cuts: number): bigint {
    let ways = new Map([[from, 1n]]);
    for (let cut = 0; cut < cuts; cut++) {
      const next = new Map<string, bigint>();
      for (const [state, count] of ways)
        for (const [to, points] of this.#edges.get(state) ?? [])
          next.set(to, (next.get(to) ?? 0n) + count * BigInt(points));
      ways = next;
    }
    return [...ways.values()].reduce((sum, count) => sum + count, 0n);
  }
}
