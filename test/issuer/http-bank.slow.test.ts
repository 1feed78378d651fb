/** A bank behind an address, and what becomes of loads whatever it does. */
import { expect } from 'chai';
import { HttpBank } from '../../host/issuer/funding/http-bank.js';
import type { FundingRequest } from '../../host/issuer/funding/port.js';
import { settle } from '../../host/issuer/jobs/settle.js';
import { localIssuer } from '../../host/issuer/local.js';
import { withTrace } from '../../host/issuer/ops/trace.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import { FakeBank } from '../helpers/fake-bank.js';
import type { BankMood } from '../helpers/fake-bank.js';
import { euro } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

const question: FundingRequest = { key: '0123456789abcdef/7', account: 'DE00', money: money(20_00n, euro) };

describe('A bank behind an address', function () {
  this.timeout(20_000);
  let fake: FakeBank;
  let bank: HttpBank;
  beforeEach(async () => {
    fake = await FakeBank.start();
    bank = new HttpBank({ url: fake.url, ca: fake.tls.ca, token: 'told-in-secret', timeout: 150, attempts: 2 });
  });
  afterEach(() => fake.stop());

  it('is asked with key, account and amount, and says yes or no', async () => {
    fake.moods.push('yes', 'no');
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(await withTrace(trace, () => bank.charge(question))).to.equal('yes');
    expect(await bank.charge({ ...question, key: '0123456789abcdef/8' })).to.equal('no');
    const [first] = fake.asked;
    expect([first?.deed, first?.key, first?.amount]).to.deep.equal(['charges', question.key, '20.00 EUR']);
    expect(first?.headers['idempotency-key']).to.equal(`"${question.key}"`);
    expect(first?.headers.authorization).to.equal('Bearer told-in-secret');
    expect(first?.headers['traceparent']).to.include(trace);
    expect(fake.asked).to.have.length(2);
  });

  it('has an address for each deed', async () => {
    await bank.giveBack(question);
    await bank.payOut(question);
    expect(fake.asked.map(({ deed }) => deed)).to.deep.equal(['give-backs', 'pay-outs']);
  });

  for (const mood of ['hang', 'error', 'garbage', 'stranger', 'endless', 'moved', 'reset'] as const)
    it(`is asked again under the same key where it gives no answer (${mood})`, async () => {
      fake.moods.push(mood);
      expect(await bank.charge(question)).to.equal('yes');
      expect(fake.asked.map(({ key }) => key)).to.deep.equal([question.key, question.key]);
      expect(fake.done.size).to.equal(1);
    });

  for (const mood of ['hang', 'error', 'garbage', 'stranger', 'reset'] as const)
    it(`has said nothing when it never gives an answer (${mood})`, async () => {
      fake.moods.push(mood, mood);
      expect(await bank.charge(question)).to.equal('unknown');
      expect(fake.asked).to.have.length(2);
      expect(fake.done.size).to.equal(0);
    });

  it('does it once, although its answer was lost and it was asked again', async () => {
    fake.moods.push('hang-yes');
    expect(await bank.charge(question)).to.equal('yes');
    fake.moods.push('error-yes');
    expect(await bank.charge({ ...question, key: '0123456789abcdef/9' })).to.equal('yes');
    expect([...fake.done.keys()]).to.deep.equal([`charges ${question.key}`, 'charges 0123456789abcdef/9']);
  });

  it('may answer twice on one connection, and the next question gets its own answer', async () => {
    fake.moods.push('twice', 'no');
    expect(await bank.charge(question)).to.equal('yes');
    expect(await bank.charge({ ...question, key: '0123456789abcdef/8' })).to.equal('no');
  });

  it('that refuses the same key with another amount has not said yes', async () => {
    await bank.charge(question);
    expect(await bank.charge({ ...question, money: money(30_00n, euro) })).to.equal('unknown');
  });

  it('is not believed without the certificate that was named', async () => {
    const other = await FakeBank.start();
    const stranger = new HttpBank({ url: other.url, ca: fake.tls.ca, timeout: 150, attempts: 1 });
    expect(await stranger.charge(question)).to.equal('unknown');
    expect(other.asked).to.deep.equal([]);
    await other.stop();
  });
});

onEachDatabase('A load that a bank behind an address funds', (open) => {
  let site: SoftIssuer;
  let fake: FakeBank;
  let port: IssuerPort;
  let card: SoftCard;

  before(async () => (site = await open()));
  beforeEach(async () => {
    fake = await FakeBank.start();
    const funding = new HttpBank({ url: fake.url, ca: fake.tls.ca, timeout: 1_000, attempts: 1 });
    port = localIssuer({ ...site.issuer, funding });
    card = await site.card();
  });
  afterEach(async () => {
    await fake.stop();
    expect(await site.differences()).to.deep.equal([]);
  });

  const ask = async (...moods: BankMood[]): Promise<string> => {
    fake.moods.push(...moods);
    const kioskId = site.kiosk.certificate.terminalId;
    const answer = await port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
    return answer.status === 'refused' ? answer.code : answer.status;
  };
  const inFlight = (): Promise<bigint> => site.account('loadsInFlight');

  it('is authorised for a yes, refused for a no, and pending for anything else until it says one of them', async () => {
    const before = await inFlight();
    expect(await ask('garbage')).to.equal('pending');
    expect(await ask('error')).to.equal('pending');
    expect(await ask('hang')).to.equal('pending');
    expect(await inFlight()).to.equal(before);
    expect(await ask('yes')).to.equal('authorised');
    expect(await ask('no')).to.equal('authorised');
    expect((await inFlight()) - before).to.equal(20_00n);
    expect(fake.done.size).to.equal(1);
    const other = (card = await site.card());
    expect(await ask('no')).to.equal('funding-declined');
    expect(await ask('yes')).to.equal('funding-declined');
    expect(await site.findings(other.cardId)).to.deep.equal([]);
  });

  it('is funded once where the money moved and the answer was lost', async () => {
    const before = await inFlight();
    expect(await ask('hang-yes')).to.equal('pending');
    expect(await inFlight()).to.equal(before);
    expect(await ask()).to.equal('authorised');
    expect((await inFlight()) - before).to.equal(20_00n);
    expect([...fake.done]).to.deep.equal([[`charges ${toHex(card.cardId)}/1`, '20.00 EUR']]);
  });

  it('given up while nobody knew goes back until the bank confirms, and is booked once', async () => {
    expect(await ask('hang-yes')).to.equal('pending');
    await port.loadCancelled(card.cancelLoad());
    const issuer = {
      ...site.issuer,
      funding: new HttpBank({ url: fake.url, ca: fake.tls.ca, timeout: 1_000, attempts: 1 }),
    };
    fake.moods.push('garbage', 'hang', 'error', 'error');
    await settle(issuer);
    await settle(issuer);
    await settle(issuer);
    expect(fake.done.has(`give-backs ${toHex(card.cardId)}/1`)).to.equal(true);
    expect(await site.account('funding')).to.equal(0n);
    const asked = fake.asked.length;
    await settle(issuer);
    expect(fake.asked).to.have.length(asked);
  });
});
