/** Whoever sits between two cards and two terminals connects what does not belong together. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import { commands } from '../../host/protocol/generated/commands.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, failing, lost } from '../helpers/expectations.js';
import { statusOf, tampered } from './support/conversation.js';
import { Till } from './support/till.js';

const ok = 0x9000;
const { DEBIT, OPEN_SESSION_FULL, OPEN_SESSION_RESUMED } = commands;

/** A link whose other end can be exchanged between two commands. */
class Switch implements CardChannel {
  constructor(public card: CardChannel) {}

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    return this.card.transmit(apdu);
  }
}

/** Does something that must change nothing on either card. */
async function changingNeither(cards: readonly TestCard[], act: () => Promise<unknown>): Promise<void> {
  const [first, ...others] = cards;
  if (!first) {
    await act();
    return;
  }
  await changingNothing(first, () => changingNeither(others, act));
}

describe('Two cards at one terminal', () => {
  let one: TestCard;
  let two: TestCard;
  let till: Till;

  beforeEach(async () => {
    [one, two] = [await freshCard('active', 'one'), await freshCard('active', 'two')];
    till = new Till();
  });

  for (const full of [true, false]) {
    describe(`in ${full ? 'full' : 'resumed'} sessions`, () => {
      let link: Switch;
      let session: PurseSession;

      beforeEach(async () => {
        link = new Switch(one);
        await till.open(one);
        await till.open(two);
        session = await till.open(link, { full });
        expect(session.kind).to.equal(full ? 'full' : 'resumed');
        await till.open(two, { full });
      });

      it('[R11] [M2] [M7] the order meant for one is refused by the other', async () => {
        link.card = two;
        await changingNeither([one, two], () => lost(till.pay(session, till.order(3_50n)), 'unknown'));
      });

      it('[R11] [M2] the answer of the other to its own order proves nothing about this one', async () => {
        let answer = new Uint8Array(0);
        const other = await till.open(tampered(two, { answer: (given) => (answer = given.slice()) }), { full });
        await till.pay(other, till.order(3_50n));
        link.card = { transmit: () => Promise.resolve(answer) };
        await changingNothing(one, () => lost(till.pay(session, till.order(3_50n)), 'unknown'));
      });
    });
  }

  it('[R7] [R12] a signature over the nonce of one does not open the other', async () => {
    const link: CardChannel = {
      async transmit(apdu) {
        if (apdu[1] === OPEN_SESSION_FULL.ins) return two.transmit(apdu);
        await two.transmit(apdu); // both cards have taken the certificate and given a nonce
        return one.transmit(apdu);
      },
    };
    await changingNeither([one, two], async () => {
      const { command } = await failing(till.open(link, { full: true }), 'refused');
      expect(command).to.equal('OPEN_SESSION_FULL');
    });
  });

  it('[R6] [R11] the certificate of one with the session of the other is lost at CONFIRM; no pair is kept', async () => {
    let certificate = new Uint8Array(0);
    await till.open(
      tampered(two, { answer: (answer) => (answer.length > 200 ? (certificate = answer.slice()) : answer) }),
      { full: true },
    );
    const pairs = till.pairs.size;
    const link = tampered(one, { answer: (answer) => (answer.length > 200 ? certificate : answer) });
    await changingNothing(one, () => lost(till.open(link, { full: true })));
    expect(till.pairs.size).to.equal(pairs);
  });

  it('[R6] [R11] the pair name of one with the answer of the other opens no resumed session with either', async () => {
    await till.open(one);
    await till.open(two);
    let nameOfTwo = new Uint8Array(0);
    await till.open(
      tampered(two, {
        answer: (answer, number) => {
          if (number === 1) nameOfTwo = answer.slice(0, 8);
          return answer;
        },
      }),
    );
    const renamed = tampered(one, {
      answer: (answer, number) => (number === 1 ? concat(nameOfTwo, answer.slice(8)) : answer),
    });
    const session = await till.open(renamed);
    expect(session.kind).to.equal('full');
    expect(toHex(session.card.cardId)).to.equal(toHex(one.cardId));
  });

  it('[R1] [R2] each pays for itself when nobody meddles', async () => {
    for (const card of [one, two, one]) {
      const { record } = await till.pay(await till.open(card), till.order(1_00n));
      expect(record.amount).to.equal(1_00);
    }
  });
});

describe('Two terminals at one card', () => {
  it('[R11] [M7] neither speaks in the session of the other, which OPEN has ended', async () => {
    const card = await freshCard('active');
    const [first, second] = [new Till('one'), new Till('two')];
    const link = new Switch(card);
    const session = await first.open(link);
    await second.open(card);
    await changingNothing(card, () => lost(first.pay(session, first.order(1_00n)), 'unknown'));
    expect(session.over).to.equal(true);
  });

  it('[R7] [R11] a resumed session is opened for the terminal that is named, and for no other that holds its pair’s place', async () => {
    const card = await freshCard('active');
    const [first, second] = [new Till('one'), new Till('two')];
    await first.open(card);
    await second.open(card);
    // The second asks in the name of the first: the card answers under a key the second does not have.
    const link: CardChannel = {
      transmit: (apdu) => {
        if (apdu[1] !== OPEN_SESSION_RESUMED.ins || apdu[2] !== 1) return card.transmit(apdu);
        const asked = apdu.slice();
        asked.set(first.identity.certificate.terminalId, 5);
        return card.transmit(asked);
      },
    };
    const session = await second.open(link);
    expect(session.kind).to.equal('full');
    const { record } = await second.pay(session, second.order(1_00n));
    expect(toHex(record.terminalId)).to.equal(toHex(second.identity.certificate.terminalId));
  });

  it('[M2] [R12] an order of the first sent in the session of the second is refused', async () => {
    const card = await freshCard('active');
    const [first, second] = [new Till('one'), new Till('two')];
    let order = new Uint8Array(0);
    const session = await first.open({
      transmit: (apdu) => {
        if (apdu[1] !== DEBIT.ins) return card.transmit(apdu);
        order = apdu.slice();
        return Promise.reject(new Error('the link broke'));
      },
    });
    await lost(first.pay(session, first.order(1_00n)));
    await second.open(card);
    await changingNothing(card, async () => expect(statusOf(await card.transmit(order))).to.not.equal(ok));
  });
});
