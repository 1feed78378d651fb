/** Merchant and holder try to get money out of CANCEL LAST: of another's purchase, an old one, twice, more than was paid, without a signature. */
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import type { RecordWithProof } from '../../host/protocol/commands/credit.js';
import { cancelOrderOf } from '../../host/protocol/commands/cancel-last.js';
import type { CancelRequest } from '../../host/protocol/commands/cancel-last.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readCancelOrder, readTotals } from '../../host/protocol/commands/read-log.js';
import { RecordType, Role } from '../../host/protocol/generated/enums.js';
import type { ReasonName, StatusWordName } from '../../host/protocol/generated/status-words.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { signCancelOrder, verifyCancelOrder } from '../../host/protocol/signed/cancel-order.js';
import type { CancelOrderFields } from '../../host/protocol/signed/cancel-order.js';
import { cardExpiry, freshCard, funds, lastingTerminal, load, synchronise } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, failing } from '../helpers/expectations.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { dollarSlot, firstParameters } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { dollar, euro, startTime } from '../helpers/scheme.js';
import { Till, seenAfter, seenIn } from './support/till.js';

const desk = lastingTerminal(Role.perso);
const kiosk = lastingTerminal(Role.load);

describe('A cancel', () => {
  let card: TestCard;
  let till: Till;
  let session: PurseSession;
  let paid: RecordWithProof;

  beforeEach(async () => {
    card = await freshCard('active');
    till = new Till();
    session = await till.open(card, { full: true });
    paid = await till.pay(session, till.order(3_50n));
  });

  function cancelRefused(
    request: CancelRequest,
    [status, reason]: [StatusWordName, ReasonName],
    by: PurseSession = session,
    signature?: Uint8Array,
  ): Promise<unknown> {
    const attempt = (): Promise<unknown> => till.cancel(by, request, signature ? { signature } : {});
    return changingNothing(card, () => refused(attempt(), status, reason));
  }

  it('[R2] [R13] of the last purchase gives back what it took, points too, with a proof', async () => {
    const { record } = await till.cancel(session, till.cancelOf(paid), { seen: seenAfter(paid) });
    expect(record).to.include({
      type: RecordType.cancel,
      balance: Number(funds.euro),
      pointsBalance: 0,
      ref: paid.record.nt,
    });
  });

  it('[R2] [M2] twice is refused: the newest record is the cancel', async () => {
    await till.cancel(session, till.cancelOf(paid), { seen: seenAfter(paid) });
    await cancelRefused(till.cancelOf(paid), ['conditions', 'notLast']);
  });

  it('[M2] of a cancel is refused', async () => {
    const cancelled = await till.cancel(session, till.cancelOf(paid), { seen: seenAfter(paid) });
    await cancelRefused(till.cancelOf(cancelled), ['conditions', 'notLast']);
  });

  it('[M2] of a purchase that is not the last is refused, whoever made the last', async () => {
    const second = await till.pay(session, till.order(1_00n), seenAfter(paid));
    await cancelRefused(till.cancelOf(paid), ['conditions', 'notLast']);
    const other = new Till('two');
    await other.pay(await other.open(card), other.order(1_00n));
    const again = await till.open(card, { full: true });
    await cancelRefused(till.cancelOf(second), ['conditions', 'notLast'], again);
  });

  it('[M2] of a load is refused', async () => {
    const loaded = await load(await card.open(kiosk), card.orders, 0, 5_00n);
    const again = await till.open(card, { full: true });
    await cancelRefused(till.cancelOf(loaded), ['conditions', 'notLast'], again);
  });

  it('[M12] of another terminal’s purchase is refused, even of one of the same merchant', async () => {
    const other = new Till('two');
    const elsewhere = await other.open(card, { full: true });
    await changingNothing(card, () => refused(other.cancel(elsewhere, other.cancelOf(paid)), 'conditions', 'notLast'));
  });

  const changes: Record<string, Partial<CancelRequest>> = {
    'of more than was paid': { amount: money(3_51n, euro) },
    'of nothing': { amount: money(0n, euro) },
    'of a part of what was paid': { amount: money(3_49n, euro) },
    'in another slot': { slot: dollarSlot, amount: money(3_50n, dollar) },
    'that names another TN': { cancelledTn: 99 },
    'that names an earlier NT': { cancelledNt: 2 },
    'that names a later NT': { cancelledNt: 4 },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`[M2] ${name} is refused`, () => cancelRefused(till.cancelOf(paid, change), ['conditions', 'notLast']));
  }

  it('[M12] in a resumed session is refused: there the card has no key to check the order with', async () => {
    const resumed = await till.open(card);
    expect(resumed.kind).to.equal('resumed');
    await cancelRefused(till.cancelOf(paid), ['securityStatus', 'fullSession'], resumed);
  });

  it('[R13] whose signature is anybody else’s, or over anything else, is refused', async () => {
    const request = till.cancelOf(paid);
    const order = cancelOrderOf(session, request);
    const { signer } = till.identity;
    const others: Record<string, Uint8Array> = {
      'another terminal': signCancelOrder(order, new Till('two').identity.signer),
      'an attacker': signCancelOrder(order, signerFor('attacker')),
      ...Object.fromEntries(
        (
          [
            ['another card', { cardId: bytesFor('another card', 8) }],
            ['another scheme', { scheme: order.scheme + 1 }],
            ['another terminal id', { terminalId: bytesFor('another', 8) }],
            ['another NT', { cancelledNt: order.cancelledNt + 1 }],
            ['another TN', { cancelledTn: order.cancelledTn + 1 }],
            ['another own TN', { tn: order.tn + 1 }],
            ['another slot', { slot: 1 }],
            ['another amount', { amount: 1 }],
          ] as [string, Partial<CancelOrderFields>][]
        ).map(([name, change]) => [name, signCancelOrder({ ...order, ...change }, signer)]),
      ),
    };
    for (const signature of Object.values(others)) {
      await cancelRefused(request, ['incorrectData', 'signature'], session, signature);
    }
  });

  it('[R13] leaves the terminal’s signature on the card, for the issuer: whoever settles all the same is convicted by it', async () => {
    const request = till.cancelOf(paid);
    const order = cancelOrderOf(session, request);
    await till.cancel(session, request, { seen: seenAfter(paid) });
    const kept = await readCancelOrder(await card.open(desk), 0);
    expect(kept).to.deep.include({ cancelledNt: order.cancelledNt, cancelledTn: order.cancelledTn, tn: order.tn });
    expect(verifyCancelOrder(order, kept.signature, till.identity.certificate.point)).to.equal(true);
    expect(verifyCancelOrder(order, kept.signature, session.card.signPoint)).to.equal(false);
  });

  it('[M12] [R14] is had only so often between two synchronisations; the offline sums are never given back', async () => {
    const most = firstParameters.cancelsBetweenSyncs;
    let seen = seenAfter(paid);
    let last = paid;
    for (let i = 0; i < most; i++) {
      const cancelled = await till.cancel(session, till.cancelOf(last), { seen });
      last = await till.pay(session, till.order(3_50n), seenAfter(cancelled));
      seen = seenAfter(last);
    }
    await cancelRefused(till.cancelOf(last), ['conditions', 'cancelLimit']);
    const atDesk = await card.open(desk);
    const { offlineSums, pinlessSums, cancels } = await readTotals(atDesk);
    expect(cancels).to.equal(most);
    expect(offlineSums[0]?.balance).to.equal((most + 1) * 3_50);
    expect(pinlessSums[0]?.balance).to.equal((most + 1) * 3_50);
    await synchronise(atDesk, card.orders, startTime);
    const again = await till.open(card, { full: true });
    await till.cancel(again, till.cancelOf(last), { seen: seenIn(again) });
  });

  it('[R8] [M9] with a time at or after the card’s end, or the terminal’s, is refused', async () => {
    const { expiry } = till.identity.certificate;
    await cancelRefused(till.cancelOf(paid, { time: expiry }), ['conditions', 'terminalExpired']);
    await cancelRefused(till.cancelOf(paid, { time: cardExpiry }), ['conditions', 'cardExpired']);
  });

  it('[R17] [M9] on a blocked card has no session to come in', async () => {
    await putOrder(session, card.orders.block(1));
    await changingNothing(card, () => failing(till.open(card, { full: true }), 'refused'));
  });
});
