/** Somebody reads every key out of his own card. What that gives him, and what it does not: others’ cards, terminals, the issuer’s money. */
import { expect } from 'chai';
import type { SessionKeys } from '../../host/protocol/channel/secure.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { select } from '../../host/protocol/commands/select.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { pointOf, softwareSigner } from '../../host/protocol/crypto/ecdsa.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LoadType, Reason, Role } from '../../host/protocol/generated/enums.js';
import { classes, nonceLength } from '../../host/protocol/generated/parameters.js';
import { isProved, signedRecordOf } from '../../host/protocol/proofs/record.js';
import { agreeKeys, resumedChain } from '../../host/protocol/session/keys.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { signRecord } from '../../host/protocol/signed/signed-record.js';
import { freshCard, openWith } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, lost } from '../helpers/expectations.js';
import { holderPin } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { MemoryPairs, startTime, terminal } from '../helpers/scheme.js';
import { apdu, present, resumedSession } from '../helpers/wire.js';
import { Wiretap, statusOf } from './support/conversation.js';
import { dissect } from './support/dissection.js';
import type { CardSecrets } from './support/dissection.js';
import { decrypted } from './support/eavesdropper.js';
import type { Overheard } from './support/eavesdropper.js';
import { Till } from './support/till.js';

const kiosk = terminal(Role.load, 'one');

/** The attacker's card with a pair for the kiosk, in pieces; and somebody else's, whole. */
interface Scene {
  readonly mine: TestCard;
  readonly keys: CardSecrets;
  readonly theirs: TestCard;
}

async function scene(): Promise<Scene> {
  const mine = await freshCard('active', 'one');
  await mine.open(kiosk, { pairs: new MemoryPairs() });
  return { mine, keys: await dissect(mine), theirs: await freshCard('active', 'two') };
}

/** A payment in a full session, heard from the side, and what the agreement key makes of it. */
async function payment(card: TestCard, agreeKey: Uint8Array): Promise<Overheard[] | undefined> {
  const till = new Till();
  const tap = new Wiretap(card);
  await till.pay(await till.open(tap, { full: true }), till.order(3_51n));
  const [, presented, opened, ...inside] = tap.heard;
  if (!presented || !opened) throw new Error('no full session');
  const cardNonce = presented.answer.slice(0, -2);
  const asked = opened.command.slice(5, -1);
  const ephemeral = asked.slice(nonceLength, nonceLength + 64);
  const { terminalId, expiry: certificateExpiry } = till.identity.certificate;
  const info = {
    cardId: card.cardId,
    terminalId,
    certificateExpiry,
    cardNonce,
    terminalNonce: asked.slice(0, nonceLength),
    ephemeral,
  };
  return decrypted(inside, agreeKeys(agreeKey, ephemeral, info).session, cardNonce);
}

describe('Whoever has taken a card apart', () => {
  it('[R15] has that card: its keys belong to its certificate, and read its sessions, as the security model says', async () => {
    const { mine, keys } = await scene();
    const session = await mine.open(kiosk);
    expect(toHex(pointOf(keys.signKey))).to.equal(toHex(session.card.signPoint));
    expect(toHex(pointOf(keys.agreeKey))).to.equal(toHex(session.card.agreePoint));
    const heard = await payment(mine, keys.agreeKey);
    const debit = heard?.find(({ ins }) => ins === commands.DEBIT.ins);
    expect(debit && toHex(debit.command.slice(1, 5))).to.equal('0000015f');
  });

  it('[R15] [M12] signs false records of that card, and of no other: its certificate names it', async () => {
    const { mine, keys, theirs } = await scene();
    const till = new Till();
    const [own, other] = [await till.open(mine), await till.open(theirs)];
    const { record } = await till.pay(other, till.order(1_00n));
    const forgedFor = (session: PurseSession): Uint8Array =>
      signRecord(signedRecordOf(session.card, { ...record, amount: 100_00 }), softwareSigner(keys.signKey));
    expect(isProved(own.card, { record: { ...record, amount: 100_00 }, s3: forgedFor(own) })).to.equal(true);
    expect(isProved(other.card, { record: { ...record, amount: 100_00 }, s3: forgedFor(other) })).to.equal(false);
  });

  it('[R15] [R10] reads no session of another card', async () => {
    const { keys, theirs } = await scene();
    expect(await payment(theirs, keys.agreeKey)).to.equal(undefined);
  });

  it('[R15] [R7] is no terminal to another card: its certificate and key open nothing there', async () => {
    const { mine, keys, theirs } = await scene();
    const { card } = await mine.open(kiosk);
    const { PRESENT_CERTIFICATE } = commands;
    await changingNothing(theirs, async () => {
      await select(theirs);
      // a card's certificate is longer than any terminal's
      const long = apdu(classes.plain, PRESENT_CERTIFICATE.ins, 0, 0xbe, card.bytes.slice(0, 239));
      expect(statusOf(await theirs.transmit(long))).to.equal(0x6a80);
      const impostor = { certificate: kiosk.certificate, signer: softwareSigner(keys.signKey) };
      await present(theirs, impostor);
      await refused(openWith(theirs, impostor), 'incorrectData');
    });
  });

  it('[R15] [M12] speaks to another card under no pair key of his own: they are as many as the cards', async () => {
    const { keys, theirs } = await scene();
    await theirs.open(kiosk, { pairs: new MemoryPairs() });
    const { pairs: others } = await dissect(theirs);
    const seen = new Set([...keys.pairs, ...others].flatMap(({ enc, mac }) => [toHex(enc), toHex(mac)]));
    expect(seen.size).to.equal(2 * (keys.pairs.length + others.length));
    await select(theirs);
    for (const pair of keys.pairs) {
      const attempt = resumedSession(theirs, kiosk.certificate.terminalId, pair);
      await attempt.then(
        () => expect.fail('opened'),
        () => undefined,
      );
    }
  });

  it('[R15] [M3] poses as a kiosk to his own card and mints nothing: there is no key of the issuer in it', async () => {
    const { mine, keys } = await scene();
    const pair = await pairOf(mine, keys);
    const session = await resumedSession(mine, kiosk.certificate.terminalId, pair);
    const { VERIFY_PIN, INIT_LOAD, CREDIT } = commands;
    const pin = await session.send(mine, VERIFY_PIN.ins, VERIFY_PIN.p1, VERIFY_PIN.p2, pinBlock(holderPin));
    expect(pin.sw).to.equal(0x9000);
    const wanted = { type: LoadType.load, slot: 0, amount: 100_00, time: startTime };
    const asked = await session.send(mine, INIT_LOAD.ins, 0, 0, INIT_LOAD.requestCodec.encode(wanted));
    const { statement } = INIT_LOAD.responseCodec.decode(asked.data);
    await changingNothing(mine, async () => {
      for (const key of [keys.signKey, keys.agreeKey]) {
        const { fields, signature } = mine.orders.authorise(statement, startTime, {}, softwareSigner(key));
        const answer = await session.send(mine, CREDIT.ins, 0, 0, CREDIT.requestCodec.encode({ ...fields, signature }));
        expect(answer).to.include({ where: 'inside', sw: 0x6a80, reason: Reason.signature });
      }
    });
  });

  it('[R15] [R6] poses as another card to no terminal, with that card’s certificate and his own keys', async () => {
    const { mine, theirs } = await scene();
    const till = new Till();
    const copied = (await till.open(theirs)).card.bytes;
    const impostor = {
      async transmit(command: Uint8Array): Promise<Uint8Array> {
        const answer = await mine.transmit(command);
        return answer.length > 200 ? Uint8Array.of(...copied, 0x90, 0x00) : answer;
      },
    };
    const before = till.pairs.size;
    await lost(till.open(impostor, { full: true }));
    expect(till.pairs.size).to.equal(before);
  });
});

/** Which of the extracted pairs is the kiosk's: the one that opens its session. */
async function pairOf(card: TestCard, { pairs }: CardSecrets): Promise<SessionKeys> {
  for (const pair of pairs) {
    await select(card);
    const opened = await resumedSession(card, kiosk.certificate.terminalId, pair).catch(() => undefined);
    if (opened) return pair;
  }
  throw new Error('no pair of the kiosk');
}

describe('The pair key of a terminal', () => {
  it('[R10] [R12] read out today opens no full session of before: they share nothing but the card', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const tap = new Wiretap(card);
    await till.pay(await till.open(tap, { full: true }), till.order(1_00n));
    const { pairs } = await dissect(card);
    const inside = tap.heard.slice(3);
    const nonce = tap.at(1).answer.slice(0, -2);
    for (const pair of pairs) {
      expect(decrypted(inside, pair, nonce)).to.equal(undefined);
      const { terminalId } = till.identity.certificate;
      const header = Uint8Array.of(classes.plain, 0x50, 1, 0);
      const transcript = {
        header,
        terminalId,
        terminalNonce: nonce,
        slot: 0,
        pairName: nonce.slice(0, 8),
        cardNonce: nonce,
      };
      expect(decrypted(inside, pair, resumedChain(pair.mac, transcript))).to.equal(undefined);
    }
  });
});
