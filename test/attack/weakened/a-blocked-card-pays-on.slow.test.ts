// A card was blocked by its issuer's order. The shop's own list is old, and the thief hopes that the card forgot.
import { withoutCheck } from '../../helpers/doctored.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A thief with a card that was blocked', {
  ids: '[R17] [M9]',
  lacks: 'ask what state it is in',
  transforms: [withoutCheck('Handshake.requireServed'), withoutCheck('Guard.requireState')],
  card: 'blocked',
  attack: async (card) => {
    const till = new Till('late');
    await till.pay(await till.open(card), till.order(1_00n));
  },
});
