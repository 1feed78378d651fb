/** Group 14: what the card signs for a payment lacks card id, counter and balance, and the server never sees it. */
import { expect } from 'chai';
import { isProved } from '../../../host/protocol/proofs/record.js';
import { freshCard } from '../../helpers/cards.js';
import { Till } from '../support/till.js';
import { hash, signed } from './messages.js';
import { group14 } from './parties.js';

describe('A payment', () => {
  it('in Group 14’s protocol is charged by a merchant to a card that was never there', () => {
    const { server, terminal } = group14();
    server.balances.set('absent card', 500);
    const answer = server.debit(signed(terminal.self, '400', 'absent card', 'server'));
    expect(answer.fields[0]).to.equal('OK');
    expect(server.balances.get('absent card')).to.equal(100);
  });

  it('in Group 14’s protocol looks like another: one signature serves two bills of one amount', () => {
    const { card } = group14();
    const first = card.pay(5, 'n', 'terminal');
    const second = card.pay(5, 'n', 'terminal');
    expect(first.fields)
      .to.deep.equal(second.fields)
      .and.to.deep.equal([hash('5', 'n', 'terminal')]);
  });

  it('[R13] [M11] here is signed by its card over the whole record: no field of it can be another, nor the card', async () => {
    const [one, two] = [await freshCard('active', 'one'), await freshCard('active', 'two')];
    const till = new Till();
    const session = await till.open(one);
    const { record, s3 } = await till.pay(session, till.order(3_50n));
    expect(isProved(session.card, { record, s3 })).to.equal(true);
    const stranger = await till.open(two);
    expect(isProved(stranger.card, { record, s3 })).to.equal(false);
    for (const [field, value] of Object.entries(record)) {
      const other = value instanceof Uint8Array ? value.map((byte) => byte ^ 1) : value ^ 1;
      const altered = { ...record, [field]: field === 'type' ? 2 : other };
      expect(isProved(session.card, { record: altered, s3 }), field).to.equal(false);
    }
  });
});
