import { expect } from 'chai';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { RecordingChannel } from '../../host/protocol/channel/record-replay.js';
import { equalBytes, fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { select } from '../../host/protocol/commands/select.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import { openSession } from '../../host/protocol/session/open.js';
import { openRawSession } from '../../host/protocol/session/raw.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { MemoryPairs, TestClock, cardLifetime, euro, keyIdOf, schemeId } from '../helpers/scheme.js';
import type { CardDouble } from './card-double.js';
import { newCard, optionsWith, posIdentity, refusal, s1 } from './sessions.js';

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

  it('is not confirmed with a card of another scheme', async () => {
    const authority = { ...keyIdOf('cardCa'), scheme: schemeId + 1 };
    await refusal(openSession(newCard({ authority }), optionsWith()), 'foreign-scheme');
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

  it('is refused when S1 is about another purse slot, or says what no card may say', async () => {
    const card = newCard();
    await refusal(openSession(card, optionsWith({ slot: 1 })), 'malformed');
    for (const [at, byte] of [
      [0, 0x01], // a flag nobody knows
      [19, 0xff], // a unit nobody knows
      [43, 0x09], // a newest record of no type
    ] as const) {
      card.s1 = s1(card.cardId).map((value, i) => (i === at ? byte : value));
      await refusal(openSession(card, optionsWith()), 'malformed');
    }
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
