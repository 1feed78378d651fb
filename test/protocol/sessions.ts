/** What the session tests share: a card written twice over, its S1, and a link that can be tampered with. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat, u32 } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { isCardError } from '../../host/protocol/errors.js';
import type { CardError, CardErrorCode } from '../../host/protocol/errors.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { openingAnswerCodec } from '../../host/protocol/generated/structures.js';
import type { SessionOptions } from '../../host/protocol/session/session.js';
import { bytesFor } from '../helpers/keys.js';
import { MemoryPairs, TestClock, cardCertificate, euro, scheme, startTime, terminal } from '../helpers/scheme.js';
import { CardDouble } from './card-double.js';

export const posIdentity = terminal(Role.pos);

/** S1 for a POS: balance 10.00 EUR, NT 7. */
export function s1(cardId: Uint8Array, nt = 7): Uint8Array {
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

export function newCard(overrides: Partial<Parameters<typeof cardCertificate>[0]> = {}): CardDouble {
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

export function optionsWith(overrides: Partial<SessionOptions> = {}): SessionOptions {
  return {
    scheme,
    identity: posIdentity,
    pairs: new MemoryPairs(),
    slot: 0,
    clock: new TestClock().read,
    ...overrides,
  };
}

export async function refusal(promise: Promise<unknown>, code: CardErrorCode): Promise<CardError> {
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

export const order = { slot: 0, amount: money(100n, euro), tn: 9, time: startTime };

/** Sits between terminal and card. */
export class TamperingLink implements CardChannel {
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
