/** From settlement to the bank's answer: payments by file, and what they do to the books. */
import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { takeAnswers } from '../../host/issuer/payout/answers.js';
import { fileAgain, listFiles, makeFile } from '../../host/issuer/payout/files.js';
import type { PayoutFile } from '../../host/issuer/payout/files.js';
import { readStatusReport } from '../../host/issuer/payout/pain002.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { addMerchant, listMerchants, setHold, setMerchant } from '../../host/issuer/service/merchants.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { euro } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';
import { painFlaws } from './pain-rules.js';
import { expectRefusal } from './refusals.js';
import { statusReport } from './status-report.js';
import type { PaymentStatus } from './status-report.js';

const actor: Actor = { kind: 'operator', name: 'Ada' };
const iban = 'DE89370400440532013000';

onEachDatabase('A payment by file', (open) => {
  let site: SoftIssuer;
  /** The site's issuer, with an account to pay from. */
  let issuer: Issuer;
  let pos: SoftPos;
  let card: SoftCard;

  before(async () => {
    site = await open();
    const debtor = { name: 'Scheme Float Ltd', iban: 'GB82WEST12345698765432' };
    issuer = { ...site.issuer, policy: { ...site.issuer.policy, debtor } };
    await settle(site.issuer);
  });
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  async function sold(cents: number): Promise<void> {
    pos.sell(card, 0, cents);
    await site.port.uploadBatch(pos.close());
  }

  async function file(): Promise<PayoutFile> {
    const made = await makeFile(issuer, actor);
    return made ?? expect.fail('nothing was ordered');
  }

  function say({ messageId }: PayoutFile, group: string | undefined, payments: readonly PaymentStatus[] = []) {
    return takeAnswers(issuer, actor, readStatusReport(statusReport(messageId, group, payments)));
  }

  function referenceIn({ content }: PayoutFile): string {
    return /<EndToEndId>([^<]+)</.exec(content)?.[1] ?? '';
  }

  it('is held with a line that says why while the merchant has no account, and goes out once he has', async () => {
    await sold(3_50);
    const { merchants, unsettled } = await settle(issuer);
    expect(merchants.map(({ merchant }) => merchant)).to.not.include(pos.merchant);
    expect(unsettled.filter(({ merchant }) => merchant === pos.merchant)).to.deep.equal([
      { merchant: pos.merchant, owed: money(3_50n, euro), why: 'no-account' },
    ]);
    expect(await site.owed(pos)).to.equal(3_50n);
    await addMerchant(issuer, actor, pos.merchant, { name: 'Corner Shop', iban });
    const settled = await settle(issuer);
    expect(settled.merchants.map(({ paid }) => paid.amount)).to.deep.equal([3_50n]);
    expect([await site.owed(pos), await site.account('paymentsOrdered')]).to.deep.equal([0n, 3_50n]);
    const sent = await file();
    const { content, payments, totals } = sent;
    expect(painFlaws(content)).to.deep.equal([]);
    expect([payments, totals]).to.deep.equal([1, [money(3_50n, euro)]]);
    expect(content).to.include(`<IBAN>${iban}</IBAN>`).and.include('<Nm>Corner Shop</Nm>');
    await say(sent, 'ACSC');
    expect(await site.account('paymentsOrdered')).to.equal(0n);
  });

  it('comes in the same file byte for byte, and in no second one', async () => {
    await addMerchant(issuer, actor, pos.merchant, { name: 'Bakery', iban });
    await sold(2_00);
    await settle(issuer);
    const first = await file();
    expect(await makeFile(issuer, actor)).to.equal(undefined);
    site.clock.advance(3 * day);
    await setMerchant(issuer, actor, pos.merchant, { name: 'Another name', iban: 'NO9386011117947' });
    expect((await fileAgain(issuer, first.number)).content).to.equal(first.content);
    await expectRefusal(fileAgain(issuer, 999_999), 'rejected', /no pay-out file 999999/);
    const [newest] = await listFiles(issuer.store.db);
    expect([newest?.number, newest?.states]).to.deep.equal([first.number, { sent: 1 }]);
    await say(first, 'ACSC');
  });

  it('leaves the float when the bank says paid, once', async () => {
    await addMerchant(issuer, actor, pos.merchant, { name: 'Kiosk', iban });
    await sold(4_00);
    await settle(issuer);
    const sent = await file();
    const float = await site.account('float');
    expect(await say(sent, 'ACCP')).to.deep.include({ paid: 0, unchanged: 1 });
    expect(await site.account('float')).to.equal(float);
    expect(await say(sent, 'ACSC')).to.deep.include({ paid: 1, returned: 0 });
    expect(await say(sent, 'ACSC')).to.deep.include({ paid: 0, unchanged: 1 });
    expect(await site.account('float')).to.equal(float - 4_00n);
  });

  for (const [when, before] of [
    ['refused', undefined],
    ['sent back after it was paid', 'ACSC'],
  ] as const)
    it(`that was ${when} is owed again, once, and goes out with the next settlement`, async () => {
      await addMerchant(issuer, actor, pos.merchant, { name: 'Florist', iban });
      await sold(6_00);
      await settle(issuer);
      const sent = await file();
      const id = referenceIn(sent);
      const float = await site.account('float');
      if (before !== undefined) await say(sent, before);
      const back = [{ id, status: 'RJCT', reason: 'AC04', amount: ['6.00', 'EUR'] as const }];
      expect(await say(sent, undefined, back)).to.deep.include({ returned: 1 });
      expect(await say(sent, undefined, back)).to.deep.include({ returned: 0, unchanged: 1 });
      expect([await site.owed(pos), await site.account('float')]).to.deep.equal([6_00n, float]);
      await sold(1_00);
      const [line] = (await settle(issuer)).merchants;
      expect([line?.sold.amount, line?.adjusted.amount, line?.paid.amount]).to.deep.equal([1_00n, 6_00n, 7_00n]);
      const again = await file();
      expect(referenceIn(again)).to.not.equal(id);
      await say(again, 'ACSC');
      expect(await site.account('float')).to.equal(float - 7_00n);
      expect(await say(sent, 'ACSC'), 'paid after all?').to.deep.include({ contradictions: 1, paid: 0 });
      const kinds = await issuer.store.db
        .selectFrom('finding')
        .select('kind')
        .where('party', '=', pos.merchant)
        .execute();
      expect(kinds).to.deep.equal([{ kind: 'payment-contradiction' }]);
    });

  it('goes to a holder who has an IBAN, and is reported for one who has none', async () => {
    await site.load(card, 0, 10_00, LoadType.unload);
    const before = await settle(issuer);
    expect(before.holdersWithoutAccount.map(({ amount }) => amount)).to.deep.equal([10_00n]);
    const id = toHex(card.cardId);
    const { db } = issuer.store;
    const { holder_id } = await db
      .selectFrom('card')
      .select('holder_id')
      .where('card_id', '=', id)
      .executeTakeFirstOrThrow();
    await db.updateTable('holder').set({ account: iban }).where('holder_id', '=', holder_id).execute();
    const { paidToHolders, holdersWithoutAccount } = await settle(issuer);
    expect([paidToHolders.map(({ amount }) => amount), holdersWithoutAccount]).to.deep.equal([[10_00n], []]);
    const sent = await file();
    expect(painFlaws(sent.content)).to.deep.equal([]);
    expect(referenceIn(sent)).to.equal(`U.${id}.2`);
    await say(sent, 'RJCT');
    expect((await site.account('unloadsUnpaid')) >= 10_00n).to.equal(true);
    await settle(issuer);
    const again = await file();
    expect(referenceIn(again)).to.equal(`U.${id}.2.2`);
    await say(again, 'ACSC');
    expect((await settle(issuer)).paidToHolders).to.deep.equal([]);
  });

  it('pays out the balance of a closed card, and again when it comes back', async () => {
    const id = toHex(card.cardId);
    const { db } = issuer.store;
    const { holder_id } = await db
      .selectFrom('card')
      .select('holder_id')
      .where('card_id', '=', id)
      .executeTakeFirstOrThrow();
    await db.updateTable('holder').set({ account: iban }).where('holder_id', '=', holder_id).execute();
    card.put(await site.order(card, 'retire'));
    await site.port.orderTaken(card.closing());
    site.clock.advance(31 * day);
    await settle(issuer);
    const sent = await file();
    expect(sent.content).to.include(`<EndToEndId>C.${id}.0<`);
    await say(sent, 'RJCT');
    expect((await site.shadow(card))[0]).to.equal(100_00);
    await settle(issuer);
    const again = await file();
    expect(again.content).to.include(`<EndToEndId>C.${id}.0.2<`);
    await say(again, 'ACSC');
    expect((await site.shadow(card))[0]).to.equal(0);
  });

  it('is not booked by an answer about another file, another payment or another amount', async () => {
    await addMerchant(issuer, actor, pos.merchant, { name: 'Grocer', iban });
    await sold(5_00);
    await settle(issuer);
    const sent = await file();
    const id = referenceIn(sent);
    const wrong: readonly [Partial<PayoutFile>, PaymentStatus[], RegExp][] = [
      [{ messageId: 'EPURSE-9-000001' }, [], /no pay-out file of this scheme/],
      [{ messageId: 'SOMEBODY-ELSE' }, [], /no pay-out file of this scheme/],
      [{}, [{ id: 'S.unheard.of', status: 'ACSC' }], /is not in file/],
      [{}, [{ id, status: 'ACSC', amount: ['50.00', 'EUR'] }], /says 50\.00 EUR to payment .* which is 5\.00 EUR/],
      [{}, [{ id, status: 'ACSC', amount: ['5.00', 'USD'] }], /says 5\.00 USD/],
      [
        {},
        [
          { id, status: 'ACSC' },
          { id, status: 'RJCT' },
        ],
        /twice/,
      ],
    ];
    for (const [changes, payments, why] of wrong)
      await expectRefusal(say({ ...sent, ...changes }, undefined, payments), 'rejected', why);
    expect(await site.account('paymentsOrdered')).to.equal(5_00n);
    await say(sent, 'ACSC');
  });

  it('is never made of points: they are settled against the promise behind them', async () => {
    await addMerchant(issuer, actor, pos.merchant, { name: 'Points Shop', iban });
    pos.sell(card, 0, 50_00);
    pos.sell(card, 2, 30);
    await site.port.uploadBatch(pos.close());
    await settle(issuer);
    expect(await site.owed(pos, 'PTS')).to.equal(0n);
    const sent = await file();
    expect(sent.totals).to.deep.equal([money(50_00n, euro)]);
    await say(sent, 'ACSC');
  });

  it('is not made without an account of the scheme, and not for a merchant who is held', async () => {
    await expectRefusal(makeFile(site.issuer, actor), 'rejected', /no account to pay from/);
    await addMerchant(issuer, actor, pos.merchant, { name: 'Suspect', iban });
    await sold(5_00);
    await setHold(issuer, actor, pos.merchant, { reason: 'being looked at' });
    expect((await settle(issuer)).unsettled.find(({ merchant }) => merchant === pos.merchant)?.why).to.equal('held');
    await setHold(issuer, actor, pos.merchant, undefined);
    await expectRefusal(setHold(issuer, actor, pos.merchant, undefined), 'rejected', /are not held/);
    await settle(issuer);
    await say(await file(), 'ACSC');
  });

  it('needs a merchant with a name and an account that holds', async () => {
    const add = (fields: Parameters<typeof addMerchant>[3], id = pos.merchant) =>
      addMerchant(issuer, actor, id, fields);
    await expectRefusal(add({ name: 'X', iban: 'DE00370400440532013000' }), 'rejected', /check digits/);
    await expectRefusal(add({ name: 'X', bic: 'nonsense!' }), 'rejected', /A BIC is/);
    await expectRefusal(add({ name: 'X' }, 'zz'), 'rejected', /16 hexadecimal/);
    await expectRefusal(add({ name: 'X'.repeat(141) }), 'rejected', /1 to 140/);
    await expectRefusal(setMerchant(issuer, actor, pos.merchant, { name: 'X' }), 'rejected', /is not registered/);
    await add({ name: '<script>alert(1)</script>; drop table payment' });
    await expectRefusal(add({ name: 'Again' }), 'conflict', /registered already/);
    const entry = (await listMerchants(issuer)).find(({ merchant }) => merchant === pos.merchant);
    expect(entry).to.deep.include({
      name: '<script>alert(1)</script>; drop table payment',
      iban: undefined,
      held: false,
    });
  });
});
