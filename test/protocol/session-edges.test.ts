/** Sessions at their edges: which certificate is shown, what ends an opening, what S1 may say, and what is told of a refusal. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { CertificateError } from '../../host/protocol/certificates/certificate.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadState, LoadType, Role } from '../../host/protocol/generated/enums.js';
import { loadRegisterBriefCodec, openingAnswerCodec } from '../../host/protocol/generated/structures.js';
import type { OpeningAnswerFields } from '../../host/protocol/generated/structures.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import { openSession } from '../../host/protocol/session/open.js';
import { parseOpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import { openRawSession } from '../../host/protocol/session/raw.js';
import { openResumedSession } from '../../host/protocol/session/resumed.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { MemoryPairs, startTime, terminal } from '../helpers/scheme.js';
import type { CardDouble } from './card-double.js';
import { newCard, optionsWith, posIdentity, refusal, s1 } from './sessions.js';

const openResumed = '80500100';
const present = '802a00be';

/** The certificate is renewed: another date, all else as before. */
const renewed = (): TerminalIdentity => terminal(Role.pos, 'one', { expiry: startTime + 61 * day });

/** Answers some commands in the card's place. @param answer undefined for what the card is to answer itself */
function between(card: CardDouble, answer: (header: string) => string | undefined): CardChannel & { sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    transmit: (apdu) => {
      const header = toHex(apdu.slice(0, 4));
      sent.push(header);
      const own = answer(header);
      return own === undefined ? card.transmit(apdu) : Promise.resolve(fromHex(own));
    },
  };
}

/** Refuses the first certificate it is shown. */
function refusingFirst(card: CardDouble, sw: string): ReturnType<typeof between> {
  let shown = 0;
  return between(card, (header) => (header === present && shown++ === 0 ? sw : undefined));
}

describe('During a rotation of keys', () => {
  it('[R6] a card that does not know the new CA key is shown the certificate under the old one', async () => {
    const pairs = new MemoryPairs();
    const card = newCard();
    const link = refusingFirst(card, '6a88');
    const session = await openSession(
      link,
      optionsWith({ pairs, identity: { ...renewed(), earlier: posIdentity.certificate } }),
    );
    expect(session.kind).to.equal('full');
    expect(link.sent.filter((header) => header === present)).to.have.length(2);
    const kept = await pairs.find(card.pair!.name);
    expect(kept?.certificateExpiry).to.equal(posIdentity.certificate.expiry);
  });

  it('[R6] is refused by a card that knows neither key, and with no other certificate to show nothing more is sent', async () => {
    const { sw, command } = await refusal(openSession(refusingFirst(newCard(), '6a88'), optionsWith()), 'refused');
    expect({ sw, command }).to.deep.equal({ sw: 0x6a88, command: 'PRESENT_CERTIFICATE' });
    const link = between(newCard(), (header) => (header === present ? '6a88' : undefined));
    await refusal(
      openSession(link, optionsWith({ identity: { ...renewed(), earlier: posIdentity.certificate } })),
      'refused',
    );
    expect(link.sent.slice(-2)).to.deep.equal([present, present]);
  });

  it('[R6] a certificate that is refused for another reason is not followed by the earlier one', async () => {
    const link = refusingFirst(newCard(), '6a80');
    const identity = { ...renewed(), earlier: posIdentity.certificate };
    await refusal(openSession(link, optionsWith({ identity })), 'refused');
    expect(link.sent.filter((header) => header === present)).to.have.length(1);
  });

  it('a pair made under the earlier certificate is still good, and under one that is gone is not', async () => {
    const card = newCard();
    const pairs = new MemoryPairs();
    await openSession(card, optionsWith({ pairs }));
    const rotating = { ...renewed(), earlier: posIdentity.certificate };
    expect((await openSession(card, optionsWith({ pairs, identity: rotating }))).kind).to.equal('resumed');
    expect((await openSession(card, optionsWith({ pairs, identity: renewed() }))).kind).to.equal('full');
  });
});

describe('Which session is opened', () => {
  it('is a full one, and nothing else is tried, where it is asked for or no pairs are kept', async () => {
    const card = newCard();
    const pairs = new MemoryPairs();
    await openSession(card, optionsWith({ pairs }));
    const { pairs: _, ...without } = optionsWith();
    for (const options of [optionsWith({ pairs, full: true }), without]) {
      card.log.length = 0;
      expect((await openSession(card, options)).kind).to.equal('full');
      expect(card.log).to.not.include(openResumed);
    }
  });

  it('is none that is resumed for a terminal without pairs, though the card knows it', async () => {
    const card = newCard();
    await openSession(card, optionsWith());
    const { pairs: _, ...without } = optionsWith();
    expect(await openResumedSession(card, without)).to.equal(undefined);
  });

  it('[M7] is none where the card refuses the resumed one for a reason of its own, in clear or inside', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    const clear = between(card, (header) => (header === openResumed ? '6985' : undefined));
    expect((await refusal(openSession(clear, options), 'refused')).sw).to.equal(0x6985);
    expect(clear.sent).to.deep.equal([openResumed]);
    for (const [inside, reason] of [
      ['6985', 0],
      ['076985', 7],
      ['07086985', 0],
    ] as const) {
      card.resumedAnswer = fromHex(inside);
      const error = await refusal(openSession(card, options), 'refused');
      expect([error.sw, error.reason, error.command]).to.deep.equal([0x6985, reason, 'OPEN_SESSION_RESUMED']);
    }
  });

  it('[R7] is not a full one after a resumed one whose S1 was another card’s', async () => {
    const card = newCard();
    const options = optionsWith();
    await openSession(card, options);
    card.log.length = 0;
    card.s1 = s1(bytesFor('another', 8));
    await refusal(openSession(card, options), 'card-certificate');
    expect(card.log).to.deep.equal([openResumed]);
  });

  it('is over when somebody ends it, and not before', async () => {
    const session = await openSession(newCard(), optionsWith());
    expect(session.over).to.equal(false);
    session.end();
    expect(session.over).to.equal(true);
    await refusal(session.transmit(fromHex('84460000')), 'session-over');
  });
});

describe('A card’s certificate', () => {
  it('[R7] that cannot be read, or does not hold, is refused with what was wrong with it', async () => {
    const unreadable = newCard();
    unreadable.certificate = fromHex('7f2100');
    const error = await refusal(openSession(unreadable, optionsWith()), 'card-certificate');
    expect(error.cause).to.be.instanceOf(CertificateError);
    expect(error.message).to.include('cannot be read');
    const forged = newCard({ ca: signerFor('attacker') });
    const { cause } = await refusal(openSession(forged, optionsWith()), 'card-certificate');
    expect(cause).to.be.instanceOf(CertificateError).with.property('code', 'signature');
  });
});

describe('S1', () => {
  const fields = (change: Partial<OpeningAnswerFields> = {}): Uint8Array =>
    openingAnswerCodec.encode({ ...openingAnswerCodec.decode(s1(bytesFor('card', 8))), ...change });
  const flagsOf = (flags: number): readonly boolean[] => {
    const { blocked, expired, retired, logFull } = parseOpeningAnswer(fields({ flags }), Role.pos);
    return [blocked, expired, retired, logFull];
  };

  it('[R17] says of each state of the card alone whether it is in it', () => {
    const [no, yes] = [false, true];
    expect(flagsOf(0x00)).to.deep.equal([no, no, no, no]);
    expect(flagsOf(0x02)).to.deep.equal([yes, no, no, no]);
    expect(flagsOf(0x04)).to.deep.equal([no, yes, no, no]);
    expect(flagsOf(0x08)).to.deep.equal([no, no, yes, no]);
    expect(flagsOf(0x10)).to.deep.equal([no, no, no, yes]);
    expect(flagsOf(0x1e)).to.deep.equal([yes, yes, yes, yes]);
  });

  const register = { counter: 4, state: LoadState.none, type: LoadType.unload, slot: 1, amount: 20_00 };
  const room = (type: number = register.type): Uint8Array =>
    loadRegisterBriefCodec.encode({ ...register, type, rfu: 0 });

  it('tells a POS what it may debit and a kiosk or desk how the last load stands, and never both', () => {
    const pos = parseOpeningAnswer(fields(), Role.pos);
    expect([pos.headroom?.offline.amount, pos.load]).to.deep.equal([100_00n, undefined]);
    for (const role of [Role.load, Role.perso]) {
      const { headroom, load } = parseOpeningAnswer(fields({ room: room() }), role);
      expect(headroom).to.equal(undefined);
      expect(load).to.deep.equal({ ...register, amount: 20_00n });
    }
  });

  it('has no type of a load before the first, and is refused with one that there is not', () => {
    expect(parseOpeningAnswer(fields({ room: room(0) }), Role.load).load?.type).to.equal(undefined);
    expect(() => parseOpeningAnswer(fields({ room: room(9) }), Role.load)).to.throw(RangeError, 'S1 holds 9');
  });

  it('has no newest record where the terminal never made one', () => {
    const none = { nt: 0, type: 0, tn: 0, slot: 0, amount: 0 };
    expect(parseOpeningAnswer(fields({ newest: none }), Role.pos).newest).to.equal(undefined);
  });
});

describe('A session with a raw card at its edges', () => {
  const keys = transportKeys(bytesFor('batch key', 16), fromHex('0102030405060708'));
  const options = { keys, terminalId: new Uint8Array(8) };
  const raw = (): CardDouble => {
    const card = newCard();
    card.transport = keys;
    return card;
  };

  it('begins with the random numbers it was given', async () => {
    const card = raw();
    const sent: string[] = [];
    const link: CardChannel = { transmit: (apdu) => (sent.push(toHex(apdu)), card.transmit(apdu)) };
    await openRawSession(link, { ...options, random: (length) => new Uint8Array(length).fill(0xa7) });
    expect(sent[0]).to.include('a7'.repeat(16));
  });

  it('[M7] is refused by a card that shows the S1 of somebody’s purse under transport keys', async () => {
    const card = raw();
    card.resumedAnswer = fromHex(`${toHex(card.s1)}9000`);
    const error = await refusal(openRawSession(card, options), 'malformed');
    expect(error.command).to.equal('OPEN_SESSION_RESUMED');
  });

  it('does not open with a card of another batch, and names the command that did not', async () => {
    const other = { ...options, keys: transportKeys(bytesFor('other batch', 16), new Uint8Array(8)) };
    expect((await refusal(openRawSession(raw(), other), 'transport-keys')).command).to.equal('OPEN_SESSION_RESUMED');
  });

  it('is over when somebody ends it, and not before', async () => {
    const session = await openRawSession(raw(), options);
    expect(session.over).to.equal(false);
    session.end();
    expect(session.over).to.equal(true);
    await refusal(session.transmit(fromHex('84460000')), 'session-over');
  });
});
