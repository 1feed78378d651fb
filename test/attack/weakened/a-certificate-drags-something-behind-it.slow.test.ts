// What is behind a certificate nobody signed. A card that takes it takes one certificate under as many names as there are bytes.
import { concat } from '../../../host/protocol/codec/bytes.js';
import { openWith } from '../../helpers/cards.js';
import { careless, withoutCheck } from '../../helpers/doctored.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A certificate of a terminal with a byte behind it', {
  ids: '[R7] [M6]',
  lacks: 'read a certificate to its end',
  transforms: [withoutCheck('Certificates.require'), careless('CardKeys.verify')],
  attack: async (card) => {
    const { certificate, signer } = new Till('longer').identity;
    await openWith(card, {
      certificate: { ...certificate, bytes: concat(certificate.bytes, Uint8Array.of(0)) },
      signer,
    });
  },
});
