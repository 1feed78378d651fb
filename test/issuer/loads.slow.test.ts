import { expect } from 'chai';
import { fundingAnswered } from '../../host/issuer/service/fund.js';
import { settle } from '../../host/issuer/jobs/settle.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadState, LoadType, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { creditAuthorisationCodec, statementCodec } from '../../host/protocol/generated/structures.js';
import type { Authorisation, UploadedLog } from '../../host/protocol/issuer/port.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('Loads at the issuer', (open) => {
  let site: SoftIssuer;
  let kioskId: Uint8Array;
  const ask = (log: UploadedLog): Promise<Authorisation> => site.port.authoriseLoad({ kioskId, log });
  const init = (card: SoftCard, amount: number, type: LoadType = LoadType.load): UploadedLog =>
    card.initLoad(type, 0, amount, kioskId);
  const give = (card: SoftCard, answer: Authorisation): Promise<void> => {
    if (answer.status !== 'authorised') throw new Error(answer.status);
    return site.port.loadCredited(card.credit(answer.authorisation, answer.signature));
  };

  before(async () => {
    site = await open();
    kioskId = site.kiosk.certificate.terminalId;
  });
  afterEach(async () => {
    site.bank.script.length = 0;
    expect(await site.differences()).to.deep.equal([]);
  });

  it('[R1] authorise what the card asks for, the same bytes on every repeat, at any kiosk', async () => {
    const card = await site.card();
    const first = await ask(init(card, 20_00));
    expect(await ask(init(card, 20_00))).to.deep.equal(first);
    expect(await site.port.loadStatus({ kioskId, cardId: card.cardId, counter: 1 })).to.deep.equal(first);
    if (first.status !== 'authorised') return expect.fail(first.status);
    const fields = creditAuthorisationCodec.decode(first.authorisation);
    expect(fields).to.include({ counter: 1, slot: 0, amount: 20_00, type: LoadType.load });
    expect(fields.random).to.deep.equal(card.books.register.random);
    expect([...site.bank.done.keys()].filter((key) => key === `charge ${toHex(card.cardId)}/1`)).to.have.length(1);
    await give(card, first);
    expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
    expect(await site.port.loadStatus({ kioskId, cardId: card.cardId, counter: 1 })).to.deep.equal({
      status: 'settled',
    });
  });

  it('[M3] book a credit once, however often it is reported', async () => {
    const card = await site.card();
    const answer = await ask(init(card, 20_00));
    await give(card, answer);
    await give(card, answer);
    await site.port.loadCredited(card.proof(1));
    await site.synchronise(card);
    expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
  });

  it('learn of a credit from the log when the report never came', async () => {
    const card = await site.card();
    const answer = await ask(init(card, 20_00));
    if (answer.status === 'authorised') card.credit(answer.authorisation, answer.signature);
    await site.synchronise(card);
    expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
    expect(card.books.acknowledged).to.equal(1);
  });

  it('are refused when the bank says no, and stay refused for that counter', async () => {
    const card = await site.card();
    site.bank.script.push('no');
    expect(await ask(init(card, 20_00))).to.include({ status: 'refused', code: 'funding-declined' });
    expect(await ask(init(card, 20_00))).to.include({ status: 'refused', code: 'funding-declined' });
    await site.port.loadCancelled(card.cancelLoad());
    expect(await ask(init(card, 20_00))).to.include({ status: 'authorised' });
  });

  for (const silence of ['silent', 'silent-yes'] as const) {
    it(`wait while the bank is ${silence}, and are charged once`, async () => {
      const card = await site.card();
      const inFlight = await site.account('loadsInFlight');
      site.bank.script.push(silence);
      expect(await ask(init(card, 20_00))).to.deep.equal({ status: 'pending' });
      expect(await site.account('loadsInFlight')).to.equal(inFlight);
      const answer = await ask(init(card, 20_00));
      await give(card, answer);
      expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
    });
  }

  it('are booked once when the bank answers twice', async () => {
    const card = await site.card();
    const inFlight = await site.account('loadsInFlight');
    site.bank.script.push('silent-yes');
    await ask(init(card, 20_00));
    await fundingAnswered(site.issuer, toHex(card.cardId), 1, 'yes');
    await fundingAnswered(site.issuer, toHex(card.cardId), 1, 'yes');
    expect(await site.account('loadsInFlight')).to.equal(inFlight + 20_00n);
    await give(card, await ask(init(card, 20_00)));
    expect(await site.findings(card.cardId)).to.deep.equal([]);
  });

  it('name a bank that says yes and then no', async () => {
    const card = await site.card();
    await ask(init(card, 20_00));
    await fundingAnswered(site.issuer, toHex(card.cardId), 1, 'no');
    expect(await site.findings(card.cardId)).to.deep.equal(['funding-contradiction']);
    await site.port.loadCancelled(card.cancelLoad());
  });

  it('give the money back when the card gives the load up, once', async () => {
    const card = await site.card();
    const float = await site.account('float');
    const answer = await ask(init(card, 20_00));
    expect(await site.account('float')).to.equal(float + 20_00n);
    await site.port.loadCancelled(card.cancelLoad());
    await site.port.loadCancelled(card.cancelLoad());
    expect(await site.account('float')).to.equal(float);
    expect(site.bank.done.has(`give-back ${toHex(card.cardId)}/1`)).to.equal(true);
    expect(() =>
      card.credit(
        (answer as { authorisation: Uint8Array }).authorisation,
        (answer as { signature: Uint8Array }).signature,
      ),
    ).to.throw();
    expect(await site.port.loadStatus({ kioskId, cardId: card.cardId, counter: 1 })).to.deep.equal({
      status: 'settled',
    });
  });

  it('give the money back later when the bank is silent', async () => {
    const card = await site.card();
    await ask(init(card, 20_00));
    site.bank.script.push('silent');
    await site.port.loadCancelled(card.cancelLoad());
    expect(await site.account('funding')).to.equal(20_00n);
    await settle(site.issuer);
    expect(await site.account('funding')).to.equal(0n);
  });

  it('give back what the bank takes after the load was given up', async () => {
    const card = await site.card();
    site.bank.script.push('silent', 'silent');
    await ask(init(card, 20_00));
    await site.port.loadCancelled(card.cancelLoad());
    await fundingAnswered(site.issuer, toHex(card.cardId), 1, 'yes');
    expect(await site.account('funding')).to.equal(20_00n);
    await settle(site.issuer);
    expect(await site.account('funding')).to.equal(0n);
  });

  it('close a counter whose cancel statement comes before any question', async () => {
    const card = await site.card();
    const log = init(card, 20_00);
    await site.port.loadCancelled(card.cancelLoad());
    expect(await ask(log)).to.include({ status: 'refused', code: 'load-cancelled' });
    expect(site.bank.done.has(`charge ${toHex(card.cardId)}/1`)).to.equal(false);
  });

  it('learn from the next statement that the load before was given up', async () => {
    const card = await site.card();
    const inFlight = await site.account('loadsInFlight');
    await ask(init(card, 20_00));
    card.cancelLoad();
    await give(card, await ask(init(card, 30_00)));
    await settle(site.issuer);
    expect(await site.account('loadsInFlight')).to.equal(inFlight);
    expect(await site.shadow(card)).to.deep.equal([30_00, 0, 0]);
  });

  it('[M12] list a card that signs both that it took and that it gave up one load', async () => {
    const card = await site.card();
    const answer = await ask(init(card, 20_00));
    const clone = card.copy();
    await give(card, answer);
    await site.port.loadCancelled(clone.cancelLoad());
    expect(await site.findings(card.cardId)).to.deep.equal(['load-given-up-and-taken']);
    expect(await ask(init(card, 5_00))).to.include({ status: 'refused', code: 'card-listed' });
  });

  it('[M12] list it too when the cancel comes first; the credit then moves nothing', async () => {
    const card = await site.card();
    const answer = await ask(init(card, 20_00));
    const clone = card.copy();
    await site.port.loadCancelled(card.cancelLoad());
    await give(clone, answer);
    expect(await site.findings(card.cardId)).to.deep.equal(['load-given-up-and-taken']);
    expect(await site.shadow(card)).to.deep.equal([0, 0, 0]);
  });

  it('[M12] list a card that asks for two loads under one counter', async () => {
    const card = await site.card();
    const clone = card.copy();
    await ask(init(card, 20_00));
    expect(await ask(init(clone, 90_00))).to.include({ status: 'refused', code: 'statement-rejected' });
    expect(await site.findings(card.cardId)).to.deep.equal(['two-contents']);
    await site.port.loadCancelled(card.cancelLoad());
  });

  it('[M3] list a card that credits itself without authorisation', async () => {
    const card = await site.card();
    init(card, 20_00);
    await site.port.loadCredited(card.applyCredit(LoadType.load, 0, 400_00, site.clock.now));
    expect(await site.findings(card.cardId)).to.deep.equal(['unauthorised-load']);
    expect(await site.shadow(card)).to.deep.equal([0, 0, 0]);
  });

  it('refuse a statement of another purpose, and one without a pending load', async () => {
    const card = await site.card();
    init(card, 20_00);
    expect(await ask(card.log(StatementPurpose.log))).to.include({ status: 'refused', code: 'statement-rejected' });
    card.cancelLoad();
    expect(await ask(card.log(StatementPurpose.initLoad))).to.include({
      status: 'refused',
      code: 'statement-rejected',
    });
  });

  it('refuse an old statement once the card has asked for a later load', async () => {
    const card = await site.card();
    const old = init(card, 20_00);
    card.cancelLoad();
    await give(card, await ask(init(card, 30_00)));
    expect(await ask(old)).to.include({ status: 'refused', code: 'statement-rejected' });
  });

  it('refuse a statement that was changed, or signed by another card', async () => {
    const [card, other] = [await site.card(), await site.card()];
    const log = init(card, 20_00);
    const raised = statementCodec.decode(log.statement);
    const forged = statementCodec.encode({ ...raised, register: { ...raised.register, amount: 90_00 } });
    await expectRefusal(ask({ ...log, statement: forged }), 'rejected', /not signed by the card/);
    await expectRefusal(ask({ ...log, cardId: other.cardId }), 'rejected', /not signed by the card/);
    await expectRefusal(ask({ ...log, cardId: new Uint8Array(8) }), 'unknown-card');
    await expectRefusal(ask({ ...log, statement: log.statement.slice(1) }), 'rejected', /statement cannot be read/);
  });

  it('[R7] are for kiosks: a POS, a desk and a stranger are refused', async () => {
    const card = await site.card();
    const log = init(card, 20_00);
    const pos = await site.pos();
    await expectRefusal(
      site.port.authoriseLoad({ kioskId: pos.identity.certificate.terminalId, log }),
      'rejected',
      /role load/,
    );
    await expectRefusal(site.port.authoriseLoad({ kioskId: site.desk.certificate.terminalId, log }), 'rejected');
    await expectRefusal(site.port.authoriseLoad({ kioskId: new Uint8Array(8), log }), 'unknown-terminal');
  });

  it('know nothing of a load nobody asked for', async () => {
    const card = await site.card();
    expect(await site.port.loadStatus({ kioskId, cardId: card.cardId, counter: 9 })).to.deep.equal({
      status: 'unknown',
    });
  });

  it('keep to the maximum balance, the shadow balance and the slots that hold money', async () => {
    const card = await site.card();
    expect(await ask(init(card, 500_01))).to.include({ status: 'refused', code: 'card-limit' });
    card.cancelLoad();
    await site.load(card, 0, 400_00);
    expect(await ask(init(card, 100_01))).to.include({ status: 'refused', code: 'card-limit' });
    card.cancelLoad();
    expect(await ask(init(card, 400_01, LoadType.unload))).to.include({ status: 'refused', code: 'card-limit' });
    card.cancelLoad();
    expect(await ask(card.initLoad(LoadType.load, 2, 5, kioskId))).to.include({
      status: 'refused',
      code: 'statement-rejected',
    });
  });

  it('keep to the limits of a card and of its holder over all his cards, within a day', async () => {
    const { policy } = site.issuer;
    const rules = policy as { -readonly [K in keyof typeof policy]: (typeof policy)[K] };
    const before = { card: rules.cardDaily, holder: rules.holderDaily };
    try {
      rules.cardDaily = { EUR: 50_00n };
      rules.holderDaily = { EUR: 80_00n };
      const [one, two] = [await site.card('Grace Limit'), await site.card('  grace   LIMIT ')];
      await site.load(one, 0, 40_00);
      expect(await ask(init(one, 10_01))).to.include({ status: 'refused', code: 'card-limit' });
      await site.load(two, 0, 40_00);
      expect(await ask(init(two, 1))).to.include({ status: 'refused', code: 'holder-limit' });
      site.clock.advance(day + 1);
      await give(two, await ask(init(two, 1)));
    } finally {
      rules.cardDaily = before.card;
      rules.holderDaily = before.holder;
    }
  });

  it('pay an unload to the holder after the card has signed for it, once', async () => {
    const card = await site.card('Ulla Unload');
    await site.load(card, 0, 50_00);
    const float = await site.account('float');
    await site.load(card, 0, 20_00, LoadType.unload);
    expect(await site.shadow(card)).to.deep.equal([30_00, 0, 0]);
    expect(await site.account('unloadsUnpaid')).to.equal(20_00n);
    await settle(site.issuer);
    await settle(site.issuer);
    expect(await site.account('unloadsUnpaid')).to.equal(0n);
    expect(await site.account('float')).to.equal(float - 20_00n);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/unload/2`)?.money.amount).to.equal(20_00n);
  });

  it('refuse an unload to a holder without account', async () => {
    const card = await site.card('');
    await site.load(card, 0, 50_00);
    expect(await ask(init(card, 20_00, LoadType.unload))).to.include({ status: 'refused', code: 'no-account' });
    card.cancelLoad();
  });

  it('[R8] refuse a card past its date', async () => {
    const card = await site.card();
    const log = init(card, 20_00);
    const now = site.clock.now;
    try {
      site.clock.now += 5 * 366 * day;
      await expectRefusal(
        ask(log).then((answer) => Promise.reject(answer as unknown as Error)),
        'rejected',
      ).catch(() => undefined);
      const answer = await ask(log);
      expect(answer).to.include({ status: 'refused', code: 'statement-rejected' });
    } finally {
      site.clock.now = now;
    }
  });

  it('say how a load ended when the statement says credited and the record is here', async () => {
    const card = await site.fundedCard(20_00);
    const statement = card.statement(StatementPurpose.register);
    expect(statementCodec.decode(statement.statement).register.state).to.equal(LoadState.credited);
    await site.port.loadCancelled(statement);
    expect(await site.findings(card.cardId)).to.deep.equal([]);
    expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
  });
});
