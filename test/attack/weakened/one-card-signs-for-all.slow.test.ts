// A batch of chips whose generators all begin with one number: all cards have one key, and whoever reads it out of his own signs for everybody.
import { softwareSigner } from '../../../host/protocol/crypto/ecdsa.js';
import { isProved, signedRecordOf } from '../../../host/protocol/proofs/record.js';
import { signRecord } from '../../../host/protocol/signed/signed-record.js';
import { sharedBridge } from '../../helpers/bridge.js';
import { Shelf, freshCard } from '../../helpers/cards.js';
import type { TestCard } from '../../helpers/cards.js';
import { bytesFor } from '../../helpers/keys.js';
import { dissect } from '../support/dissection.js';
import { Till } from '../support/till.js';
import { Repelled, twice } from './both.js';

async function attack(victim: TestCard): Promise<void> {
  const { signKey } = await dissect(await freshCard('active', 'one'));
  const till = new Till('deceived');
  const session = await till.open(victim);
  const { record } = await till.pay(session, till.order(1_00n));
  const lie = { ...record, amount: 80_00 };
  const s3 = signRecord(signedRecordOf(session.card, lie), softwareSigner(signKey));
  if (!isProved(session.card, { record: lie, s3 })) throw new Repelled('not proved');
}

twice(
  'Somebody who took his own card apart, and signs for another’s',
  { ids: '[R5] [R15] [M12]', who: 'card', lacks: 'begin its generator with a number of its own' },
  [
    async () => {
      const seed = bytesFor('seed one', 32);
      const alike = new Shelf(await sharedBridge(), 'begins as one', { seed });
      await attack(await alike.take('active'));
    },
    async () => attack(await freshCard('active', 'two')),
  ],
);
