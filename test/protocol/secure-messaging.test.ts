import { expect } from 'chai';
import { RecordingChannel, ReplayChannel } from '../../host/protocol/channel/record-replay.js';
import { concat, fromHex, toHex, u16, u32 } from '../../host/protocol/codec/bytes.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { openSession } from '../../host/protocol/session/open.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { repeatableRandom } from '../helpers/keys.js';
import type { CardDouble } from './card-double.js';
import { TamperingLink, newCard, optionsWith, order, refusal, s1 } from './sessions.js';

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
