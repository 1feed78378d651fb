// Counting on states is counting rows of cuts: held against cuts that are really made one after the other.
import { expect } from 'chai';
import { select } from '../../../host/protocol/commands/select.js';
import { smallDebit } from '../../tear/flows/payments.js';
import { Cutter, isPowerLost } from '../../tear/cutter.js';
import type { Cut } from '../../tear/cutter.js';
import type { AnyFlow } from '../../tear/flow.js';
import { tearSource } from '../../tear/source.js';
import type { Stage } from '../../tear/stage.js';
import { CutGraph } from './graph.js';
import { Exploration } from './exploration.js';

const forever = (): boolean => false;

/** The dialogue with one cut. @returns whether power failed; false where there was no such point */
async function cutOnce(run: AnyFlow['run'], stage: Stage, cut: Cut): Promise<boolean> {
  const lost = await run(new Cutter(stage.card, cut), stage).then(
    () => false,
    (error: unknown) => {
      if (!isPowerLost(error)) throw error;
      return true;
    },
  );
  if (lost) await stage.card.card.powerOn();
  else await stage.card.card.disarm();
  return lost;
}

/** How often power can fail in a dialogue, found by trying. */
async function pointsOf(
  run: AnyFlow['run'],
  fresh: () => Promise<Stage>,
  at: (cut: Cut) => Promise<void>,
): Promise<number> {
  let points = 0;
  for (let command = 0; ; command++) {
    let write = 0;
    for (; await cutOnce(run, await fresh(), { command, write }); write++) {
      points++;
      await at({ command, write });
    }
    if (write === 0) return points;
  }
}

describe('The exploration of power cuts', function () {
  this.timeout(60_000);
  this.slow(10_000);

  it('counts as many rows of one and of two cuts as can be made one by one', async () => {
    const flow = smallDebit(tearSource);
    const recover = flow.recover ?? flow.run;
    let two = 0;
    const one = await pointsOf(flow.run, flow.start, async (first) => {
      const again = async (): Promise<Stage> => {
        const stage = await flow.start();
        await cutOnce(flow.run, stage, first);
        return stage;
      };
      two += await pointsOf(recover, again, () => Promise.resolve());
    });
    const exploration = new Exploration(smallDebit(tearSource), 2);
    await exploration.exhaust(forever, () => undefined);
    expect(exploration.findings).to.deep.equal([]);
    expect([exploration.sequences(1), exploration.sequences(2)]).to.deep.equal([BigInt(one), BigInt(two)]);
    expect(exploration.cuts).to.be.lessThan(one + two);
  });

  it('leaves a card that works', async () => {
    const flow = smallDebit(tearSource);
    const exploration = new Exploration(flow, 1);
    await exploration.deepen(forever, () => undefined);
    const { card } = await flow.start();
    expect((await select(card)).state).to.be.greaterThan(0);
  });

  it('does not confuse a state with another', () => {
    const graph = new CutGraph();
    graph.add('start', 'a', 3);
    graph.add('start', 'b', 1);
    graph.add('a', 'a', 2);
    graph.add('b', 'c', 5);
    expect([1, 2, 3].map((cuts) => graph.sequences('start', cuts))).to.deep.equal([4n, 11n, 12n]);
  });
});
