/** Signatures in any form but the one, or made by the right key for another purpose, wherever card or terminal check one. */
import { expect } from 'chai';
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { cancelOrderOf } from '../../host/protocol/commands/cancel-last.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { verifyEcdsa } from '../../host/protocol/crypto/ecdsa.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { verifyNative } from '../../host/protocol/crypto/native.js';
import { isCardError } from '../../host/protocol/errors.js';
import { LoadType, OrderType, Role } from '../../host/protocol/generated/enums.js';
import { signatureMax } from '../../host/protocol/generated/parameters.js';
import { domains } from '../../host/protocol/generated/structures.js';
import { recordMessage } from '../../host/protocol/signed/signed-record.js';
import { cancelOrderMessage } from '../../host/protocol/signed/cancel-order.js';
import { creditAuthorisationMessage } from '../../host/protocol/signed/credit-authorisation.js';
import { orderMessage } from '../../host/protocol/signed/order.js';
import { signedRecordOf } from '../../host/protocol/proofs/record.js';
import { openFullSession } from '../../host/protocol/session/full.js';
import { select } from '../../host/protocol/commands/select.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing } from '../helpers/expectations.js';
import { holderPin } from '../helpers/personalize.js';
import { authoritySigner, euro, scheme, schemeId, startTime, terminal } from '../helpers/scheme.js';
import { badSignatures, twin } from './support/bad-signatures.js';
import { Till, seenAfter } from './support/till.js';

/** A place where the card checks a signature: brings the card there, and tries one. */
interface Check {
  readonly card: TestCard;
  /** What is signed, tag included. */
  readonly message: Uint8Array;
  readonly signer: Signer;
  /** @throws CardError */
  readonly attempt: (signature: Uint8Array) => Promise<unknown>;
}

const kiosk = terminal(Role.load);

const checks: Record<string, () => Promise<Check>> = {
  'of a block order': async () => {
    const card = await freshCard('active');
    const order = card.orders.block(5);
    const session = await card.open(terminal(Role.pos));
    const message = orderMessage({ scheme: schemeId, cardId: card.cardId, type: OrderType.block, body: order.body });
    return {
      card,
      message,
      signer: authoritySigner('order'),
      attempt: (signature) => putOrder(session, { ...order, signature }),
    };
  },
  'of a credit authorisation': async () => {
    const card = await freshCard('active');
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const amount = money(10_00n, euro);
    const { statement } = await initLoad(session, { type: LoadType.load, slot: 0, amount, time: startTime });
    const { fields } = card.orders.authorise(statement, startTime);
    return {
      card,
      message: creditAuthorisationMessage(fields),
      signer: authoritySigner('credit'),
      attempt: (signature) => credit(session, fields, signature),
    };
  },
  'of a cancel order': async () => {
    const card = await freshCard('active');
    const till = new Till();
    const session = await till.open(card, { full: true });
    const paid = await till.pay(session, till.order(3_50n));
    const request = till.cancelOf(paid);
    return {
      card,
      message: cancelOrderMessage(cancelOrderOf(session, request)),
      signer: till.identity.signer,
      attempt: (signature) => till.cancel(session, request, { seen: seenAfter(paid), signature }),
    };
  },
};

async function refusedQuietly({ attempt }: Check, signature: Uint8Array, name: string): Promise<void> {
  const error: unknown = await attempt(signature).catch((thrown: unknown) => thrown);
  if (!isCardError(error, 'refused')) throw new Error(`${name}: not refused`, { cause: error });
  // A form that is too short or too long for any signature is a wrong length.
  expect([error.reasonName, error.sw], name).to.be.deep.oneOf([
    ['signature', 0x6a80],
    ['none', 0x6700],
  ]);
}

/** Those that a command has room for; tests of lengths send the others. */
function fitting(good: Uint8Array): [string, Uint8Array][] {
  return Object.entries(badSignatures(good)).filter(([, signature]) => signature.length <= signatureMax);
}

for (const [name, prepare] of Object.entries(checks)) {
  describe(`The signature ${name}`, () => {
    it('[M3] [M7] malformed in any way is refused, in the session, and changes nothing', async () => {
      const check = await prepare();
      const bad = fitting(check.signer.sign(check.message));
      await changingNothing(check.card, async () => {
        for (const [form, signature] of bad) await refusedQuietly(check, signature, form);
      });
    });

    it('[M3] [M7] made by the right key over the very same bytes for another purpose is refused', async () => {
      const check = await prepare();
      const bytes = check.message.slice(4);
      const own = toHex(check.message.slice(0, 4));
      await changingNothing(check.card, async () => {
        for (const [purpose, tag] of Object.entries(domains)) {
          if (toHex(tag) === own) continue;
          await refusedQuietly(check, check.signer.sign(concat(tag, bytes)), purpose);
        }
        await refusedQuietly(check, check.signer.sign(bytes), 'no purpose');
      });
    });

    it('is taken in its proper form, and in that of its twin', async () => {
      const first = await prepare();
      await first.attempt(first.signer.sign(first.message));
      const second = await prepare();
      await second.attempt(twin(second.signer.sign(second.message)));
    });
  });
}

describe('The signature of a terminal that opens a session', () => {
  async function attempt(card: TestCard, forge: (message: Uint8Array, signer: Signer) => Uint8Array): Promise<unknown> {
    const { certificate, signer } = terminal(Role.pos);
    const identity = { certificate, signer: { ...signer, sign: (message: Uint8Array) => forge(message, signer) } };
    await select(card);
    return openFullSession(card, { scheme, identity, slot: 0, clock: () => startTime });
  }

  async function isRefused(card: TestCard, forge: Parameters<typeof attempt>[1], name: string): Promise<void> {
    const error: unknown = await attempt(card, forge).catch((thrown: unknown) => thrown);
    // signatures have 70 to 72 bytes: with other nonces comes a shorter one
    if (error === doesNotFit) return isRefused(card, forge, name);
    expect(isCardError(error, 'refused'), name).to.equal(true);
  }

  const doesNotFit = new Error('no room for this form of this signature');

  it('[R7] [M6] [M7] malformed in any way opens nothing', async () => {
    const card = await freshCard('active');
    const forms = fitting(terminal(Role.pos).signer.sign(card.cardId)).map(([form]) => form);
    await changingNothing(card, async () => {
      for (const form of forms) {
        const forge = (message: Uint8Array, signer: Signer): Uint8Array => {
          const bad = badSignatures(signer.sign(message))[form];
          if (bad === undefined || bad.length > signatureMax) throw doesNotFit;
          return bad;
        };
        await isRefused(card, forge, form);
      }
    });
  });

  it('[R7] [M6] made for a receipt, a batch, a cancel order or a request opens nothing', async () => {
    const card = await freshCard('active');
    await changingNothing(card, async () => {
      for (const [purpose, tag] of Object.entries(domains)) {
        if (purpose === 'terminalAuthentication') continue;
        await isRefused(card, (message, signer) => signer.sign(concat(tag, message.slice(4))), purpose);
      }
    });
  });
});

describe('S3 at a terminal', () => {
  it('[R13] [M2] malformed in any way proves nothing, to either of the two verifiers', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const session = await till.open(card);
    const { record, s3 } = await till.pay(session, till.order(3_50n));
    const message = recordMessage(signedRecordOf(session.card, record));
    for (const verify of [verifyEcdsa, verifyNative]) {
      expect(verify(message, s3, session.card.signPoint)).to.equal(true);
      for (const [form, signature] of Object.entries(badSignatures(s3))) {
        expect(verify(message, signature, session.card.signPoint), form).to.equal(false);
      }
    }
  });

  it('[R13] [M11] over the same bytes for another purpose is none', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const session = await till.open(card);
    const { record, s3 } = await till.pay(session, till.order(3_50n));
    const bytes = recordMessage(signedRecordOf(session.card, record)).slice(4);
    const proving = Object.entries(domains).filter(([, tag]) =>
      verifyEcdsa(concat(tag, bytes), s3, session.card.signPoint),
    );
    expect(proving.map(([purpose]) => purpose)).to.deep.equal(['signedRecord']);
  });
});
