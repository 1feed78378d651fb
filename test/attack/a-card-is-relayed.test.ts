/** Somebody stands beside a holder with a reader, his friend stands at a till: every command goes over a telephone. Nobody can see that; limits hold. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { isCardError } from '../../host/protocol/errors.js';
import { pinTries } from '../../host/protocol/generated/parameters.js';
import { firstParameters } from '../helpers/personalize.js';
import { freshCard } from '../helpers/cards.js';
import { refused } from '../helpers/refused.js';
import { Till } from './support/till.js';

const [purse] = firstParameters.slots;
const single = BigInt(purse?.pinlessSingle ?? 0);
const sum = BigInt(purse?.pinlessSum ?? 0);

/** The telephone: bytes from there to here and back, and everything that was said. */
class Relay implements CardChannel {
  readonly said: Uint8Array[] = [];

  constructor(private readonly card: CardChannel) {}

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const answer = await this.card.transmit(Uint8Array.from(apdu));
    this.said.push(apdu, answer);
    return Uint8Array.from(answer);
  }
}

describe('A card that is relayed to a far till', () => {
  it('pays there as if it were there: nobody can see it, and docs/security-model.md says so', async () => {
    const till = new Till('far');
    const relay = new Relay(await freshCard('active'));
    const { record } = await till.pay(await till.open(relay), till.order(single));
    expect(BigInt(record.amount)).to.equal(single);
  });

  it('[R16] [M12] is refused above the amount that needs no PIN', async () => {
    const till = new Till('far');
    const session = await till.open(new Relay(await freshCard('active')));
    await refused(till.pay(session, till.order(single + 1n)), 'securityStatus', 'pinRequired');
  });

  it('[R16] [M12] is refused once the sum without PIN is reached, at however many tills', async () => {
    const relay = new Relay(await freshCard('active'));
    let paid = 0n;
    for (let number = 0; paid + single <= sum; number++) {
      const till = new Till(`far ${number}`);
      await till.pay(await till.open(relay), till.order(single));
      paid += single;
    }
    const last = new Till('the last');
    await refused(last.pay(await last.open(relay), last.order(single)), 'securityStatus', 'pinRequired');
    expect(paid <= sum).to.equal(true);
  });

  it('[M12] does not give the PIN away to whoever relays: with a guessed one it is refused, and a try is gone', async () => {
    const till = new Till('far');
    const session = await till.open(new Relay(await freshCard('active')));
    const guess: unknown = await verifyPin(session, '9999').catch((error: unknown) => error);
    expect(isCardError(guess, 'refused') && guess.pinTriesLeft).to.equal(pinTries - 1);
    await refused(till.pay(session, till.order(single + 1n)), 'securityStatus', 'pinRequired');
  });
});
