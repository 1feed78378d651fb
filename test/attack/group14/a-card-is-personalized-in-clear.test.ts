/** Group 14: `PT → C: {M}`, and M holds the card's secret key. */
import { expect } from 'chai';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { pinBlock } from '../../../host/protocol/codec/pin.js';
import { pointOf, softwareSigner } from '../../../host/protocol/crypto/ecdsa.js';
import { transportKeys } from '../../../host/protocol/session/keys.js';
import { freshCard } from '../../helpers/cards.js';
import { privateKeyFor } from '../../helpers/keys.js';
import { batchKey, holderPin, personalize } from '../../helpers/personalize.js';
import { Wiretap } from '../support/conversation.js';
import { dissect } from '../support/dissection.js';
import { hash, holds, principal } from './messages.js';
import type { Signed } from './messages.js';

/** `M`: "Cid, card secret key and required public keys and digital certificate". */
interface Personalization {
  readonly cardId: string;
  readonly secretKey: Uint8Array;
}

/** Protocol 4, last step but one: the terminal puts what the server made onto the card, as it is. */
function personalizeInClear(cardId: string, heard: Personalization[]): void {
  heard.push({ cardId, secretKey: privateKeyFor(`group 14 ${cardId}`) });
}

describe('What is written onto a new card', () => {
  it('in Group 14’s protocol makes whoever listens at the desk the card’s twin', () => {
    const heard: Personalization[] = [];
    personalizeInClear('card', heard);
    const { certificate } = principal('card');
    const twins = heard.map(({ secretKey }): Signed => {
      const fields = [hash('1', 'nonce', 'shop')];
      const message = new TextEncoder().encode(JSON.stringify(fields));
      return { fields, signature: softwareSigner(secretKey).sign(message), certificate };
    });
    expect(twins.map(holds)).to.deep.equal([true]);
  });

  it('[R3] [R5] [R10] here holds no private key, which the card makes itself, and no PIN that could be read', async () => {
    const card = await freshCard('raw');
    const tap = new Wiretap(card);
    await personalize(tap, { cardId: card.cardId });
    const wire = tap.heard.map(({ command, answer }) => `${toHex(command)} ${toHex(answer)}`).join(' ');
    const { signKey, agreeKey } = await dissect(card);
    const { enc, mac } = transportKeys(batchKey, card.serial);
    for (const secret of [signKey, agreeKey, enc, mac, pinBlock(holderPin), batchKey]) {
      expect(wire).to.not.include(toHex(secret));
    }
    // not even what will be public later: it goes out encrypted
    expect(wire).to.not.include(toHex(pointOf(signKey)));
    expect(wire).to.include(toHex(card.serial));
  });
});
