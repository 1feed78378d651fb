import { BridgeError } from 'jcardsim-ts-bridge';
import { expect } from 'chai';
import { asFailure } from '../command-line.js';
import { withCardFailures } from './failures.js';

describe('What goes wrong with simulated cards', () => {
  it('is never told as a defect of the program: a reader that is taken, a service that is not there', async () => {
    for (const [code, told] of [
      ['ReaderOccupied', 'card-busy'],
      ['PcscdNotInstalled', 'pcscd-missing'],
      ['JavaNotFound', 'tools-missing'],
      ['BridgeClosed', 'simulator-failed'],
    ] as const) {
      const error = await withCardFailures(() => Promise.reject(new BridgeError(code, 'It is so.'))).catch(
        (reason: unknown) => reason,
      );
      const failure = asFailure(error);
      expect([failure.code, failure.moneyMoved]).to.deep.equal([told, 'no']);
      expect(failure.next).to.match(/\S/);
    }
  });
});
