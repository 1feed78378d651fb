/** Merchant and holder cheat with real cards and go to the real issuer: settle what was cancelled, pay with a clone, pay with money never loaded. */
import { expect } from 'chai';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { cancelOrderOf } from '../../host/protocol/commands/cancel-last.js';
import type { RecordWithProof } from '../../host/protocol/commands/credit.js';
import { softwareSigner } from '../../host/protocol/crypto/ecdsa.js';
import { Outcome } from '../../host/protocol/generated/enums.js';
import type { RecordFields } from '../../host/protocol/generated/structures.js';
import { isProved, signedRecordOf } from '../../host/protocol/proofs/record.js';
import { verifyCancelOrder } from '../../host/protocol/signed/cancel-order.js';
import { signRecord } from '../../host/protocol/signed/signed-record.js';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { dissect } from './support/dissection.js';
import { IssuedCard } from './support/issued-card.js';
import type { Till } from './support/till.js';
import { seenAfter } from './support/till.js';
import { Shop } from './support/shop.js';

describe('A cheat', function () {
  this.timeout(60_000);
  this.slow(5000);
  let issuer: SoftIssuer;
  let shops = 0;

  before(async () => (issuer = await SoftIssuer.open()));
  after(() => issuer.close());
  afterEach(async () => expect(await issuer.differences()).to.deep.equal([]));

  const shop = (): Promise<Shop> => Shop.open(issuer, `cheat ${++shops}`, Uint8Array.of(9, 9, 9, shops));

  async function loaded(name: string): Promise<IssuedCard> {
    const card = await IssuedCard.issue(issuer, name);
    await card.load(50_00n);
    return card;
  }

  it('[R2] [R13] who is none is paid what he sold', async () => {
    const card = await loaded('honest');
    const merchant = await shop();
    const { till } = merchant;
    const sold = await till.pay(await till.open(card.link), till.order(3_50n));
    merchant.note(card, sold);
    await merchant.handIn(1);
    expect(await merchant.owed()).to.equal(3_50n);
  });

  for (const first of ['card', 'merchant'] as const) {
    it(`[R13] [M1] [M12] who settles what he cancelled is not paid, and his own signature is there to convict him, when the ${first} comes first`, async () => {
      const card = await loaded(`cancelled, ${first} first`);
      const merchant = await shop();
      const { till } = merchant;
      const session = await till.open(card.link, { full: true });
      const sold = await till.pay(session, till.order(10_00n));
      const undone = await till.cancel(session, till.cancelOf(sold), { seen: seenAfter(sold) });
      merchant.note(card, sold);
      merchant.note(card, undone, Outcome.void);
      if (first === 'card') await card.synchronise();
      await merchant.handIn(2);
      if (first === 'merchant') await card.synchronise();
      expect(await merchant.owed()).to.equal(0n);
      const order = await issuer.issuer.store.db
        .selectFrom('cancel_order')
        .select(['cancelled_tn', 'tn', 'signature'])
        .where('card_id', '=', toHex(card.cardId))
        .executeTakeFirstOrThrow();
      expect([order.cancelled_tn, order.tn]).to.deep.equal([1n, 2n]);
      const fields = { ...cancelOrderOf(session, till.cancelOf(sold)), tn: 2 };
      expect(verifyCancelOrder(fields, new Uint8Array(order.signature), till.identity.certificate.point)).to.equal(
        true,
      );
      // where the merchant came first, what he said is a lie only beside the card's log: reconciliation reads both
      await reconcile(issuer.issuer, { record: true });
      const named = await issuer.findings(merchant.terminalId);
      expect(named).to.deep.equal([...(first === 'card' ? ['cancelled-but-claimed'] : []), 'cancel-hidden'].sort());
    });
  }

  const lies: Record<string, (sold: RecordWithProof) => RecordWithProof> = {
    'a higher amount': ({ record, s3 }) => ({ record: { ...record, amount: 33_50 }, s3 }),
    'another slot': ({ record, s3 }) => ({ record: { ...record, slot: 1, unit: 0x0840 }, s3 }),
    'another number': ({ record, s3 }) => ({ record: { ...record, nt: record.nt + 1 }, s3 }),
  };
  for (const [name, lie] of Object.entries(lies)) {
    it(`[R13] [M11] who claims ${name} than the card signed for is not paid, and is named`, async () => {
      const card = await loaded(`claimed: ${name}`);
      const merchant = await shop();
      const { till } = merchant;
      merchant.note(card, lie(await till.pay(await till.open(card.link), till.order(3_50n))));
      await merchant.handIn(1);
      expect(await merchant.owed()).to.equal(0n);
      expect(await issuer.findings(merchant.terminalId)).to.deep.equal(['bad-proof']);
    });
  }

  it('[R13] [R15] [M11] who claims one card’s payment of another card is not paid, and is named', async () => {
    const [card, other] = [await loaded('paid'), await loaded('did not pay')];
    const merchant = await shop();
    const { till } = merchant;
    merchant.note(other, await till.pay(await till.open(card.link), till.order(3_50n)));
    await merchant.handIn(1);
    expect(await merchant.owed()).to.equal(0n);
    expect(await issuer.findings(merchant.terminalId)).to.deep.equal(['bad-proof']);
  });

  /** What only the card may sign, signed by whoever took its key. */
  async function forged(card: IssuedCard, till: Till, record: RecordFields): Promise<RecordWithProof> {
    const { signKey } = await dissect(card.link);
    const session = await till.open(card.link);
    const s3 = signRecord(signedRecordOf(session.card, record), softwareSigner(signKey));
    expect(isProved(session.card, { record, s3 }), 'a terminal takes it').to.equal(true);
    return { record, s3 };
  }

  it('[R15] [M1] [M12] who pays twice with one card’s key is found by two contents for one number; the loss has a name', async () => {
    const card = await loaded('cloned');
    const [one, two] = [await shop(), await shop()];
    const sold = await one.till.pay(await one.till.open(card.link), one.till.order(10_00n));
    const { terminalId, acquirerId, merchantId } = two.till.identity.certificate;
    const twin = { ...sold.record, terminalId, acquirerId, merchantId, amount: 15_00, balance: 35_00 };
    one.note(card, sold);
    two.note(card, await forged(card, two.till, twin));
    const lossBefore = await issuer.account('fraud');
    await one.handIn(1);
    await two.handIn(1);
    expect(await issuer.findings(card.cardId)).to.deep.equal(['two-contents']);
    expect(await issuer.account('fraud')).to.equal(lossBefore + 15_00n);
  });

  it('[R15] [M1] [M12] who pays with money that was never loaded is found by the first broken balance', async () => {
    const card = await loaded('rich');
    const merchant = await shop();
    const { till } = merchant;
    const sold = await till.pay(await till.open(card.link), till.order(1_00n));
    const { nt, pointsBalance, points } = sold.record;
    const rich = { ...sold.record, nt: nt + 1, tn: 2, balance: 900_00, pointsBalance: pointsBalance + points };
    merchant.note(card, sold);
    merchant.note(card, await forged(card, till, rich));
    await merchant.handIn(2);
    expect(await issuer.findings(card.cardId)).to.deep.equal(['balance-chain']);
    expect(await issuer.lists(card.cardId), 'listed').to.equal(true);
  });
});
