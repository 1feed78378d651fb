/** Whatever bytes come, a parser either reads them or throws its own kind of error; and it reads nothing in two ways. */
import { expect } from 'chai';
import fc from 'fast-check';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import { CertificateError } from '../../host/protocol/certificates/certificate.js';
import { parseTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { encodeApdu, parseAnswer, parseApdu } from '../../host/protocol/channel/apdu.js';
import { describeExchange } from '../../host/protocol/channel/describe.js';
import { SecureChannel } from '../../host/protocol/channel/secure.js';
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import { MoneyError, formatAmount, parseMoney } from '../../host/protocol/codec/money.js';
import { PinError, pinBlock } from '../../host/protocol/codec/pin.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { getRecord } from '../../host/protocol/commands/get-proof.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readRecords, readTotals } from '../../host/protocol/commands/read-log.js';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { select } from '../../host/protocol/commands/select.js';
import { CardError } from '../../host/protocol/errors.js';
import { OrderType, Role } from '../../host/protocol/generated/enums.js';
import { SchemeError, parseScheme } from '../../host/protocol/scheme.js';
import { bytesFor } from '../helpers/keys.js';
import { cardCertificate, euro, startTime, terminal } from '../helpers/scheme.js';
import { signerFor } from '../helpers/keys.js';
import { money } from '../../host/protocol/codec/money.js';

const certificates = [
  terminal(Role.pos).certificate.bytes,
  cardCertificate({ cardId: bytesFor('c', 8), signPoint: signerFor('s').point, agreePoint: signerFor('a').point }),
];

/** Random bytes, and right ones with a piece cut out, put in or changed. */
const almostCertificates = fc.oneof(
  fc.uint8Array({ maxLength: 260 }),
  fc
    .tuple(fc.constantFrom(...certificates), fc.nat(255), fc.nat(8), fc.uint8Array({ maxLength: 8 }))
    .map(([whole, at, cut, put]) => concat(whole.slice(0, at), put, whole.slice(at + cut))),
);

async function throwsOnly(kind: abstract new (...args: never[]) => Error, act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(kind);
  }
}

describe('parsers', () => {
  it('of certificates throw CertificateError and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(almostCertificates, async (bytes) => {
        await throwsOnly(CertificateError, () => parseTerminalCertificate(bytes));
        await throwsOnly(CertificateError, () => parseCardCertificate(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('of answers throw CardError and nothing else, and say that a read moved no money', async () => {
    const order = { slot: 0, amount: money(1n, euro), tn: 1, time: startTime };
    const block = {
      type: OrderType.block,
      keyIndex: 0 as const,
      body: new Uint8Array(4),
      signature: new Uint8Array(70),
    };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 258 }), fc.boolean(), async (answer, done) => {
        const given = done ? concat(answer.slice(0, 256), Uint8Array.of(0x90, 0x00)) : answer;
        const card = { transmit: () => Promise.resolve(given) };
        for (const act of [
          () => select(card),
          () => readTotals(card),
          () => readRecords(card, 1),
          () => getRecord(card, 1),
        ]) {
          await throwsOnly(CardError, act);
          await act().catch((error: CardError) => expect(error.moneyMoved).to.equal('no'));
        }
        for (const act of [() => debit(card, order), () => cancelLoad(card, 1), () => putOrder(card, block)]) {
          await throwsOnly(CardError, act);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of protected answers take none that the keys did not make', async () => {
    const keys = { enc: bytesFor('enc', 16), mac: bytesFor('mac', 16) };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 258 }), async (answer) => {
        const channel = new SecureChannel({ transmit: () => Promise.resolve(answer) }, keys, bytesFor('chain', 16));
        const taken = await channel.transmit(Uint8Array.of(0x84, 0x54, 0, 0)).then(
          () => true,
          (error: unknown) => !(error instanceof CardError && error.code === 'lost'),
        );
        expect(taken).to.equal(false);
      }),
      { numRuns: 300 },
    );
  });

  it('of APDUs give back what they read, or throw RangeError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 270 }), async (bytes) => {
        await throwsOnly(RangeError, () => expect(toHex(encodeApdu(parseApdu(bytes)))).to.equal(toHex(bytes)));
        await throwsOnly(RangeError, () => parseAnswer(bytes));
        await throwsOnly(RangeError, () => describeExchange(bytes, undefined));
      }),
      { numRuns: 500 },
    );
  });

  it('of what people type throw their own errors, and give back what they read', async () => {
    const typed = fc.oneof(fc.string({ maxLength: 30 }), fc.stringMatching(/^-?\d{0,20}[.,]?\d{0,4}$/));
    await fc.assert(
      fc.asyncProperty(typed, async (text) => {
        await throwsOnly(MoneyError, () => expect(formatAmount(parseMoney(text, euro))).to.equal(text));
        await throwsOnly(PinError, () => pinBlock(text));
        await throwsOnly(SchemeError, () => parseScheme(text));
      }),
      { numRuns: 1000 },
    );
  });
});
