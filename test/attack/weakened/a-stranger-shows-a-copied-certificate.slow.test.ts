// A terminal's certificate is public. Whoever has copied one has not its key.
import { withoutCheck } from '../../helpers/doctored.js';
import { signerFor } from '../../helpers/keys.js';
import { Till } from '../support/till.js';
import { openWith } from '../../helpers/cards.js';
import { onBoth } from './both.js';

onBoth('A stranger with the copy of a terminal’s certificate', {
  ids: '[R7] [M6]',
  lacks: 'ask a terminal for its signature',
  transforms: [withoutCheck('Handshake.requireTerminalSignature')],
  attack: async (card) => {
    const { certificate } = new Till('honest').identity;
    await openWith(card, { certificate, signer: signerFor('a stranger') });
  },
});
