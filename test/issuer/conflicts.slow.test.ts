/**
 * The same id with the same content is the same answer; the same id with other content is a named conflict, and changes nothing.
 * One test for each way in. What a card or a bank contradicts is no mistake of the caller: that becomes a finding.
 */
import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { addOperator } from '../../host/issuer/operator/accounts.js';
import { takeAnswers } from '../../host/issuer/payout/answers.js';
import { makeFile } from '../../host/issuer/payout/files.js';
import { readStatusReport } from '../../host/issuer/payout/pain002.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import { approveCase, dismissCase } from '../../host/issuer/service/cases.js';
import { fundingAnswered } from '../../host/issuer/service/fund.js';
import { addMerchant } from '../../host/issuer/service/merchants.js';
import { createProduct } from '../../host/issuer/service/products.js';
import { registerStock, serialRange } from '../../host/issuer/service/stock.js';
import { registerTerminal } from '../../host/issuer/service/terminals.js';
import { post } from '../../host/issuer/store/ledger.js';
import { stateHash } from '../../host/issuer/store/state-hash.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import type { IssueRequest } from '../../host/protocol/issuer/port.js';
import { euro, terminal } from '../helpers/scheme.js';
import { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';
import { statusReport } from './status-report.js';

const ada: Actor = { kind: 'operator', name: 'Ada' };
const iban = 'DE89370400440532013000';

onEachDatabase('The same id with other content', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  /** Refused by name, and not a row of any table is another. */
  async function conflicts(attempt: () => Promise<unknown>, message: RegExp): Promise<void> {
    const before = await stateHash(site.issuer.store.db);
    await expectRefusal(attempt(), 'conflict', message);
    expect(await stateHash(site.issuer.store.db), 'state').to.equal(before);
  }
  async function same<T>(attempt: () => Promise<T>, first: T): Promise<void> {
    const before = await stateHash(site.issuer.store.db);
    expect(await attempt()).to.deep.equal(first);
    expect(await stateHash(site.issuer.store.db), 'state').to.equal(before);
  }

  it('is a conflict for a card: other keys, another holder, another card to replace', async () => {
    const [card, other] = [new SoftCard('conflict one'), new SoftCard('conflict two')];
    const request = ({ serial, signer, agree }: SoftCard): IssueRequest => ({
      deskId: site.desk.certificate.terminalId,
      serial,
      signPoint: signer.point,
      agreePoint: agree.point,
      holder: 'Ada Lovelace',
    });
    const first = await site.port.issueCard(request(card));
    await same(() => site.port.issueCard({ ...request(card), holder: ' ada  LOVELACE' }), first);
    const again = (change: Partial<IssueRequest>) => () => site.port.issueCard({ ...request(card), ...change });
    await conflicts(again({ signPoint: other.signer.point }), /with other keys/);
    await conflicts(again({ holder: 'Grace' }), /with another holder/);
    await conflicts(again({ replaces: other.serial }), /another card to replace/);
  });

  it('is a conflict for a batch, whatever of it differs', async () => {
    const pos = await site.pos();
    const card = await site.fundedCard(20_00);
    pos.sell(card, 0, 3_00);
    const batch = pos.close();
    const first = await site.port.uploadBatch(batch);
    await same(() => site.port.uploadBatch(batch), first);
    const fields = pos.opened(batch);
    await conflicts(() => site.port.uploadBatch(pos.signed({ ...fields, entries: [], totals: [] })), /other content/);
    await conflicts(
      () => site.port.uploadBatch(pos.signed({ ...fields, closedAt: fields.closedAt - 1 })),
      /other content/,
    );
  });

  it('is a conflict for a question about an open entry', async () => {
    const card = await site.card();
    const { terminalId } = (await site.pos()).identity.certificate;
    const question = { terminalId, cardId: card.cardId, tn: 1, ntSeen: 4 };
    const first = await site.port.entryAnswer(question);
    await same(() => site.port.entryAnswer(question), first);
    await conflicts(() => site.port.entryAnswer({ ...question, ntSeen: 5 }), /instead of/);
  });

  it('is a conflict for a terminal: another key, role or merchant', async () => {
    const merchantId = Uint8Array.of(0, 0, 7, 7);
    const of = (name: string, change: Parameters<typeof terminal>[2] = {}) =>
      terminal(Role.pos, name, { merchantId, ...change }).certificate;
    const known = of('conflict pos');
    await registerTerminal(site.issuer.store.db, known);
    const { terminalId } = known;
    const other = { ...of('another pos'), terminalId };
    await conflicts(() => registerTerminal(site.issuer.store.db, other), /another key, role or merchant/);
    await conflicts(() => registerTerminal(site.issuer.store.db, { ...known, role: Role.load }), /another key, role/);
    await conflicts(
      () => registerTerminal(site.issuer.store.db, { ...known, merchantId: Uint8Array.of(0, 0, 7, 8) }),
      /another key, role or merchant/,
    );
  });

  it('is a conflict for a ledger event, of any kind', async () => {
    const event = { kind: 'load-funded', cardId: 'c0ffee', counter: 7, from: 'bank' } as const;
    const book = (amount: bigint) =>
      site.issuer.store.transaction((tx) => post(tx, [{ ...event, money: money(amount, euro) }], site.clock.now));
    const undo = (amount: bigint) =>
      site.issuer.store.transaction(async (tx) => {
        await post(tx, [{ ...event, money: money(amount, euro) }], site.clock.now);
        const given = { kind: 'load-given-up', cardId: 'c0ffee', counter: 7, from: 'bank' } as const;
        await post(tx, [{ ...given, money: money(5_00n, euro) }], site.clock.now);
        const back = { kind: 'funding-returned', cardId: 'c0ffee', counter: 7 } as const;
        return post(tx, [{ ...back, money: money(5_00n, euro) }], site.clock.now);
      });
    await undo(5_00n);
    await same(() => book(5_00n), 0);
    const before = await stateHash(site.issuer.store.db);
    let code = 'none';
    await book(6_00n).catch((error: { code: string }) => ({ code } = error));
    expect([code, await stateHash(site.issuer.store.db)]).to.deep.equal(['conflict', before]);
  });

  it('is a conflict for a merchant, a product, an operator and a delivery of raw cards', async () => {
    const merchant = '00000007000000aa';
    const added = await addMerchant(site.issuer, ada, merchant, { name: 'Bakery', iban });
    await same(
      () => addMerchant(site.issuer, ada, merchant, { name: 'Bakery', iban: 'DE89 3704 0044 0532 0130 00' }),
      added,
    );
    await conflicts(() => addMerchant(site.issuer, ada, merchant, { name: 'Bakery' }), /with other fields/);
    const product = { name: 'pupil', label: 'Pupil purse', lifetimeYears: 3 };
    await createProduct(site.issuer, ada, product);
    await same(() => createProduct(site.issuer, ada, product), undefined);
    await conflicts(() => createProduct(site.issuer, ada, { ...product, lifetimeYears: 4 }), /it is another/);
    const cheap = { log_n: 4, r: 8, p: 1 };
    await addOperator(site.issuer, 'orla', 'operator', 'seven green herons', cheap);
    await conflicts(() => addOperator(site.issuer, 'orla', 'auditor', 'eight green herons', cheap), /orla already/);
  });

  it('is a decision that was made before: a case is decided once', async () => {
    const pos = await site.pos();
    const liar = await site.card();
    await site.load(liar, 0, 10_00);
    liar.books.balances[0] = 900_00;
    pos.sell(liar, 0, 50_00);
    await site.port.uploadBatch(pos.close());
    const key = { party: toHex(liar.cardId), kind: 'negative-balance' } as const;
    await approveCase(site.issuer, key, { operator: 'Ada' });
    await conflicts(() => approveCase(site.issuer, key, { operator: 'Ada' }), /approved by Ada already/);
    await conflicts(
      () => dismissCase(site.issuer, key, { operator: 'Grace', reason: 'no' }),
      /approved by Ada already/,
    );
  });

  for (const type of [LoadType.load, LoadType.unload] as const)
    it(`is fraud where a card signs it (${type === LoadType.load ? 'load' : 'unload'}): refused, listed, nothing booked`, async () => {
      const card = await site.fundedCard(30_00);
      const kioskId = site.kiosk.certificate.terminalId;
      const twin = card.copy();
      const ask = (one: SoftCard, amount: number) =>
        site.port.authoriseLoad({ kioskId, log: one.initLoad(type, 0, amount, kioskId) });
      expect((await ask(card, 5_00)).status).to.equal('authorised');
      const flight = await site.account('loadsInFlight');
      expect(await ask(twin, 6_00)).to.include({ status: 'refused', code: 'statement-rejected' });
      expect(await site.account('loadsInFlight')).to.equal(flight);
      expect(await site.findings(card.cardId)).to.deep.equal(['two-contents']);
    });

  it('is a finding where the bank says it, of a load or of a payment', async () => {
    const card = await site.card();
    const kioskId = site.kiosk.certificate.terminalId;
    await site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 5_00, kioskId) });
    await fundingAnswered(site.issuer, toHex(card.cardId), 1, 'yes');
    await fundingAnswered(site.issuer, toHex(card.cardId), 1, 'no');
    expect(await site.findings(card.cardId)).to.deep.equal(['funding-contradiction']);

    const debtor = { name: 'Scheme Float Ltd', iban: 'GB82WEST12345698765432' };
    const issuer = { ...site.issuer, policy: { ...site.issuer.policy, debtor } };
    const pos = await site.pos();
    const payer = await site.card();
    await site.load(payer, 0, 20_00);
    pos.sell(payer, 0, 3_00);
    await site.port.uploadBatch(pos.close());
    await addMerchant(issuer, ada, pos.merchant, { name: 'Corner Shop', iban });
    await settle(issuer);
    const file = (await makeFile(issuer, ada)) ?? expect.fail('nothing was ordered');
    const say = (group: string) => takeAnswers(issuer, ada, readStatusReport(statusReport(file.messageId, group, [])));
    expect((await say('RJCT')).returned).to.be.at.least(1);
    expect((await say('RJCT')).returned).to.equal(0);
    const owed = await site.owed(pos);
    expect((await say('ACSC')).contradictions).to.be.at.least(1);
    expect(await site.owed(pos)).to.equal(owed);
  });
});

onEachDatabase(
  'A serial in two deliveries',
  (open) => {
    it('is a conflict that names it, and registers nothing of the second', async () => {
      const { issuer } = await open();
      const serials = serialRange('00a0000000000000', '00a0000000000004');
      expect(await registerStock(issuer, ada, serials, 'D-1')).to.deep.equal({ registered: 5, known: 0 });
      expect(await registerStock(issuer, ada, serials, 'D-1')).to.deep.equal({ registered: 0, known: 5 });
      const before = await stateHash(issuer.store.db);
      const later = serialRange('00a0000000000004', '00a0000000000009');
      await expectRefusal(
        registerStock(issuer, ada, later, 'D-2'),
        'conflict',
        /00a0000000000004 came with the delivery "D-1"/,
      );
      expect(await stateHash(issuer.store.db)).to.equal(before);
    });
  },
  { alone: true },
);
