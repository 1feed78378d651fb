/** Whoever sits on the wire puts a status word of his own in the place of an answer, with the order swallowed or executed. */
import { expect } from 'chai';
import { concat, toHex, u16 } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { changePin } from '../../host/protocol/commands/change-pin.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import { statusWords } from '../../host/protocol/generated/status-words.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { freshCard, openWith } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { lost } from '../helpers/expectations.js';
import { holderPin } from '../helpers/personalize.js';
import { euro, startTime, terminal } from '../helpers/scheme.js';
import { Site } from '../helpers/site.js';
import { tampered } from './support/conversation.js';
import { Till, seenAfter } from './support/till.js';

/** Every status word of the specification, and then some: bare, or with data that looks like an answer. */
const forgeries: readonly Uint8Array[] = [
  u16(0x6985),
  u16(0x9000),
  u16(0x6300),
  concat(new Uint8Array(30), u16(0x9000)),
  concat(Uint8Array.of(0x0e), u16(0x6985)),
  new Uint8Array(0),
  Uint8Array.of(0x90),
  ...[0x63c0, 0x63c2, 0x6a82, 0x6999, 0x9001, 0x6100].map((sw) => u16(sw)),
  ...Object.values(statusWords).map(({ sw }) => u16(sw)),
];

type Command = (session: PurseSession, till: Till) => Promise<unknown>;

const kiosk = terminal(Role.load);
const loadOf = { type: LoadType.load, slot: 0, amount: money(10_00n, euro), time: startTime } as const;

/** What moves money, PINs or states. */
const shops: Record<string, Command> = {
  DEBIT: (session, till) => till.pay(session, till.order(3_50n)),
  CANCEL_LAST: async (session, till) => {
    const paid = await till.pay(session, till.order(3_50n));
    return till.cancel(session, till.cancelOf(paid), { seen: seenAfter(paid) });
  },
  VERIFY_PIN: (session) => verifyPin(session, holderPin),
};

function kiosks({ orders }: TestCard): Record<string, Command> {
  const asked = async (session: PurseSession): Promise<ReturnType<typeof orders.authorise>> => {
    await verifyPin(session, holderPin);
    return orders.authorise((await initLoad(session, loadOf)).statement, startTime);
  };
  return {
    CHANGE_PIN: (session) => changePin(session, holderPin, '1357'),
    INIT_LOAD: asked,
    CREDIT: async (session) => {
      const { fields, signature } = await asked(session);
      return credit(session, fields, signature);
    },
    CANCEL_LOAD: async (session) => cancelLoad(session, (await asked(session)).fields.counter),
    PUT_ORDER: (session) => putOrder(session, orders.block(1)),
  };
}

/** Forges the answer to one command. */
function forging(card: TestCard, name: string, forged: Uint8Array, swallow: boolean): TestCard['transmit'] {
  const { ins } = commands[name as keyof typeof commands];
  return async (apdu) => {
    if (apdu[1] !== ins) return card.transmit(apdu);
    if (!swallow) await card.transmit(apdu);
    return forged;
  };
}

/** Each forgery, in a session of its own; resumed ones, as they are quicker. */
async function attack(name: string, act: Command, isShop: boolean): Promise<void> {
  const card = await freshCard('active');
  const till = new Till();
  const identity = isShop ? till.identity : kiosk;
  const full = name === 'CANCEL_LAST';
  const { pairs } = till;
  await card.open(identity, { pairs });
  const start = await card.card.snapshot();
  for (const forged of full ? forgeries.slice(0, 6) : forgeries) {
    for (const swallow of [true, false]) {
      await card.card.restore(start);
      const session = await openWith({ transmit: forging(card, name, forged, swallow) }, identity, { pairs, full });
      const { moneyMoved, command } = await lost(act(session, till));
      expect(command, toHex(forged)).to.equal(name);
      const { movesMoney } = commands[name as keyof typeof commands];
      expect(moneyMoved, toHex(forged)).to.equal(movesMoney ? 'unknown' : 'no');
      expect(session.over).to.equal(true);
    }
  }
}

describe('A status word that somebody forged inside a session', function () {
  this.slow(2000);

  for (const [name, act] of Object.entries(shops)) {
    it(`[M2] [M7] proves nothing about ${name}, whichever it is, executed or not`, () => attack(name, act, true));
  }

  for (const name of ['CHANGE_PIN', 'INIT_LOAD', 'CREDIT', 'CANCEL_LOAD', 'PUT_ORDER']) {
    it(`[M3] [M7] proves nothing about ${name}, whichever it is, executed or not`, async () => {
      const act = kiosks(await freshCard('active'))[name];
      if (!act) throw new Error(name);
      await attack(name, act, false);
    });
  }

  it('[M7] [R16] takes no PIN try of the card, and tells nobody how many are left', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const session = await till.open(
      tampered(card, { answer: (answer, number) => (number === 5 ? u16(0x63c1) : answer) }),
    );
    const error = await lost(verifyPin(session, holderPin));
    expect(error.pinTriesLeft).to.equal(undefined);
    expect((await till.open(card)).s1.pinTries).to.equal(5);
  });

  it('[M7] outside a session costs the card nothing: it is refused, and opens the next time', async () => {
    const card = await freshCard('active');
    const till = new Till();
    for (const number of [0, 1, 2, 3]) {
      const link = tampered(card, { answer: (answer, at) => (at === number ? u16(0x6985) : answer) });
      await till.open(link, { full: true }).then(
        () => expect.fail('opened'),
        () => undefined,
      );
    }
    await till.pay(await till.open(card), till.order(3_50n));
  });
});

describe('At a shop, a forged status word', function () {
  this.slow(2000);
  let site: Site;

  beforeEach(() => (site = new Site()));
  afterEach(() => site.close());

  it('[M2] in place of S3 leaves the entry open: no goods, no void; the next meeting finds the payment', async () => {
    const card = await site.issuedCard(50_00n);
    for (const [i, sw] of [0x6985, 0x9000, 0x6a84, 0x6300, 0x63c4, 0x6982, 0x6983].entries()) {
      const tn = i + 1;
      card.link.tamper = (answer, apdu) => (apdu[1] === commands.DEBIT.ins ? u16(sw) : answer);
      const outcome = await site.pay(card.link, 5_00n);
      expect(outcome.result).to.equal('unresolved');
      expect(site.pos.journal.state.orders.get(tn)?.end).to.equal(undefined);
      card.link.tamper = (answer) => answer;
      const again = await site.pay(card.link, 5_00n);
      expect(again).to.deep.include({ result: 'paid', recovered: true, tn });
    }
  });

  it('[M2] in place of the card’s refusal leaves the entry open as well; the next meeting finds it void', async () => {
    const card = await site.issuedCard(50_00n);
    const seen = await site.pay(card.link, 1_00n);
    expect(seen.result).to.equal('paid');
    const transmit = card.link.transmit.bind(card.link);
    const swallowing = {
      transmit: (apdu: Uint8Array) => (apdu[1] === commands.DEBIT.ins ? Promise.resolve(u16(0x6985)) : transmit(apdu)),
    };
    expect((await site.pay(swallowing, 5_00n)).result).to.equal('unresolved');
    expect(site.pos.journal.state.orders.get(2)?.end).to.equal(undefined);
    expect(await site.pay(card.link, 5_00n)).to.deep.include({ result: 'paid', recovered: false, tn: 3 });
    expect(site.pos.journal.state.orders.get(2)?.end).to.deep.include({ result: 'void' });
  });

  it('[M2] does not make it ask another customer anything: the shop goes on', async () => {
    const [first, second] = [await site.issuedCard(50_00n), await site.issuedCard(50_00n)];
    first.link.tamper = (answer, apdu) => (apdu[1] === commands.DEBIT.ins ? u16(0x6985) : answer);
    expect((await site.pay(first.link, 5_00n)).result).to.equal('unresolved');
    expect((await site.pay(second.link, 5_00n)).result).to.equal('paid');
  });

  it('[M3] at a kiosk in place of the credit’s answer loses nothing: the next visit finishes the load, once', async () => {
    const card = await site.issuedCard();
    card.link.tamper = (answer, apdu) => (apdu[1] === commands.CREDIT.ins ? u16(0x6985) : answer);
    await site.load(card, 20_00n).then(
      () => expect.fail('loaded'),
      () => undefined,
    );
    card.link.tamper = (answer) => answer;
    await site.load(card, 20_00n);
    const paid = await site.pay(card.link, 1_00n);
    expect(paid.result).to.equal('paid');
    if (paid.result !== 'paid') return;
    expect(BigInt(paid.record.balance)).to.equal(site.issuer.funded(card.cardId, 0) - 1_00n);
  });
});
