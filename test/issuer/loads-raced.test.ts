/** What happens to a card or a kiosk while the bank is asked. The bank here lets it happen before it answers. */
import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import type { FundingPort } from '../../host/issuer/funding/port.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { block, release } from '../../host/issuer/service/listing.js';
import { authoriseLoad, loadStatus } from '../../host/issuer/service/loads.js';
import { holdTerminal } from '../../host/issuer/service/terminal-holds.js';
import { registerTerminal, revokeTerminal } from '../../host/issuer/service/terminals.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import type { Authorisation } from '../../host/protocol/issuer/port.js';
import { startTime, terminal } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

const ada: Actor = { kind: 'operator', name: 'Ada' };
let kiosks = 0;

onEachDatabase('While the bank is asked for a load', (open) => {
  let site: SoftIssuer;
  let card: SoftCard;
  let cardId: string;
  let kioskId: Uint8Array;
  let inFlight: bigint;

  /** The same issuer, whose bank answers after something has happened. */
  function meanwhile(happens: () => Promise<unknown>): Issuer {
    const { funding } = site.issuer;
    const bank: FundingPort = {
      charge: async (request) => {
        await happens();
        return funding.charge(request);
      },
      giveBack: (request) => funding.giveBack(request),
      payOut: (request) => funding.payOut(request),
    };
    return { ...site.issuer, funding: bank };
  }
  const ask = (issuer: Issuer): Promise<Authorisation> =>
    authoriseLoad(issuer, { kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
  const bankHas = (deed: string): boolean => site.bank.done.has(`${deed} ${cardId}/1`);

  before(async () => (site = await open()));
  beforeEach(async () => {
    card = await site.card();
    cardId = toHex(card.cardId);
    const kiosk = terminal(Role.load, `raced kiosk ${++kiosks}`, { expiry: startTime + 3650 * day });
    await registerTerminal(site.issuer.store.db, kiosk.certificate);
    kioskId = kiosk.certificate.terminalId;
    inFlight = await site.account('loadsInFlight');
  });
  afterEach(async () => {
    site.bank.script.length = 0;
    expect(await site.differences()).to.deep.equal([]);
    expect(await site.account('loadsInFlight')).to.equal(inFlight);
  });

  it('[R17] a card that is reported stolen gets no authorisation, and what the bank took goes back', async () => {
    const answer = await ask(meanwhile(() => block(site.issuer, cardId, 'stolen', ada)));
    expect(answer).to.include({ status: 'refused', code: 'card-listed' });
    expect(answer)
      .to.have.property('message')
      .that.matches(/what was paid goes back/);
    expect([bankHas('charge'), bankHas('give-back')]).to.deep.equal([true, false]);
    expect(await site.account('funding')).to.equal(20_00n);
    expect((await settle(site.issuer)).givenBack).to.equal(1);
    expect(bankHas('give-back')).to.equal(true);
    expect(await site.account('funding')).to.equal(0n);
    expect((await settle(site.issuer)).givenBack).to.equal(0);
  });

  it('a card that was listed is refused that load for ever, even when it is released, and gets its next', async () => {
    await ask(meanwhile(() => block(site.issuer, cardId, 'mistake', ada)));
    expect(await ask(site.issuer)).to.include({ status: 'refused', code: 'card-listed' });
    await release(site.issuer, cardId, ada);
    expect(await ask(site.issuer)).to.include({ status: 'refused', code: 'card-listed' });
    expect(await loadStatus(site.issuer, { kioskId, cardId: card.cardId, counter: 1 })).to.include({
      code: 'card-listed',
    });
    await site.port.loadCancelled(card.cancelLoad());
    expect(bankHas('give-back')).to.equal(true);
    const next = await ask(site.issuer);
    if (next.status !== 'authorised') return expect.fail(next.status);
    await site.port.loadCredited(card.credit(next.authorisation, next.signature));
    expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
  });

  it('a card that was listed while the bank stayed silent is not charged again', async () => {
    site.bank.script.push('silent');
    expect(await ask(meanwhile(() => block(site.issuer, cardId, 'stolen', ada)))).to.include({ code: 'card-listed' });
    expect(await ask(site.issuer)).to.include({ status: 'refused', code: 'card-listed' });
    expect(bankHas('charge')).to.equal(false);
  });

  it('a card that gives the load up gets no authorisation, and its money back', async () => {
    const issuer = meanwhile(() => site.port.loadCancelled(card.cancelLoad()));
    expect(await ask(issuer)).to.include({ status: 'refused', code: 'load-cancelled' });
    await settle(site.issuer);
    expect([bankHas('charge'), bankHas('give-back')].includes(true)).to.equal(true);
    expect(await site.account('funding')).to.equal(0n);
  });

  for (const { what, happens } of [
    { what: 'revoked', happens: (id: string) => revokeTerminal(site.issuer, id, 'stolen', ada) },
    { what: 'held', happens: (id: string) => holdTerminal(site.issuer, id, 'looks odd', ada) },
  ]) {
    it(`a kiosk that is ${what} gets no answer; the card has its load at another`, async () => {
      const refused = ask(meanwhile(() => happens(toHex(kioskId))));
      await expectRefusal(refused, what === 'held' ? 'rejected' : 'unknown-terminal', new RegExp(what));
      await expectRefusal(ask(site.issuer), what === 'held' ? 'rejected' : 'unknown-terminal', new RegExp(what));
      kioskId = site.kiosk.certificate.terminalId;
      const answer = await ask(site.issuer);
      if (answer.status !== 'authorised') return expect.fail(answer.status);
      await site.port.loadCredited(card.credit(answer.authorisation, answer.signature));
      expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
    });
  }
});
