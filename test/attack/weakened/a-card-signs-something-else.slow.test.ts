// Somebody's own applet pays, and signs for another amount than was asked: the MAC is right, for the session is his own.
import { doctoredCard, withoutCall } from '../../helpers/doctored.js';
import type * as TillModule from '../support/till.js';
import { onBothHosts } from './both.js';

onBothHosts('A counterfeit applet that signs for nothing', {
  ids: '[R13] [M2] [M11]',
  who: 'terminal',
  lacks: 'verify S3',
  changes: [
    {
      module: 'host/protocol/proofs/record.js',
      find: 'return verifyRecord(signedRecordOf(card, record), s3, card.signPoint, verifier);',
      put: 'return true;',
    },
  ],
  attack: async (host) => {
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const card = await (
      await doctoredCard('signs no amount', [withoutCall('Payments.beginRecord', 'copy')])
    ).take('active');
    const till = new Till('trusting');
    await till.pay(await till.open(card), till.order(20_00n));
  },
});
