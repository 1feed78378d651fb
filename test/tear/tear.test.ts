// Power fails before each persistent write of each command of each dialogue, and after the last, when the answer is lost.
import { expect } from 'chai';
import { sharedBridge } from '../helpers/bridge.js';
import { Shelf } from '../helpers/cards.js';
import type { AnyFlow } from './flow.js';
import { loads } from './flows/loads.js';
import { orders } from './flows/orders.js';
import { payments } from './flows/payments.js';
import { personalization } from './flows/personalization.js';
import { pins } from './flows/pins.js';
import { sessions } from './flows/sessions.js';
import type { CardSource } from './stage.js';
import { sweep } from './sweep.js';

/** The shelf is there only once the tests run, the flows while they are described. */
let shelf: Shelf | undefined;
const source: CardSource = {
  take: async (state) => (shelf ??= new Shelf(await sharedBridge(), 'tear')).take(state),
};

const flows: readonly AnyFlow[] = [
  personalization(source),
  ...sessions(source),
  ...pins(source),
  ...payments(source),
  ...loads(source),
  ...orders(source),
];

describe('A card whose power fails anywhere is old, new or in a named state, goes on, and its money adds up [M5] [M1] [M8]:', function () {
  this.timeout(120_000);
  const total = new Map<string, number>();

  for (const flow of flows) {
    it(flow.name, async () => {
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
