// Every reason a card can give, reached on the simulated card; whatever is refused changes nothing [M7].
import { expect } from 'chai';
import { reasons } from '../../host/protocol/generated/status-words.js';
import type { ReasonName } from '../../host/protocol/generated/status-words.js';
import { refused } from '../helpers/refused.js';
import { counters } from './reasons/counters.js';
import { data } from './reasons/data.js';
import { loads } from './reasons/loads.js';
import { orders } from './reasons/orders.js';
import { payments } from './reasons/payments.js';

const scenarios = [...payments, ...loads, ...orders, ...data, ...counters];

describe('The card refuses, says why, and changes nothing [M7]:', function () {
  this.timeout(60_000);

  for (const { reason, sw, what, prepare } of scenarios) {
    it(`${what}: ${reason}`, async () => {
      const { card, act } = await prepare();
      const before = await card.persistentState();
      await refused(act(), sw, reason);
      expect((await card.persistentState()).text).to.equal(before.text);
    });
  }

  it('with every reason of the specification at least once', () => {
    const reached = new Set<ReasonName>(scenarios.map(({ reason }) => reason));
    const all = (Object.keys(reasons) as ReasonName[]).filter((reason) => reason !== 'none');
    expect(all.filter((reason) => !reached.has(reason))).to.deep.equal([]);
  });
});
