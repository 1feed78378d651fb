/** Loads that the bank leaves unanswered, of cards that do not come back. */
import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { fundingAnswered, lapse } from '../../host/issuer/service/fund.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import type { Authorisation } from '../../host/protocol/issuer/port.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('A load that the bank never answers', (open) => {
  let site: SoftIssuer;
  let card: SoftCard;
  let cardId: string;

  before(async () => (site = await open()));
  beforeEach(async () => {
    card = await site.card();
    cardId = toHex(card.cardId);
  });
  afterEach(async () => {
    site.bank.script.length = 0;
    expect(await site.differences()).to.deep.equal([]);
    expect(await site.findings(card.cardId)).to.deep.equal([]);
  });

  const ask = (amount = 20_00): Promise<Authorisation> => {
    const kioskId = site.kiosk.certificate.terminalId;
    return site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, amount, kioskId) });
  };
  const bankHas = (deed: string): boolean => site.bank.done.has(`${deed} ${cardId}/1`);
  const stateOf = async (): Promise<unknown> =>
    site.issuer.store.db
      .selectFrom('load')
      .select(['state', 'funding'])
      .where('card_id', '=', cardId)
      .where('counter', '=', 1n)
      .executeTakeFirstOrThrow();
  const unanswered = async (): Promise<void> => {
    site.bank.script.push('silent-yes');
    expect(await ask()).to.deep.equal({ status: 'pending' });
  };

  it('waits for three days, then ends, and what the bank took goes back, once', async () => {
    await unanswered();
    site.clock.advance(3 * day - 1);
    expect((await settle(site.issuer)).loadsLapsed).to.equal(0);
    expect(await stateOf()).to.deep.equal({ state: 'asked', funding: 'asked' });
    site.clock.advance(2);
    expect(await settle(site.issuer)).to.include({ loadsLapsed: 1, givenBack: 1 });
    expect(await stateOf()).to.deep.equal({ state: 'lapsed', funding: 'returned' });
    expect([bankHas('charge'), bankHas('give-back')]).to.deep.equal([true, true]);
    expect(await settle(site.issuer)).to.include({ loadsLapsed: 0, givenBack: 0 });
  });

  it('is refused to its card from then on; once the card has given it up, it has its next', async () => {
    await unanswered();
    site.clock.advance(4 * day);
    await settle(site.issuer);
    const answer = await ask();
    expect(answer).to.include({ status: 'refused', code: 'funding-declined' });
    expect(answer)
      .to.have.property('message')
      .that.matches(/did not answer .* goes back/);
    await site.port.loadCancelled(card.cancelLoad());
    expect(await stateOf()).to.deep.equal({ state: 'given-up', funding: 'returned' });
    await site.load(card, 0, 5_00);
    expect(await site.shadow(card)).to.deep.equal([5_00, 0, 0]);
  });

  it('is booked and given back where the bank says yes after all', async () => {
    await unanswered();
    site.clock.advance(4 * day);
    site.bank.script.push('silent');
    expect(await settle(site.issuer)).to.include({ loadsLapsed: 1, givenBack: 0 });
    const late = await fundingAnswered(site.issuer, cardId, 1, 'yes');
    expect(late).to.include({ state: 'lapsed', funding: 'returning' });
    expect(await site.account('funding')).to.equal(20_00n);
    expect((await settle(site.issuer)).givenBack).to.equal(1);
    expect(await site.account('funding')).to.equal(0n);
  });

  it('does not end once it was answered, whoever comes too late to end it', async () => {
    await unanswered();
    expect(await ask()).to.include({ status: 'authorised' });
    const later = site.clock.now + 1;
    expect(await lapse(site.issuer, { card_id: cardId, counter: 1n }, later)).to.equal(false);
    site.clock.advance(30 * day);
    expect((await settle(site.issuer)).loadsLapsed).to.equal(0);
    expect(await stateOf()).to.deep.equal({ state: 'authorised', funding: 'taken' });
  });
});
