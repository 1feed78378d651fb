/** A POS and real applets: lists, limits, PIN, points, batches, and the issuer's word. */
import { expect } from 'chai';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { day } from '../../host/protocol/codec/time.js';
import { select } from '../../host/protocol/commands/select.js';
import { LifeCycle, Outcome } from '../../host/protocol/generated/enums.js';
import { closeBatch, resolveByIssuer, totals, upload } from '../../host/pos/day.js';
import type { PosOutcome } from '../../host/pos/types.js';
import { openOrders } from '../../host/terminal/journal/state.js';
import { Site } from '../helpers/site.js';
import type { IssuedTestCard } from '../helpers/site.js';
import { points } from '../helpers/scheme.js';

function codeOf(outcome: PosOutcome): string {
  return outcome.result === 'refused' || outcome.result === 'unresolved' ? outcome.refusal.code : outcome.result;
}

describe('A point of sale', function () {
  this.timeout(60_000);
  let site: Site;
  let card: IssuedTestCard;

  beforeEach(async () => {
    site = new Site();
    card = await site.issuedCard(100_00n);
  });
  afterEach(() => site.close());

  it('asks for the PIN above the limit, and takes no money without it or with a wrong one', async () => {
    expect(codeOf(await site.pay(card.link, 30_00n))).to.equal('pin-not-given');
    site.typed.push(card.pin === '0000' ? '1111' : '0000');
    expect(codeOf(await site.pay(card.link, 30_00n))).to.equal('pin-wrong');
    site.typed.push('9999999', card.pin);
    const paid = await site.pay(card.link, 30_00n);
    expect(paid.result).to.equal('paid');
    if (paid.result === 'paid') expect(paid.record).to.include({ balance: 70_00, flags: 1 });
    expect(site.pos.journal.state.nextTn).to.equal(2);
  });

  it('refuses what the card would refuse, without using up a number', async () => {
    expect(codeOf(await site.pay(card.link, 80_01n))).to.equal('over-transaction-limit');
    for (let i = 0; i < 2; i++) {
      site.typed.push(card.pin);
      expect((await site.pay(card.link, 45_00n)).result).to.equal('paid');
    }
    expect(codeOf(await site.pay(card.link, 10_01n))).to.equal('balance-too-small');
    expect(site.pos.journal.state.nextTn).to.equal(3);
  });

  it('blocks a listed card by its block order and passes the proof on; the thief gets nothing [R17, M9]', async () => {
    site.issuer.list(card.cardId);
    expect(codeOf(await site.pay(card.link, 1_00n))).to.equal('card-listed');
    expect(site.issuer.card(card.cardId).blockTaken).to.equal(true);
    expect((await select(card.link)).state).to.equal(LifeCycle.blocked);
    expect(codeOf(await site.pay(card.link, 1_00n))).to.equal('card-blocked');
    expect(site.pos.blockProofs.waiting()).to.deep.equal([]);
  });

  it('keeps the proof of a block until the issuer has it', async () => {
    site.issuer.list(card.cardId);
    await site.pos.station.refreshHotList();
    site.issuerLink.cut(1, 'before');
    expect(codeOf(await site.pay(card.link, 1_00n))).to.equal('card-listed');
    expect(site.pos.blockProofs.waiting()).to.have.length(1);
    site.restart();
    expect((await upload(site.pos)).blockProofs).to.equal(1);
    expect(site.issuer.card(card.cardId).blockTaken).to.equal(true);
    expect(site.pos.blockProofs.waiting()).to.deep.equal([]);
  });

  it('settles an open entry before it blocks the card: what was paid is known', async () => {
    await site.pay(card.link, 1_00n);
    card.link.cut(2, 'after');
    expect(codeOf(await site.pay(card.link, 5_00n))).to.equal('outcome-unknown');
    await card.link.mend();
    site.issuer.list(card.cardId);
    site.earlier = 'go-on';
    expect(codeOf(await site.pay(card.link, 5_00n))).to.equal('card-listed');
    expect(site.pos.journal.state.orders.get(2)?.end?.result).to.equal('executed');
  });

  it('sells nothing under an old hot list, or only up to the floor that the merchant set', async () => {
    await site.pay(card.link, 1_00n);
    site.clock.advance(2 * day);
    const unreachable = async (cents: bigint): Promise<string> => {
      site.issuerLink.cut(0, 'before');
      return codeOf(await site.pay(card.link, cents));
    };
    expect(await unreachable(1_00n)).to.equal('hot-list-too-old');
    site.restart();
    site.writePosConfig({ floor: { EUR: '5.00' } });
    expect(await unreachable(5_01n)).to.equal('hot-list-too-old');
    expect(await unreachable(5_00n)).to.equal('paid');
  });

  it('takes points as a currency of their own, and gives none on them', async () => {
    await site.pay(card.link, 20_00n);
    const task = { task: 'pay', slot: 2, amount: money(15n, points) } as const;
    const paid = await site.sell(card.link, task);
    expect(paid.result).to.equal('paid');
    if (paid.result === 'paid') expect(paid.record).to.include({ balance: 5, points: 0, unit: points.code });
    expect(codeOf(await site.sell(card.link, task))).to.equal('balance-too-small');
    // the newest payment is in another purse than the one first asked about
    const cancelled = await site.cancel(card.link);
    expect(cancelled.result).to.equal('cancelled');
    if (cancelled.result === 'cancelled') expect(cancelled.record.balance).to.equal(20);
  });

  it('cancels only the newest payment, once', async () => {
    expect(codeOf(await site.cancel(card.link))).to.equal('nothing-to-cancel');
    await site.pay(card.link, 2_00n);
    expect((await site.cancel(card.link)).result).to.equal('cancelled');
    expect(codeOf(await site.cancel(card.link))).to.equal('nothing-to-cancel');
    await site.pay(card.link, 2_00n);
    expect(codeOf(await site.sell(card.link, { task: 'cancel', slot: 0, tn: 1 }))).to.equal('nothing-to-cancel');
  });

  for (const choice of ['go-on', 'cancel', 'finish'] as const) {
    it(`asks about an earlier sale that went through unseen: ${choice}`, async () => {
      await site.pay(card.link, 1_00n);
      card.link.cut(2, 'after');
      await site.pay(card.link, 5_00n);
      await card.link.mend();
      site.earlier = choice;
      const outcome = await site.pay(card.link, 7_00n);
      const balances = { 'go-on': 87_00, cancel: 99_00, finish: 94_00 };
      expect(codeOf(outcome)).to.equal({ 'go-on': 'paid', cancel: 'cancelled', finish: 'earlier-payment' }[choice]);
      const opened = await site.pos.station.shell(card.link).perform({ do: 'open', slot: 0, full: false });
      if (opened.on !== 'open') throw new Error(opened.on);
      expect(Number(opened.s1.balance.amount)).to.equal(balances[choice]);
    });
  }

  it('accounts for each number once: batch, acknowledgement, and a correction for what was open', async () => {
    await site.pay(card.link, 4_00n);
    await site.pay(card.link, 3_00n);
    await site.cancel(card.link);
    card.link.cut(2, 'after');
    await site.pay(card.link, 2_00n);
    expect(totals(site.pos).open).to.equal(1);
    expect(closeBatch(site.pos)).to.include({ number: 1, firstTn: 1, lastTn: 4 });
    expect((await upload(site.pos)).acknowledged).to.deep.equal([1]);
    const [first] = site.issuer.batches;
    expect(first?.entries.map(({ outcome }) => outcome)).to.deep.equal([
      Outcome.sold,
      Outcome.cancelled,
      Outcome.cancel,
      Outcome.open,
    ]);
    expect(first?.totals).to.deep.equal([
      { unit: 0x978, soldCount: 2, soldAmount: 7_00n, cancelCount: 1, cancelAmount: 3_00n },
    ]);
    await card.link.mend();
    expect(await site.pay(card.link, 2_00n)).to.include({ result: 'paid', recovered: true });
    expect(closeBatch(site.pos)).to.deep.include({ number: 2, firstTn: 5, lastTn: 4, corrections: [4], open: [] });
    site.restart();
    expect((await upload(site.pos)).acknowledged).to.deep.equal([2]);
    expect(site.issuer.batches[1]?.entries).to.have.length(1);
    expect(site.issuer.batches[1]?.entries[0]).to.include({ tn: 4, outcome: Outcome.sold, correction: 1 });
    expect(closeBatch(site.pos)).to.equal(undefined);
  });

  it('sends a batch again where the acknowledgement was lost, and takes no other one for it', async () => {
    await site.pay(card.link, 4_00n);
    closeBatch(site.pos);
    site.issuerLink.cut(0, 'after');
    await upload(site.pos).then(
      () => expect.fail('uploaded'),
      (error: Error) => expect(error.message).to.include('down'),
    );
    expect((await upload(site.pos)).acknowledged).to.deep.equal([1]);
    expect(site.issuer.batches).to.have.length(1);
  });

  it('closes an open entry on the issuer’s signed word alone', async () => {
    await site.pay(card.link, 1_00n);
    card.link.cut(2, 'after');
    await site.pay(card.link, 5_00n);
    expect(await resolveByIssuer(site.pos)).to.equal(0);
    site.issuer.answers.set(`${toHex(card.cardId)}:2`, 'void');
    site.issuer.forgeAnswers = true;
    expect(await resolveByIssuer(site.pos)).to.equal(0);
    site.issuer.forgeAnswers = false;
    expect(await resolveByIssuer(site.pos)).to.equal(1);
    expect(openOrders(site.pos.journal.state)).to.deep.equal([]);
  });

  it('asks the issuer where the card has gone on, and gets the payment’s record', async () => {
    await site.pay(card.link, 1_00n);
    card.link.cut(2, 'after');
    await site.pay(card.link, 5_00n);
    await card.link.mend();
    await site.load(card, 10_00n); // uploads the log: now the issuer has the record
    for (let i = 0; i < 3; i++) await site.payElsewhere(card, 1_00n);
    const outcome = await site.pay(card.link, 5_00n);
    expect(outcome).to.include({ result: 'paid', recovered: true });
  });

  it('is not fooled by another card', async () => {
    const other = await site.issuedCard(10_00n);
    const task = {
      task: 'pay',
      slot: 0,
      amount: money(1_00n, { code: 0x978, name: 'EUR', digits: 2, symbol: '€' }),
    } as const;
    expect(codeOf(await site.sell(other.link, task, card.cardId))).to.equal('wrong-card');
  });
});
