// Power fails again while terminal and card recover from the first failure.
import { expect } from 'chai';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { tearSource } from './source.js';
import { creditOf } from './flows/loads.js';
import { pinReset } from './flows/orders.js';
import { cancel, debitWithPin, smallDebit } from './flows/payments.js';
import type { AnyFlow } from './flow.js';
import { sweepTwice } from './sweep.js';

const dialogues: readonly (readonly [CommandName, AnyFlow])[] = [
  ['DEBIT', smallDebit(tearSource)],
  ['DEBIT', debitWithPin(tearSource)],
  ['CANCEL_LAST', cancel(tearSource)],
  ['CREDIT', creditOf(tearSource, LoadType.load, 5_00n)],
  ['CREDIT', creditOf(tearSource, LoadType.unload, -5_00n)],
  ['PUT_ORDER', pinReset(tearSource)],
];

describe('A card whose power fails a second time, in the dialogue that recovers from the first [M5] [M1]:', function () {
  this.timeout(180_000);
  let total = 0;

  for (const [command, flow] of dialogues) {
    it(`${flow.name}, first in ${command}`, async () => {
      const { points } = await sweepTwice(flow, command);
      expect(points).to.be.greaterThan(10);
      total += points;
    });
  }

  after(() => {
    process.stdout.write(`      ${total} points\n`);
  });
});
