/** Whoever sits on the wire turns one bit of a payment, in each place there is, in either direction. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { equalBytes, toHex } from '../../host/protocol/codec/bytes.js';
import { select } from '../../host/protocol/commands/select.js';
import { isCardError } from '../../host/protocol/errors.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { classes, macLength } from '../../host/protocol/generated/parameters.js';
import { judgeCard } from '../../host/protocol/session/judge.js';
import { openResumedSession } from '../../host/protocol/session/resumed.js';
import type { SessionOptions } from '../../host/protocol/session/session.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { lost } from '../helpers/expectations.js';
import { repeatableRandom } from '../helpers/keys.js';
import { scheme, startTime } from '../helpers/scheme.js';
import { resumedFrom } from '../helpers/wire.js';
import { hurried } from '../support/hurried.js';
import { Wiretap, bitsOf, flipped, statusOf, tampered, wroteNothing } from './support/conversation.js';
import type { Heard } from './support/conversation.js';
import { Till } from './support/till.js';

const ok = 0x9000;
const headerLength = 4;
const selectNumber = 0;

/** A payment as it goes over the wire, and what the card has become by it. */
interface Payment {
  readonly card: TestCard;
  readonly till: Till;
  readonly tap: Wiretap;
  readonly after: string;
}

async function recordedPayment(kind: 'full' | 'resumed'): Promise<Payment> {
  const card = await freshCard('active');
  const till = new Till();
  if (kind === 'resumed') await till.open(card);
  const tap = new Wiretap(card);
  const session = await till.open(tap, { full: kind === 'full' });
  expect(session.kind).to.equal(kind);
  await till.pay(session, till.order(3_50n));
  return { card, till, tap, after: (await card.persistentState()).text };
}

/** In a hurry one bit of each byte, another each time, where each bit costs a signature check. */
function costlyBits(bytes: Uint8Array): number[] {
  return bitsOf(bytes).filter((bit) => !hurried || (bit & 7) === (bit >> 3) % 8);
}

/** The byte that asks for an answer is no part of what is meant: T=0 takes it away, so no MAC covers it. */
function isLe({ command }: Heard, bit: number): boolean {
  return bit >> 3 === command.length - 1;
}

/** Sends the turned command. The card's answer to it, having written nothing. */
async function attack({ card }: Payment, heard: Heard, bit: number): Promise<Uint8Array> {
  await card.card.restore(heard.before);
  const answer = await card.transmit(flipped(heard.command, bit));
  await wroteNothing(card, `bit ${bit} of ${toHex(heard.command)}`);
  return answer;
}

async function eachBitRefused(payment: Payment, heard: Heard, bits = bitsOf(heard.command)): Promise<void> {
  for (const bit of bits.filter((one) => !isLe(heard, one))) {
    expect(statusOf(await attack(payment, heard, bit)), `bit ${bit}`).to.not.equal(ok);
  }
}

describe('Every bit of a payment is flipped', function () {
  this.slow(4000);

  describe('on its way to the card', () => {
    it('[R9] [M7] the handshake of a full session: refused in clear, and nothing is written', async () => {
      const payment = await recordedPayment('full');
      for (const number of [1, 2]) {
        const heard = payment.tap.at(number);
        await eachBitRefused(payment, heard, costlyBits(heard.command));
      }
    });

    it('[R9] [M7] CONFIRM and DEBIT: refused in clear, the session is gone, and nothing is written', async () => {
      const payment = await recordedPayment('full');
      for (const heard of payment.tap.heard.slice(-2)) {
        await eachBitRefused(payment, heard);
        await attack(payment, heard, 8 * (heard.command.length - 2));
        expect(statusOf(await payment.card.transmit(heard.command)), 'the true command, late').to.not.equal(ok);
        await wroteNothing(payment.card);
      }
    });

    it('[R9] [R11] [M7] OPEN of a resumed session: no answer to a changed one is taken', async () => {
      const payment = await recordedPayment('resumed');
      const { tap, till } = payment;
      const open = tap.at(1);
      const pair = await till.pairs.find(open.answer.slice(0, 8));
      if (!pair) throw new Error('the till has no pair');
      const asked = open.command.slice(5, -1);
      expect(resumedFrom(asked, open.answer.slice(0, -2), pair)).to.not.equal(undefined);
      for (const bit of bitsOf(open.command).filter((one) => !isLe(open, one))) {
        const answer = await attack(payment, open, bit);
        if (statusOf(answer) !== ok) continue;
        expect(resumedFrom(asked, answer.slice(0, -2), pair), `bit ${bit}`).to.equal(undefined);
      }
    });

    it('[R9] [M7] DEBIT of a resumed session: refused in clear, and nothing is written', async () => {
      const payment = await recordedPayment('resumed');
      await eachBitRefused(payment, payment.tap.at(-1));
    });

    it('SELECT: another answer, or the same; nothing is written', async () => {
      const payment = await recordedPayment('resumed');
      const heard = payment.tap.at(selectNumber);
      for (const bit of bitsOf(heard.command)) await attack(payment, heard, bit);
    });

    it('[M2] the byte Le, which no MAC covers: the order is executed as it was meant, once, or not at all', async () => {
      const payment = await recordedPayment('resumed');
      const { card, after } = payment;
      const heard = payment.tap.at(-1);
      for (const bit of bitsOf(heard.command).filter((one) => isLe(heard, one))) {
        await card.card.restore(heard.before);
        await card.transmit(flipped(heard.command, bit));
        const state = (await card.persistentState()).text;
        await card.card.restore(heard.before);
        expect([after, (await card.persistentState()).text]).to.include(state);
      }
    });
  });

  describe('on its way to the terminal', () => {
    /** The terminal's side alone, with the answers of a recorded card: it takes the same nonce each time. */
    async function resumedReplay(): Promise<{ heard: Uint8Array[]; pay: (link: CardChannel) => Promise<unknown> }> {
      const card = await freshCard('active');
      const till = new Till();
      await till.open(card);
      const order = till.order(3_50n);
      const pay = async (link: CardChannel): Promise<unknown> => {
        await select(link);
        const options: SessionOptions = {
          scheme,
          identity: till.identity,
          pairs: till.pairs,
          slot: 0,
          clock: () => startTime,
          random: repeatableRandom('bit flips'),
        };
        const session = await openResumedSession(link, options);
        return session && till.pay(session, order);
      };
      const tap = new Wiretap(card);
      await pay(tap);
      expect(await pay(playing(answers(tap), -1, 0)), 'the recording plays').to.not.equal(undefined);
      return { heard: answers(tap), pay };
    }

    function answers({ heard }: Wiretap): Uint8Array[] {
      return heard.map(({ answer }) => answer);
    }

    function playing(answers: readonly Uint8Array[], number: number, bit: number): CardChannel & { sent: number } {
      const link = {
        sent: 0,
        transmit: (_: Uint8Array) => {
          const at = link.sent++;
          const answer = answers[at] ?? new Uint8Array(0);
          return Promise.resolve(at === number ? flipped(answer, bit) : answer);
        },
      };
      return link;
    }

    it('[R6] [R9] [M7] the answer to OPEN of a resumed session: no session comes of it, and no order is sent', async () => {
      const { heard, pay } = await resumedReplay();
      for (const bit of bitsOf(heard[1] ?? new Uint8Array(0))) {
        const link = playing(heard, 1, bit);
        const outcome = await pay(link).catch((error: unknown) => {
          if (!isCardError(error)) throw error;
        });
        expect(outcome, `bit ${bit}`).to.equal(undefined);
        expect(link.sent, `bit ${bit}`).to.equal(2);
      }
    });

    it('[M2] [M7] the answer to DEBIT: lost, whatever the bit; the terminal believes neither yes nor no', async () => {
      const { heard, pay } = await resumedReplay();
      for (const bit of bitsOf(heard[2] ?? new Uint8Array(0))) await lost(pay(playing(heard, 2, bit)), 'unknown');
    });

    it('the answer to SELECT: a refusal, or the payment as it was meant', async () => {
      const { heard, pay } = await resumedReplay();
      let paid = 0;
      for (const bit of bitsOf(heard[selectNumber] ?? new Uint8Array(0))) {
        const link = playing(heard, selectNumber, bit);
        const done = await pay(link).then(
          () => true,
          (error: unknown) => !isCardError(error),
        );
        expect(link.sent, `bit ${bit}`).to.equal(done ? 3 : 1);
        if (done) paid++;
      }
      expect(paid).to.be.above(0);
    });

    it('[R6] [R9] the certificate of the card: not one bit of it may differ', async () => {
      const { tap } = await recordedPayment('full');
      const certificate = tap.at(2).answer.slice(0, -2);
      const options = { scheme, identity: new Till().identity, slot: 0, clock: () => startTime };
      await judgeCard(certificate, options);
      for (const bit of costlyBits(certificate)) {
        const accepted = await judgeCard(flipped(certificate, bit), options).then(
          () => true,
          (error: unknown) => !isCardError(error, 'card-certificate', 'foreign-scheme'),
        );
        expect(accepted, `bit ${bit}`).to.equal(false);
      }
    });

    it('[R6] [R12] the other answers of a full session: no session, and no order is sent', async () => {
      const card = await freshCard('active');
      const start = await card.card.snapshot();
      const till = new Till();
      // The nonce of the card, and the answer to CONFIRM SESSION; one bit of each byte, another each time.
      for (const [number, length] of [
        [1, 16 + 2],
        [3, 8 + 53 + 2 + macLength + 2],
      ] as const) {
        for (let byte = 0; byte < length; byte++) {
          await card.card.restore(start);
          const bit = 8 * byte + (byte % 8);
          const link = tampered(card, { answer: (apdu, at) => (at === number ? flipped(apdu, bit) : apdu) });
          const opened = await till.open(link, { full: true }).then(
            () => true,
            (error: unknown) => !isCardError(error, 'refused', 'lost', 'malformed'),
          );
          expect(opened, `bit ${bit} of answer ${number}`).to.equal(false);
        }
      }
    });
  });

  it('[R9] a payment that nobody touches goes through', async () => {
    const { tap, card, after } = await recordedPayment('full');
    await card.card.restore(tap.at(0).before);
    for (const { command, answer } of tap.heard) {
      expect(equalBytes(await card.transmit(command), answer)).to.equal(true);
    }
    expect((await card.persistentState()).text).to.equal(after);
  });

  it('knows the shape of what it flips', async () => {
    const { tap } = await recordedPayment('resumed');
    const debit = tap.at(-1).command;
    expect(tap.heard).to.have.length(3);
    expect([...debit.slice(0, headerLength)]).to.deep.equal([classes.protected, commands.DEBIT.ins, 0, 0]);
  });
});
