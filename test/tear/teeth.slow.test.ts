// Would the sweep notice? Each transaction of the applet in turn is taken out of it, and the sweep has to fail.
import { expect } from 'chai';
import { doctoredCard, withoutCall } from '../helpers/doctored.js';
import type { ClassTransformSpec } from 'jcardsim-ts-bridge';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { creditOf } from './flows/loads.js';
import { orders } from './flows/orders.js';
import { cancel, smallDebit } from './flows/payments.js';
import type { AnyFlow } from './flow.js';
import type { CardSource } from './stage.js';
import { sweep } from './sweep.js';

const begin = (method: string): ClassTransformSpec => withoutCall(method, 'beginTransaction');
const commit = (method: string): ClassTransformSpec => withoutCall(method, 'commitTransaction');

/** Orders begin in one place and commit each on its own. */
const orderCommits = ['setParameters', 'unblock', 'resetPin', 'retire', 'switchKey', 'block', 'synchronize'];

function order(name: string): (source: CardSource) => AnyFlow {
  return (source) => {
    const found = orders(source).find((each) => each.name === name);
    if (!found) throw new Error(`there is no dialogue ${name}`);
    return found;
  };
}

const withoutOrders = [begin('Orders.begin'), ...orderCommits.map((method) => commit(`Orders.${method}`))];

interface Doctored {
  readonly what: string;
  readonly transforms: readonly ClassTransformSpec[];
  readonly flow: (source: CardSource) => AnyFlow;
  /** What the sweep finds, where it is no state without a name. */
  readonly says?: string;
}

const both = (method: string): ClassTransformSpec[] => [begin(method), commit(method)];

const applets: readonly Doctored[] = [
  { what: 'DEBIT', transforms: both('Payments.debit'), flow: smallDebit },
  { what: 'CANCEL LAST', transforms: both('Payments.cancelLast'), flow: cancel },
  { what: 'CREDIT', transforms: both('Loads.apply'), flow: (source) => creditOf(source, LoadType.load, 5_00n) },
  { what: 'parameters', transforms: withoutOrders, flow: order('parameters') },
  { what: 'unblock', transforms: withoutOrders, flow: order('unblock') },
  { what: 'RETIRE', transforms: withoutOrders, flow: order('RETIRE') },
  { what: 'KEY SWITCH', transforms: withoutOrders, flow: order('KEY SWITCH') },
  { what: 'block orders', transforms: withoutOrders, flow: order('block order') },
  // a counter that moved without the flag leaves a card that takes no PIN reset any more: the repeat fails
  { what: 'PIN reset', transforms: withoutOrders, flow: order('PIN reset'), says: 'the card answered 6983' },
];

describe('The sweep fails, as it has to, on an applet without the transaction of', function () {
  this.timeout(120_000);

  for (const { what, transforms, flow, says = 'neither old nor new nor named [M5]' } of applets) {
    it(`${what} [M5]`, async () => {
      const shelf = await doctoredCard(`without ${what}`, transforms);
      const error = await sweep(flow(shelf)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, 'what the sweep found').to.be.instanceOf(Error);
      expect((error as Error).message).to.include(says);
    });
  }

  it('nothing: the applet as it is passes', async () => {
    const shelf = await doctoredCard('unchanged', []);
    expect((await sweep(smallDebit(shelf))).points).to.be.greaterThan(3);
  });
});
