// A shop's certificate is right; its ephemeral key is a point of order 2 or 3 on another curve. What the card makes of it tells its key by 2 and by 3.
import { careless } from '../../helpers/doctored.js';
import type { TestCard } from '../../helpers/cards.js';
import { bigOf } from '../support/bad-points.js';
import { dissect } from '../support/dissection.js';
import { confirms } from '../support/ephemeral.js';
import { smallPoints } from '../support/small-points.js';
import type { SmallPoint } from '../support/small-points.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A shop whose ephemeral key lies on another curve', {
  ids: '[R5] [R7] [R15] [M6]',
  lacks: 'ask whether a point is on the curve',
  transforms: [careless('CardKeys.agree')],
  attack: async (card) => {
    const till = new Till('prying');
    const learnt: boolean[] = [];
    for (const small of smallPoints) learnt.push(await divides(card, till, small));
    // with every small prime, some fifty of them, it would be the whole key
    const key = bigOf((await dissect(card)).agreeKey);
    const truth = smallPoints.map(({ order }) => key % order === 0n);
    if (learnt.join() !== truth.join()) throw new Error('the shop was told something else');
  },
});

/** Does the order divide the card's private key? One meeting for each answer there may be. */
async function divides(card: TestCard, { identity }: Till, { point, shared }: SmallPoint): Promise<boolean> {
  if (await confirms(card, identity, point, shared.multiple)) return true;
  if (await confirms(card, identity, point, shared.other)) return false;
  throw new Error('the card computed something else');
}
