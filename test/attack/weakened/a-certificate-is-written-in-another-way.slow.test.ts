// The length of the signature in two bytes where one would do: the same meaning, and another certificate for whoever keeps a list of them.
import { openWith } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { authoritySigner } from '../../helpers/scheme.js';
import { bodyOf, sealed } from '../support/forger.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A certificate of a terminal in another encoding than the one there is', {
  ids: '[R7] [M6]',
  lacks: 'hold a certificate to its one encoding',
  transforms: [withoutCheck('Certificates.require')],
  attack: async (card) => {
    const { certificate, signer } = new Till('long-winded').identity;
    const bytes = sealed(Object.values(bodyOf({ certificate, signer })), authoritySigner('posCa'), (whole) => ({
      ...whole,
      content: whole.content.map((node, i) => (i === 1 ? { ...node, length: 'two bytes' } : node)),
    }));
    await openWith(card, { certificate: { ...certificate, bytes }, signer });
  },
});
