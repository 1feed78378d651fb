import { expect } from 'chai';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import { RecordingChannel, ReplayChannel } from '../../host/protocol/channel/record-replay.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat, equalBytes, fromHex, toHex, u16, u32 } from '../../host/protocol/codec/bytes.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { select } from '../../host/protocol/commands/select.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { money } from '../../host/protocol/codec/money.js';
import { isCardError } from '../../host/protocol/errors.js';
import type { CardErrorCode , CardError} from '../../host/protocol/errors.js';
import { LifeCycle, Role } from '../../host/protocol/generated/enums.js';
import { openingAnswerCodec } from '../../host/protocol/generated/structures.js';
import { openSession } from '../../host/protocol/session/open.js';
import { openRawSession } from '../../host/protocol/session/raw.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import type { PurseSession, SessionOptions } from '../../host/protocol/session/session.js';
import { bytesFor, repeatableRandom, signerFor } from '../helpers/keys.js';
import {
  MemoryPairs,
  TestClock,
  cardCertificate,
  cardLifetime,
  euro,
  scheme,
  startTime,
  terminal,
} from '../helpers/scheme.js';
import { CardDouble } from './card-double.js';

const posIdentity = terminal(Role.pos);

/** S1 for a POS: balance 10.00 EUR, NT 7. */
function s1(cardId: Uint8Array, nt = 7): Uint8Array {
  return openingAnswerCodec.encode({
    flags: 0,
    pinTries: 5,
    cardId,
    date: startTime,
    nt,
    slot: 0,
    unit: euro.code,
    balance: 10_00,
    parametersVersion: 1,
    room: concat(u32(50_00), u32(20_00), u32(100_00)),
    newest: { nt: 6, type: 1, tn: 3, slot: 0, amount: 250 },
  });
}

function newCard(overrides: Partial<Parameters<typeof cardCertificate>[0]> = {}): CardDouble {
  const card = new CardDouble(bytesFor('double', 8));
  card.certificate = cardCertificate({
    cardId: card.cardId,
    signPoint: card.signPoint,
    agreePoint: card.agreePoint,
    ...overrides,
  });
  card.s1 = s1(card.cardId);
  return card;
}

function optionsWith(overrides: Partial<SessionOptions> = {}): SessionOptions {
  return {
    scheme,
    identity: posIdentity,
    pairs: new MemoryPairs(),
    slot: 0,
    clock: new TestClock().read,
    ...overrides,
  };
}

async function refusal(promise: Promise<unknown>, code: CardErrorCode): Promise<CardError> {
  try {
    await promise;
  } catch (error) {
    if (isCardError(error)) {
      expect(error.code, error.message).to.equal(code);
      return error;
    }
    throw error;
  }
  throw new Error(`nothing was refused, ${code} was due`);
}

const order = { slot: 0, amount: money(100n, euro), tn: 9, time: startTime };

describe('a full session', () => {
  it('[R6] [R7] [R10] opens with a card that has no code in common with the terminal', async () => {
    const card = newCard();
    const session = await openSession(card, optionsWith());
    expect(session.kind).to.equal('full');
    expect(toHex(session.card.cardId)).to.equal(toHex(card.cardId));
    expect(session.s1.balance).to.deep.equal(money(10_00n, euro));
    expect(session.s1.headroom?.withoutPin).to.deep.equal(money(20_00n, euro));
    expect(session.s1.newest).to.deep.equal({ nt: 6, type: 1, tn: 3, slot: 0, amount: 250n });
    expect(session.expired).to.equal(false);
  });

  it('[R7] is not confirmed with a card another authority certified', async () => {
    const card = newCard({ ca: signerFor('attacker') });
    await refusal(openSession(card, optionsWith()), 'card-certificate');
    expect(card.log.at(-1)).to.equal('80500000');
    expect(card.pair).to.equal(undefined);
  });

  it('[R7] is lost with a card that copied a certificate but lacks its keys', async () => {
    const [card, impostor] = [newCard(), newCard()];
    impostor.certificate = card.certificate;
    await refusal(openSession(impostor, optionsWith()), 'lost');
  });

  it('is refused when S1 is that of another card', async () => {
    const card = newCard();
    card.s1 = s1(bytesFor('another', 8));
    await refusal(openSession(card, optionsWith()), 'card-certificate');
  });

  it('[R17] shows the card to the hot list before it confirms anything', async () => {
    const card = newCard();
    const admit = (): void => {
      throw new Error('listed');
    };
    await openSession(card, optionsWith({ admit })).then(
      () => expect.fail('opened'),
      (error: Error) => expect(error.message).to.equal('listed'),
    );
    expect(card.log).to.deep.equal(['80500100', '802a00be', '80500000']);
  });

  it('[R8] tells of a card past its date by the terminal’s clock', async () => {
    const clock = new TestClock();
    clock.advance(cardLifetime - 1);
    expect((await openSession(newCard(), optionsWith({ clock: clock.read }))).expired).to.equal(false);
    clock.advance(1);
    expect((await openSession(newCard(), optionsWith({ clock: clock.read }))).expired).to.equal(true);
  });
});

describe('a resumed session', () => {
  it('[R10] needs one command and no public-key operation once both know each other', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    card.log.length = 0;
    const session = await openSession(card, options);
    expect(session.kind).to.equal('resumed');
    expect(card.log).to.deep.equal(['80500100']);
    expect(session.s1.nt).to.equal(7);
  });

  const strangers: readonly [string, (card: CardDouble, pairs: MemoryPairs) => void][] = [
    ['the card forgot the terminal', (card) => (card.pair = undefined)],
    ['the terminal forgot the card', (_, pairs) => pairs.clear()],
    ['the terminal has another K-MAC', (_, pairs) => pairs.spoil((pair) => ({ ...pair, mac: bytesFor('other', 16) }))],
  ];
  for (const [what, estrange] of strangers) {
    it(`gives way to a full one, unnoticed, when ${what}`, async () => {
      const card = newCard();
      const pairs = new MemoryPairs();
      await openSession(card, optionsWith({ pairs }));
      estrange(card, pairs);
      const session = await openSession(card, optionsWith({ pairs }));
      expect(session.kind).to.equal('full');
      expect((await openSession(card, optionsWith({ pairs }))).kind).to.equal('resumed');
      expect(pairs.size).to.equal(1);
    });
  }

  it('[R17] judges the kept certificate anew: hot list, and the date', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    const clock = new TestClock();
    clock.advance(cardLifetime);
    expect((await openSession(card, { ...options, clock: clock.read })).expired).to.equal(true);
    let asked = '';
    await openSession(card, { ...options, admit: ({ certificate }) => void (asked = toHex(certificate.cardId)) });
    expect(asked).to.equal(toHex(card.cardId));
  });

  it('is refused when its S1 is that of another card', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    card.s1 = s1(bytesFor('another', 8));
    await refusal(openSession(card, options), 'card-certificate');
  });

  it('[R11] is not made of an answer given before: the old answer sends the terminal into a full session', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    const recorder = new RecordingChannel(card);
    await openSession(recorder, options);
    const old = recorder.exchanges[0]?.answer ?? new Uint8Array(0);
    const replaying: CardChannel = {
      transmit: (apdu) => (toHex(apdu.slice(0, 4)) === '80500100' ? Promise.resolve(old) : card.transmit(apdu)),
    };
    expect((await openSession(replaying, options)).kind).to.equal('full');
  });

  it('is not tried when the link breaks: nothing more is sent', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    let sent = 0;
    const broken: CardChannel = { transmit: () => (sent++, Promise.reject(new Error('pulled'))) };
    const error = await refusal(openSession(broken, options), 'lost');
    expect(error.moneyMoved).to.equal('no');
    expect(sent).to.equal(1);
  });
});

describe('a session with a raw card', () => {
  const serial = fromHex('0102030405060708');
  const batchKey = bytesFor('batch key', 16);
  const raw = (key = batchKey): CardDouble => {
    const card = newCard();
    card.transport = transportKeys(key, serial);
    return card;
  };

  it('opens under keys made from batch key and serial', async () => {
    const card = raw();
    card.handler = () => ({ sw: 0x9000 });
    const selected = await select(card);
    expect(selected.state).to.equal(LifeCycle.raw);
    const session = await openRawSession(card, {
      keys: transportKeys(batchKey, selected.serial!),
      terminalId: new Uint8Array(8),
    });
    expect(toHex(await session.transmit(fromHex('84460000')))).to.equal('9000');
  });

  it('does not open under the keys of another batch, or another serial', async () => {
    const other = { keys: transportKeys(bytesFor('other batch', 16), serial), terminalId: new Uint8Array(8) };
    await refusal(openRawSession(raw(), other), 'transport-keys');
    const wrongSerial = { keys: transportKeys(batchKey, new Uint8Array(8)), terminalId: new Uint8Array(8) };
    await refusal(openRawSession(raw(), wrongSerial), 'transport-keys');
  });

  it('does not open with a card that is nobody’s raw card any more', async () => {
    const card = newCard();
    await openSession(card, optionsWith());
    const keys = transportKeys(batchKey, serial);
    await refusal(openRawSession(card, { keys, terminalId: posIdentity.certificate.terminalId }), 'transport-keys');
  });
});

describe('secure messaging', () => {
  async function open(card = newCard()): Promise<{ card: CardDouble; session: PurseSession; link: TamperingLink }> {
    const link = new TamperingLink(card);
    return { card, link, session: await openSession(link, optionsWith({ random: repeatableRandom('terminal') })) };
  }

  it('[R9] shows neither amounts nor balances on the wire', async () => {
    const card = newCard();
    const recorder = new RecordingChannel(card);
    const session = await openSession(recorder, optionsWith());
    card.handler = () => ({ data: concat(u32(1), u32(2), u16(0), fromHex('0130')), sw: 0x9000 });
    await debit(session, order).catch(() => undefined);
    const wire = recorder.exchanges
      .map(({ command, answer }) => toHex(command) + toHex(answer ?? new Uint8Array(0)))
      .join('');
    expect(wire).not.to.contain(toHex(s1(card.cardId)).slice(20, 40));
    expect(wire).not.to.contain(`00${toHex(u32(100))}${toHex(u32(9))}`);
  });

  it('keeps the session after an authentic refusal, which proves that nothing moved', async () => {
    const { card, session } = await open();
    card.handler = () => ({ data: Uint8Array.of(0x0a), sw: 0x6982 });
    const error = await refusal(debit(session, order), 'refused');
    expect(error).to.include({ sw: 0x6982, reasonName: 'pinRequired', moneyMoved: 'no', command: 'DEBIT' });
    expect(session.over).to.equal(false);
  });

  it('tells wrong-PIN tries, and takes an executed-but-unsigned answer for done', async () => {
    const { card, session } = await open();
    card.handler = () => ({ sw: 0x63c2 });
    expect((await refusal(debit(session, order), 'refused')).pinTriesLeft).to.equal(2);
    card.handler = () => ({ sw: 0x6300 });
    expect((await refusal(debit(session, order), 'executed')).moneyMoved).to.equal('yes');
  });

  it('does not take an authentic 6F00, or a status word nobody knows, for "nothing moved"', async () => {
    const { card, session } = await open();
    for (const sw of [0x6f00, 0x6fff, 0x9001]) {
      card.handler = () => ({ sw });
      expect((await refusal(debit(session, order), 'refused')).moneyMoved).to.equal('unknown');
    }
  });

  for (const sw of ['6985', '6300', '6a88', '6982', '6700', '9001', '6105']) {
    it(`[M7] takes a plain ${sw} for a lost answer that proves nothing, and ends`, async () => {
      const { link, session } = await open();
      link.answerWith = () => fromHex(sw);
      const error = await refusal(debit(session, order), 'lost');
      expect(error.moneyMoved).to.equal('unknown');
      expect(session.over).to.equal(true);
      const sent = link.sent;
      await refusal(debit(session, order), 'session-over');
      expect(link.sent).to.equal(sent);
    });
  }

  it('[M7] refuses a plain refusal dressed as 9000', async () => {
    for (const forged of ['9000', '69859000', '0a69829000', `${'00'.repeat(10)}9000`]) {
      const { link, session } = await open();
      link.answerWith = () => fromHex(forged);
      await refusal(debit(session, order), 'lost');
    }
  });

  it('[R12] [M7] refuses an answer with any bit flipped, or cut short anywhere', async () => {
    const length = 13 + 2 + 8 + 2; // data, status word, MAC, outer status word
    for (let at = 0; at < length; at++) {
      const { card, link, session } = await open();
      card.handler = () => ({ data: new Uint8Array(13), sw: 0x9000 });
      link.change = (answer) => answer.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte));
      await refusal(debit(session, order), 'lost');
    }
    for (let cut = 1; cut < length; cut += 3) {
      const { card, link, session } = await open();
      card.handler = () => ({ data: new Uint8Array(13), sw: 0x9000 });
      link.change = (answer) => concat(answer.slice(0, Math.max(0, answer.length - 2 - cut)), fromHex('9000'));
      await refusal(debit(session, order), 'lost');
    }
  });

  it('[R11] [M7] refuses an answer given before in the same session', async () => {
    const { card, link, session } = await open();
    card.handler = () => ({ data: Uint8Array.of(0x0a), sw: 0x6985 });
    let first: Uint8Array | undefined;
    link.change = (answer) => (first ??= answer);
    await refusal(debit(session, order), 'refused');
    await refusal(debit(session, order), 'lost');
  });

  it('[M7] refuses its own command sent back as an answer', async () => {
    const { link, session } = await open();
    link.answerWith = (apdu) => concat(apdu.slice(5, -1), fromHex('9000'));
    await refusal(readTotals(session), 'lost');
  });

  it('[R11] [M7] sends no command the card would take twice, in another order, or from another session', async () => {
    const card = newCard();
    const recorder = new RecordingChannel(card);
    const session = await openSession(recorder, optionsWith());
    let acted = 0;
    card.handler = () => (acted++, { sw: 0x6985 });
    await debit(session, order).catch(() => undefined);
    const [command] = recorder.exchanges.slice(-1);
    expect(toHex(await card.transmit(command!.command))).to.equal('6988');
    await openSession(card, optionsWith());
    expect(toHex(await card.transmit(command!.command))).to.equal('6988');
    expect(acted).to.equal(1);
  });

  it('[M7] sends no command whose header or data could be changed on the way', async () => {
    const length = 5 + 13 + 8; // Le behind it is not covered: it asks for no more than the answer has
    for (let at = 1; at < length; at++) {
      if (at === 4) continue; // another Lc is another APDU, which no reader would send
      const { card, link, session } = await open();
      let acted = 0;
      card.handler = () => (acted++, { sw: 0x9000 });
      link.changeCommand = (apdu) => apdu.map((byte, i) => (i === at ? byte ^ 0x01 : byte));
      await refusal(debit(session, order), 'lost');
      expect(acted, `byte ${at}`).to.equal(0);
    }
  });

  it('takes a recorded conversation again only with the same nonces and keys', async () => {
    const card = newCard();
    const recorder = new RecordingChannel(card);
    await openSession(recorder, optionsWith());
    await refusal(openSession(new ReplayChannel(recorder.exchanges), optionsWith()), 'lost');
  });

  it('calls an authentic answer that cannot be read malformed, and does not say that nothing moved', async () => {
    const { card, session } = await open();
    card.handler = () => ({ data: Uint8Array.of(1, 2, 3), sw: 0x9000 });
    expect((await refusal(debit(session, order), 'malformed')).moneyMoved).to.equal('unknown');
    card.handler = () => ({ data: Uint8Array.of(1, 2, 3), sw: 0x6985 });
    expect((await refusal(debit(session, order), 'malformed')).moneyMoved).to.equal('unknown');
  });

  it('lets one command pass at a time', async () => {
    const { card, session } = await open();
    card.handler = () => ({ sw: 0x6985 });
    const first = debit(session, order).catch((error: unknown) => error);
    const second = await debit(session, order).catch((error: unknown) => error);
    expect(second).to.have.property('code', 'busy');
    expect(await first).to.have.property('code', 'refused');
  });
});

/** Sits between terminal and card. */
class TamperingLink implements CardChannel {
  answerWith: ((apdu: Uint8Array) => Uint8Array) | undefined;
  change: (answer: Uint8Array) => Uint8Array = (answer) => answer;
  changeCommand: (apdu: Uint8Array) => Uint8Array = (apdu) => apdu;
  sent = 0;
  readonly #card: CardChannel;

  constructor(card: CardChannel) {
    this.#card = card;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.sent++;
    const isProtected = apdu[0] === 0x84 && apdu[1] !== 0x82;
    if (!isProtected) return this.#card.transmit(apdu);
    if (this.answerWith) return this.answerWith(apdu);
    return this.change(await this.#card.transmit(this.changeCommand(apdu)));
  }
}

describe('certificates that sessions keep', () => {
  it('are the bytes the card gave', async () => {
    const card = newCard();
    const pairs = new MemoryPairs();
    await openSession(card, optionsWith({ pairs }));
    const kept = await pairs.find(card.pair!.name);
    expect(equalBytes(kept!.cardCertificate, card.certificate)).to.equal(true);
    expect(parseCardCertificate(kept!.cardCertificate).keyVersion).to.equal(1);
  });
});
