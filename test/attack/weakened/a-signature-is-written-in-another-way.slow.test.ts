// The same r and s with a length in two bytes: whoever takes it takes one signature under many names.
import { signatureMax } from '../../../host/protocol/generated/parameters.js';
import { openWith } from '../../helpers/cards.js';
import { careless } from '../../helpers/doctored.js';
import { badSignatures, twin } from '../support/bad-signatures.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A signature in BER that is not DER', {
  ids: '[R7] [M7]',
  lacks: 'hold a signature to its one encoding',
  transforms: [careless('CardKeys.verify')],
  attack: async (card) => {
    const { certificate, signer } = new Till('long-winded').identity;
    const sign = (message: Uint8Array): Uint8Array => {
      const good = signer.sign(message);
      // of a signature and its twin one has room for another byte
      const shorter = good.length < signatureMax ? good : twin(good);
      return badSignatures(shorter)['a length in two bytes'] ?? good;
    };
    await openWith(card, { certificate, signer: { ...signer, sign } });
  },
});
