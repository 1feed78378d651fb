/** The ring of cancel orders on the card, filled on and on over many synchronisations, and an issuer that takes each of them. */
import { expect } from 'chai';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { cancelOrders } from '../../host/protocol/generated/parameters.js';
import { Office, text } from '../helpers/office.js';
import type { IssuedTestCard } from '../helpers/site.js';

describe('Purchases that are cancelled', function () {
  this.timeout(120_000);
  let office: Office;
  let card: IssuedTestCard;

  before(async () => {
    office = await Office.open();
    card = await office.issuedCard('Cara', 5000n);
  });
  after(() => office.close());

  const taken = async (): Promise<number> =>
    (
      await office.issuer.store.db
        .selectFrom('cancel_order')
        .select('cancelled_nt')
        .where('card_id', '=', toHex(card.cardId))
        .execute()
    ).length;

  async function paidAndCancelled(): Promise<void> {
    const paid = await office.pay(card, 300n);
    expect(paid.result, text(paid)).to.equal('paid');
    const ui = {
      show: () => undefined,
      askPin: () => Promise.resolve(undefined),
      askEarlier: () => Promise.resolve('finish' as const),
    };
    const cancelled = await office.pos.visit(card.link, { task: 'cancel', slot: 0 }, ui);
    expect(cancelled.result, text(cancelled)).to.equal('cancelled');
  }

  it('never keep a card from its issuer: each synchronisation brings the orders since the last, wherever they lie', async () => {
    for (let round = 1; round <= cancelOrders + 2; round++) {
      await paidAndCancelled();
      const visit = await office.visit(card);
      expect(visit.result === 'balance' && visit.synchronised, `round ${round}: ${text(visit)}`).to.equal(true);
      expect(await taken()).to.equal(round);
    }
    await office.load(card, 500n);
  });

  it('come together where there were several, around the end of the ring too', async () => {
    const before = await taken();
    for (let round = 0; round < 3; round++) await paidAndCancelled();
    const visit = await office.visit(card);
    expect(visit.result === 'balance' && visit.synchronised, text(visit)).to.equal(true);
    expect(await taken()).to.equal(before + 3);
  });
});
