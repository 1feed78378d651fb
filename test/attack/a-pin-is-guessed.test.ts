/** Whoever has somebody's card tries PINs: fast, with power cut, at many terminals, in commands that look harmless; or wants to hear one. */
import { expect } from 'chai';
import { TraceChannel } from '../../host/protocol/channel/trace.js';
import type { TraceEvent } from '../../host/protocol/channel/trace.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { changePin } from '../../host/protocol/commands/change-pin.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putPinReset } from '../../host/protocol/commands/put-order.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { isCardError } from '../../host/protocol/errors.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LifeCycle, LoadType, Role } from '../../host/protocol/generated/enums.js';
import { pinTries } from '../../host/protocol/generated/parameters.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { freshCard, lastingTerminal, openWith } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, failing, lost } from '../helpers/expectations.js';
import { bytesFor } from '../helpers/keys.js';
import { firstParameters, holderPin } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { MemoryPairs, euro, startTime } from '../helpers/scheme.js';
import { fullSession } from '../helpers/wire.js';
import { Wiretap } from './support/conversation.js';
import { Till, seenAfter } from './support/till.js';

const kiosk = lastingTerminal(Role.load);
const desk = lastingTerminal(Role.perso);
const wrongPin = '0000';

/** More than a debit may take without PIN. */
const dear = BigInt(firstParameters.slots[0]?.pinlessSingle ?? 0) + 1n;
const loadOf = { type: LoadType.load, slot: 0, amount: money(1_00n, euro), time: startTime } as const;

async function triesOf(card: TestCard): Promise<number> {
  return (await readTotals(await card.open(desk))).pinTries;
}

async function wrong(attempt: Promise<unknown>): Promise<number> {
  const { pinTriesLeft } = await failing(attempt, 'refused');
  if (pinTriesLeft === undefined) throw new Error('refused, but not for the PIN');
  return pinTriesLeft;
}

describe('Whoever guesses a PIN', () => {
  let card: TestCard;

  beforeEach(async () => {
    card = await freshCard('active');
  });

  it('[R16] has five guesses; the fifth wrong one blocks the card, and the right PIN comes too late', async () => {
    const session = await card.open(kiosk);
    for (let left = pinTries - 1; left >= 0; left--) expect(await wrong(verifyPin(session, wrongPin))).to.equal(left);
    await refused(verifyPin(session, holderPin), 'blocked', 'lifeCycle');
    expect((await select(card)).state).to.equal(LifeCycle.blocked);
    await refused(card.open(kiosk), 'blocked');
    await refused(card.open(new Till().identity), 'blocked');
  });

  it('[R16] [M8] has five at all terminals together, in all commands, across sessions, resets and power-offs', async () => {
    const till = new Till();
    const guesses: (() => Promise<unknown>)[] = [
      async () => verifyPin(await till.open(card), wrongPin),
      async () => changePin(await card.open(kiosk), wrongPin, '1111'),
      async () => verifyPin(await card.open(lastingTerminal(Role.load, 'another')), '1234'),
      async () => verifyPin(await till.open(card), '246813579'),
      async () => changePin(await card.open(kiosk), '24680', wrongPin),
    ];
    for (const [i, guess] of guesses.entries()) {
      expect(await wrong(guess())).to.equal(pinTries - 1 - i);
      await card.card[i % 2 === 0 ? 'reset' : 'powerOff']();
      if (i % 2 !== 0) await card.card.powerOn();
    }
    await refused(card.open(kiosk), 'blocked');
  });

  it('[M8] gets the tries back with the right PIN alone', async () => {
    const session = await card.open(kiosk);
    for (let i = 1; i < pinTries; i++) await wrong(verifyPin(session, wrongPin));
    expect(await triesOf(card)).to.equal(1);
    await verifyPin(await card.open(kiosk), holderPin);
    expect(await triesOf(card)).to.equal(pinTries);
  });

  it('[M8] gets no try back from payments, loads, other orders, or a refused PIN reset', async () => {
    await wrong(verifyPin(await card.open(kiosk), wrongPin));
    const till = new Till();
    const session = await till.open(card);
    const paid = await till.pay(session, till.order(1_00n));
    await refused(till.pay(session, till.order(dear), seenAfter(paid)), 'securityStatus', 'pinRequired');
    await refused(putPinReset(await card.open(kiosk), card.orders.pinReset(1), '1111'), 'securityStatus', 'role');
    await refused(putPinReset(await card.open(desk), card.orders.pinReset(7), '1111'), 'conditions', 'stale');
    expect(await triesOf(card)).to.equal(pinTries - 1);
  });

  it('[M8] pays with a try whatever power cut there is: no cut gives an answer for nothing, none gives a try back', async () => {
    const pairs = new MemoryPairs();
    await card.open(kiosk, { pairs });
    const start = await card.card.snapshot();
    for (let cut = 0, answered = false; !answered; cut++) {
      await card.card.restore(start);
      for (let before: number = pinTries; before > 1;) {
        const session = await card.open(kiosk, { pairs });
        await card.card.cutPowerAt(cut);
        const error: unknown = await verifyPin(session, wrongPin).catch((thrown: unknown) => thrown);
        answered = isCardError(error, 'refused');
        if (!answered) await card.card.powerOn();
        const after = await triesLeft(card, pairs);
        expect(after, `cut ${cut}`).to.be.oneOf([before, before - 1]);
        if (answered) expect(after, `cut ${cut}`).to.equal(before - 1);
        if (after === before) break; // cut before anything was compared: nothing learnt, nothing lost
        before = after;
      }
    }
    const seen = await triesLeft(card, pairs);
    expect(seen).to.equal(1);
  });

  it('[M8] learns nothing from what is no PIN block: it costs no try, and is never right', async () => {
    const { session } = await selected(card);
    const block = pinBlock(holderPin);
    const malformed = [
      new Uint8Array(8),
      block.map((byte, i) => (i === 0 ? (byte & 0x0f) | 0x10 : byte)), // another format
      block.map((byte, i) => (i === 0 ? 0x23 : byte)), // three digits
      block.map((byte, i) => (i === 0 ? 0x2d : byte)), // thirteen
      block.map((byte, i) => (i === 7 ? 0xf0 : byte)), // filler of zeros
      block.map((byte, i) => (i === 1 ? 0x2a : byte)), // a digit A
      block.map((byte, i) => (i === 0 ? 0x25 : byte)), // five digits, the fifth a filler
    ];
    for (const bad of malformed) {
      const { sw } = await session.send(card, commands.VERIFY_PIN.ins, 0, 1, bad);
      expect(sw.toString(16), toHex(bad)).to.equal('6a80');
    }
    for (const bad of [block.slice(0, 7), new Uint8Array(0), bytesFor('long', 9)]) {
      expect((await session.send(card, commands.VERIFY_PIN.ins, 0, 1, bad)).sw).to.equal(0x6700);
    }
    expect(await triesOf(card)).to.equal(pinTries);
  });
});

async function triesLeft(card: TestCard, pairs: MemoryPairs): Promise<number> {
  return (await card.open(kiosk, { pairs })).s1.pinTries;
}

async function selected(card: TestCard): ReturnType<typeof fullSession> {
  await select(card);
  return fullSession(card, kiosk);
}

describe('A PIN that was verified', () => {
  let card: TestCard;
  let till: Till;
  let session: PurseSession;

  beforeEach(async () => {
    card = await freshCard('active');
    till = new Till();
    session = await till.open(card);
    await verifyPin(session, holderPin);
  });

  async function expectForgotten(by: PurseSession = session): Promise<void> {
    await changingNothing(card, () => refused(till.pay(by, till.order(dear)), 'securityStatus', 'pinRequired'));
  }

  it('[R16] serves one dear payment', async () => {
    const paid = await till.pay(session, till.order(dear));
    expect(paid.record.flags).to.equal(1);
    await expectForgotten();
  });

  it('[M12] serves no other payment after one that was refused', async () => {
    await refused(till.pay(session, till.order(90_00n)), 'conditions', 'transactionLimit');
    await expectForgotten();
  });

  it('[M12] serves no other payment after a cheap one that did not need it', async () => {
    const paid = await till.pay(session, till.order(1_00n));
    expect(paid.record.flags).to.equal(1);
    await expectForgotten();
  });

  it('[M12] is forgotten with a wrong PIN after it, with SELECT, a new session, a reset', async () => {
    await wrong(verifyPin(session, wrongPin));
    await expectForgotten();
    await verifyPin(session, holderPin);
    await expectForgotten(await till.open(card));
    const again = await till.open(card);
    await verifyPin(again, holderPin);
    await card.card.reset();
    await expectForgotten(await till.open(card));
  });

  it('[M12] of a session that somebody broke with a wrong MAC serves nobody', async () => {
    await card.transmit(Uint8Array.of(0x84, commands.DEBIT.ins, 0, 0, 8, ...bytesFor('no MAC', 8), 0));
    await lost(till.pay(session, till.order(dear)), 'unknown');
    await expectForgotten(await till.open(card));
  });

  it('[M12] at a kiosk serves one load; a refused one uses it up as well', async () => {
    const atKiosk = await card.open(kiosk);
    await verifyPin(atKiosk, holderPin);
    await refused(initLoad(atKiosk, { ...loadOf, amount: money(900_00n, euro) }), 'conditions', 'maxBalance');
    await changingNothing(card, () => refused(initLoad(atKiosk, loadOf), 'securityStatus', 'pinRequired'));
  });

  it('[R16] [M12] without it, cheap payments end at their sum; the PIN starts the sum anew', async () => {
    const poor = new Till('poor');
    const { pinlessSum = 0, pinlessSingle = 0 } = firstParameters.slots[0] ?? {};
    const start = await poor.open(card);
    let seen = { nt: start.s1.nt, balance: start.s1.balance.amount };
    let spent = 0;
    for (; spent + pinlessSingle <= pinlessSum; spent += pinlessSingle) {
      seen = seenAfter(await poor.pay(start, poor.order(BigInt(pinlessSingle)), seen));
    }
    const over = BigInt(pinlessSum - spent + 1);
    await changingNothing(card, () =>
      refused(poor.pay(start, poor.order(over), seen), 'securityStatus', 'pinRequired'),
    );
    await verifyPin(start, holderPin);
    await poor.pay(start, poor.order(over), seen);
  });
});

describe('Whoever listens for a PIN', () => {
  const block = toHex(pinBlock(holderPin));
  const digits = toHex(new TextEncoder().encode(holderPin));

  it('[R5] [R10] [M6] hears it nowhere: not in VERIFY PIN, not in CHANGE PIN, not in a PIN reset', async () => {
    const card = await freshCard('active');
    const tap = new Wiretap(card);
    const session = await openWith(tap, kiosk);
    await verifyPin(session, holderPin);
    await changePin(session, holderPin, '1357');
    await changePin(session, '1357', holderPin);
    await putPinReset(await openWith(tap, desk), card.orders.pinReset(1), holderPin);
    const wire = tap.heard.map(({ command, answer }) => `${toHex(command)} ${toHex(answer)}`).join('\n');
    for (const secret of [block, toHex(pinBlock('1357')), digits]) expect(wire).to.not.include(secret);
  });

  it('[R5] finds it in no trace, neither of the wire nor of the inside of a session', async () => {
    const card = await freshCard('active');
    const events: TraceEvent[] = [];
    const trace = (event: TraceEvent): void => void events.push(event);
    const link = new TraceChannel(card, trace, 'wire');
    const session = await openWith(link, kiosk, { trace });
    await verifyPin(session, holderPin);
    await wrong(verifyPin(session, wrongPin));
    await changePin(session, holderPin, '1357');
    const atDesk = await openWith(link, desk, { trace });
    await putPinReset(atDesk, card.orders.pinReset(1), holderPin);
    const text = JSON.stringify(events);
    expect(events.filter(({ layer }) => layer === 'inside')).to.have.length.above(3);
    expect(text).to.include('VERIFY_PIN').and.include('**');
    for (const secret of [block, toHex(pinBlock('1357')), toHex(pinBlock(wrongPin)), digits]) {
      expect(text).to.not.include(secret);
      expect(text).to.not.include(secret.toUpperCase());
    }
  });
});
