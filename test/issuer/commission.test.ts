/** The scheme's commission: charged at settlement, in the books, the report and the file. */
import { expect } from 'chai';
import { sql } from 'kysely';
import { commissionOf } from '../../host/issuer/domain/commission.js';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { settle } from '../../host/issuer/jobs/settle.js';
import { takeAnswers } from '../../host/issuer/payout/answers.js';
import { makeFile } from '../../host/issuer/payout/files.js';
import { readStatusReport } from '../../host/issuer/payout/pain002.js';
import { renderCsv } from '../../host/issuer/reports/csv.js';
import { settlementReport } from '../../host/issuer/reports/settlement.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { addMerchant } from '../../host/issuer/service/merchants.js';
import type { Tx } from '../../host/issuer/store/database.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';
import { statusReport } from './status-report.js';

const actor: Actor = { kind: 'operator', name: 'Ada' };

onEachDatabase('[M1] A settlement with commission', (open) => {
  let site: SoftIssuer;
  /** Charges 1.5 %. */
  let issuer: Issuer;
  let pos: SoftPos;
  let card: SoftCard;

  before(async () => {
    site = await open();
    issuer = { ...site.issuer, policy: { ...site.issuer.policy, merchantCommission: 150 } };
  });
  beforeEach(async () => {
    // what other suites left open is not charged here
    await settle(site.issuer);
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  async function sold(cents: number): Promise<void> {
    pos.sell(card, 0, cents);
    await site.port.uploadBatch(pos.close());
  }

  it('pays what is left, and keeps the rest on the account fees', async () => {
    const before = await site.account('fees');
    await sold(33_33);
    const { number, merchants } = await settle(issuer);
    const mine = merchants.find(({ merchant }) => merchant === pos.merchant);
    expect([mine?.sold.amount, mine?.fee.amount, mine?.paid.amount]).to.deep.equal([33_33n, 50n, 32_83n]);
    expect((await site.account('fees')) - before).to.equal(50n);
    expect(await site.owed(pos)).to.equal(0n);
    const report = renderCsv(await settlementReport(issuer, number));
    expect(report).to.match(new RegExp(`${pos.merchant},.*33\\.33.*0\\.50.*32\\.83`));
  });

  it('charges nothing on points, and nothing again on a payment that came back', async () => {
    const debtor = { name: 'Scheme Float Ltd', iban: 'GB82WEST12345698765432' };
    const byFile = { ...issuer, policy: { ...issuer.policy, debtor } };
    await addMerchant(byFile, actor, pos.merchant, { name: 'Kiosk', iban: 'DE89370400440532013000' });
    await sold(20_00);
    await settle(byFile);
    const file = (await makeFile(byFile, actor)) ?? expect.fail('nothing was ordered');
    expect(file.content).to.include('<InstdAmt Ccy="EUR">19.70</InstdAmt>');
    await takeAnswers(byFile, actor, readStatusReport(statusReport(file.messageId, 'RJCT', [])));
    expect(await site.owed(pos)).to.equal(19_70n);
    const fees = await site.account('fees');
    const { merchants } = await settle(issuer);
    const mine = merchants.find(({ merchant, paid }) => merchant === pos.merchant && paid.unit.name === 'EUR');
    expect([mine?.adjusted.amount, mine?.fee.amount, mine?.paid.amount]).to.deep.equal([19_70n, 0n, 19_70n]);
    expect(await site.account('fees')).to.equal(fees);
    expect(await site.account('fees', 'PTS')).to.equal(0n);
  });

  it('is given back for a sale whose cancel clears later: in the end it is on what was sold and kept', async () => {
    const before = await site.account('fees');
    // the shop hands the sale in; the cancel follows with its next batch
    pos.sell(card, 0, 40_00);
    await site.port.uploadBatch(pos.close());
    await settle(issuer);
    expect((await site.account('fees')) - before).to.equal(60n);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    const { merchants, unsettled } = await settle(issuer);
    expect(merchants.map(({ merchant }) => merchant)).to.not.include(pos.merchant);
    const debts = unsettled.filter(({ merchant, owed }) => merchant === pos.merchant && owed.unit.name === 'EUR');
    expect(debts.map(({ why, owed }) => [why, owed.amount])).to.deep.equal([['in-debt', -40_00n]]);
    await sold(60_00);
    const settled = await settle(issuer);
    const mine = settled.merchants.find(({ merchant, paid }) => merchant === pos.merchant && paid.unit.name === 'EUR');
    expect([mine?.sold.amount, mine?.reversed.amount, mine?.fee.amount]).to.deep.equal([60_00n, 40_00n, 30n]);
    expect((await site.account('fees')) - before).to.equal(90n);
    expect(90n).to.equal(commissionOf({ sold: 100_00n, reversed: 40_00n, adjusted: 0n }, 150));
  });

  it('is a difference where the settlements say another commission than the transfers', async () => {
    await sold(40_00);
    await settle(issuer);
    const undone = site.issuer.store.transaction(async (tx: Tx) => {
      await sql`update settlement_line set fee = fee + 1 where merchant = ${pos.merchant} and fee > 0`.execute(tx);
      const inside = {
        ...site.issuer,
        store: { ...site.issuer.store, db: tx, snapshot: <T>(read: (db: Tx) => Promise<T>) => read(tx) },
      };
      const { differences, holds } = await reconcile(inside);
      expect(holds).to.equal(false);
      expect(differences.join()).to.match(
        new RegExp(`Merchant ${pos.merchant}: commission by settlements 0.61 EUR, by transfers 0.60 EUR`),
      );
      throw new Error('undo');
    });
    await undone.catch((error: Error) => expect(error.message).to.equal('undo'));
  });
});
