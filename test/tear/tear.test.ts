// Power fails before each persistent write of each command of each dialogue, and after the last, when the answer is lost.
// A fast run sweeps the dialogues that move money.
import { expect } from 'chai';
import { hurried } from '../support/hurried.js';
import { leftOutOfFast, skip } from '../support/skip.js';
import { allFlows, moneyFlows } from './flows/all.js';
import { tearSource } from './source.js';
import { sweep } from './sweep.js';

describe('A card whose power fails anywhere is old, new or in a named state, goes on, and its money adds up [M5] [M1] [M8]:', function () {
  this.timeout(120_000);
  const total = new Map<string, number>();

  const asked = new Set((hurried ? moneyFlows : allFlows)(tearSource).map(({ name }) => name));
  for (const flow of allFlows(tearSource)) {
    it(flow.name, async function () {
      if (!asked.has(flow.name)) skip(this, leftOutOfFast);
      const { points, verdicts } = await sweep(flow);
      expect(points).to.be.greaterThan(1);
      for (const [verdict, count] of verdicts) total.set(verdict, (total.get(verdict) ?? 0) + count);
    });
  }

  after(() => {
    const points = [...total.values()].reduce((sum, count) => sum + count, 0);
    const each = [...total].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
    process.stdout.write(`      ${points} points: ${each}\n`);
  });
});
