// Somebody heard how a shop met a card, and plays the shop’s part again at the holder’s pocket.
import { refusal } from '../../../host/protocol/errors.js';
import { statusWords } from '../../../host/protocol/generated/status-words.js';
import { withoutCall } from '../../helpers/doctored.js';
import { Wiretap, replay } from '../support/conversation.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('Somebody who plays a shop’s part of a meeting again', {
  ids: '[R7] [R12] [M7]',
  lacks: 'draw a random number of its own for each session',
  transforms: [withoutCall('Handshake.presentCertificate', 'generateData')],
  attack: async (card) => {
    const tap = new Wiretap(card);
    await new Till('overheard').open(tap, { full: true });
    await card.card.reset();
    // the last is CONFIRM SESSION: with its MAC the shop has shown that it has the keys, and the pair is kept
    const words = await replay(
      card,
      tap.heard.map(({ command }) => command),
    );
    const refused = words.find((sw) => sw !== statusWords.ok.sw);
    if (refused !== undefined) throw refusal('OPEN SESSION', refused);
  },
});
