/**
 * Days at random: two holders pay, cancel, load, pay out and synchronise; cards are pulled, lines to the issuer fail, programs
 * end. In the evening everybody's money is where the records say, to the cent.
 */
import { expect } from 'chai';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { LoadType, RecordType } from '../../host/protocol/generated/enums.js';
import { closeBatch, upload } from '../../host/pos/day.js';
import { openOrders } from '../../host/terminal/journal/state.js';
import { Site, eur } from '../helpers/site.js';
import type { IssuedTestCard } from '../helpers/site.js';
import { sequence } from '../helpers/sequence.js';

const operations = 70;

describe('A day at random', function () {
  this.timeout(180_000);

  for (const seed of ['one', 'two', 'three', 'c']) {
    it(`[${seed}] ends with every cent accounted for on cards, in the journal and at the issuer [M1, M2, M3]`, async () => {
      const site = new Site();
      try {
        await live(site, seed);
      } finally {
        site.close();
      }
    });
  }
});

async function live(site: Site, seed: string): Promise<void> {
  const below = sequence(seed);
  const cards = [await site.issuedCard(100_00n), await site.issuedCard(60_00n)];
  let done = 0;
  for (let i = 0; i < operations; i++) {
    const card = cards[below(cards.length)];
    if (card === undefined) continue;
    if (below(10) < 3) card.link.cut(below(12), below(2) === 0 ? 'before' : 'after');
    if (below(10) < 2) site.issuerLink.cut(below(5), below(2) === 0 ? 'before' : 'after');
    site.issuer.bank = () => (below(10) < 7 ? 'yes' : below(2) === 0 ? 'no' : 'silent');
    const result = await act(site, card, below);
    if (result !== 'refused' && result !== 'unresolved') done++;
    await card.link.mend();
    site.issuerLink.mend();
    site.typed.length = 0;
    if (below(10) < 2) site.restart();
    site.clock.advance(60);
  }
  expect(done).to.be.greaterThan(operations / 4);
  await evening(site, cards);
}

async function act(site: Site, card: IssuedTestCard, below: (limit: number) => number): Promise<string> {
  site.typed.push(card.pin);
  site.earlier = (['finish', 'go-on', 'cancel'] as const)[below(3)] ?? 'finish';
  switch (below(8)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return (await site.pay(card.link, BigInt(below(30_00) + 1))).result;
    case 4:
      return (await site.cancel(card.link)).result;
    case 5:
    case 6: {
      const type = below(3) === 0 ? LoadType.unload : LoadType.load;
      return (await site.reload(card.link, { task: 'load', type, slot: 0, amount: eur(BigInt(below(20_00) + 1)) }))
        .result;
    }
    default:
      return (await site.reload(card.link, { task: below(2) === 0 ? 'balance' : 'cancel' })).result;
  }
}

/** All is mended: what is unfinished is finished, everything is uploaded, and the three books are compared. */
async function evening(site: Site, cards: readonly IssuedTestCard[]): Promise<void> {
  site.issuer.bank = () => 'yes';
  site.earlier = 'go-on';
  for (const card of cards) {
    site.typed.push(card.pin);
    expect((await site.reload(card.link, { task: 'balance' })).result).to.equal('balance');
    await site.pay(card.link, 500_00n); // refused, and whatever was open is settled first
    site.typed.length = 0;
  }
  expect(openOrders(site.pos.journal.state)).to.deep.equal([]);
  closeBatch(site.pos);
  await upload(site.pos);
  for (const card of cards) await compare(site, card);
}

async function compare(site: Site, card: IssuedTestCard): Promise<void> {
  site.typed.push(card.pin);
  const outcome = await site.reload(card.link, { task: 'balance' });
  if (outcome.result !== 'balance') throw new Error(outcome.result);
  const { totals } = outcome.log;
  const booked = site.issuer.card(card.cardId);
  expect([...booked.records.keys()].sort((a, b) => a - b)).to.deep.equal(
    Array.from({ length: totals.nt }, (_, i) => i + 1),
  );
  const journal = [...site.pos.journal.state.orders.values()].filter(
    ({ cardId, end }) => toHex(cardId) === toHex(card.cardId) && end?.result === 'executed',
  );
  const sums = { debit: 0n, cancel: 0n };
  for (const { kind, amount } of journal) sums[kind] += amount.amount;
  const records = [...booked.records.values()];
  const recorded = (type: RecordType): bigint =>
    records.filter((record) => record.type === type).reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  expect(sums).to.deep.equal({ debit: recorded(RecordType.purchase), cancel: recorded(RecordType.cancel) });
  expect(recorded(RecordType.load) - recorded(RecordType.unload)).to.equal(
    site.issuer.funded(card.cardId, 0) - site.issuer.outstanding(card.cardId, 0),
  );
  expect(BigInt(totals.balances[0]?.balance ?? 0)).to.equal(
    site.issuer.funded(card.cardId, 0) - site.issuer.outstanding(card.cardId, 0) - sums.debit + sums.cancel,
  );
}
