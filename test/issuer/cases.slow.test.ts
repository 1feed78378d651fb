import { expect } from 'chai';
import { sql } from 'kysely';
import { settle } from '../../host/issuer/jobs/settle.js';
import { approveCase, dismissCase, listCases, proposeCase, showCase } from '../../host/issuer/service/cases.js';
import type { CaseKey } from '../../host/issuer/service/cases.js';
import { measuresSchema } from '../../host/issuer/service/measures.js';
import { releaseMerchant } from '../../host/issuer/store/merchants.js';
import { saveFindings } from '../../host/issuer/store/save-book.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { Outcome } from '../../host/protocol/generated/enums.js';
import { euro } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('A case', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  const terminalOf = ({ identity: { certificate } }: SoftPos): string => toHex(certificate.terminalId);

  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  /** Spends 50.00 that were never loaded. */
  async function rich(): Promise<CaseKey> {
    card.books.balances[0] = 900_00;
    pos.sell(card, 0, 50_00);
    await site.port.uploadBatch(pos.close());
    return { party: toHex(card.cardId), kind: 'balance-chain' };
  }

  /** Claims a sale that the terminal itself undid. */
  async function liar(): Promise<CaseKey> {
    pos.sell(card, 0, 3_50);
    const { proof } = pos.undo(card);
    await site.synchronise(card);
    pos.note(Outcome.void, proof, { tn: pos.lastTn, ntSeen: card.nt - 1 });
    await site.port.uploadBatch(pos.close());
    return { party: terminalOf(pos), kind: 'cancelled-but-claimed' };
  }

  async function actions(key: CaseKey): Promise<string[]> {
    const rows = await site.issuer.store.db
      .selectFrom('audit_entry')
      .select('action')
      .where('subject', '=', `case/${key.party}/${key.kind}`)
      .orderBy('seq')
      .execute();
    return rows.map(({ action }) => action);
  }

  it('opens with the first finding and gathers those of its kind', async () => {
    const key = await liar();
    const file = await showCase(site.issuer, key);
    expect([file.status, file.round, file.findings.length]).to.deep.equal(['open', 1, 1]);
    expect(file.findings[0]?.detail).to.match(/signed away itself \(3\.50 EUR\)/);
    expect(file.proposal).to.deep.equal([{ do: 'hold-merchant', merchant: pos.merchant }]);
    const listed = await listCases(site.issuer, 'open');
    expect(
      listed.some(({ party, kind, findings }) => party === key.party && kind === key.kind && findings === 1),
    ).to.equal(true);
  });

  it('holds the merchant once an operator approves, not before, and until he is released', async () => {
    const key = await liar();
    pos.sell(card, 0, 5_00);
    await site.port.uploadBatch(pos.close());
    const approved = await approveCase(site.issuer, key, { operator: 'Ada' });
    expect([approved.status, approved.decidedBy]).to.deep.equal(['approved', 'Ada']);
    const held = await settle(site.issuer);
    expect(held.merchants.map(({ merchant }) => merchant)).to.not.include(pos.merchant);
    expect(held.unsettled.filter(({ merchant }) => merchant === pos.merchant)).to.deep.equal([
      { merchant: pos.merchant, owed: money(5_00n, euro), why: 'held' },
    ]);
    expect(await actions(key)).to.deep.equal(['case-approved']);
    await site.issuer.store.transaction((tx) => releaseMerchant(tx, pos.merchant, site.clock.now));
    const paid = (await settle(site.issuer)).merchants.find(({ merchant }) => merchant === pos.merchant);
    expect(paid?.paid.amount).to.equal(5_00n);
  });

  it('[M1] books a broken card’s remaining balance against its loss, once', async () => {
    const key = await rich();
    const fraud = await site.account('fraud');
    expect((await showCase(site.issuer, key)).proposal).to.deep.equal([
      { do: 'recover-from-card', cardId: key.party, slot: 0, money: money(50_00n, euro) },
    ]);
    await approveCase(site.issuer, key, { operator: 'Ada' });
    expect(await site.account('fraud')).to.equal(fraud - 50_00n);
    expect((await site.shadow(card))[0]).to.equal(50_00);
    await expectRefusal(approveCase(site.issuer, key, { operator: 'Ada' }), 'conflict', /approved by Ada already/);
    expect(await site.account('fraud')).to.equal(fraud - 50_00n);
  });

  it('does what a person proposes only when another approves', async () => {
    const key = await liar();
    const measures = [
      { do: 'revoke-terminal', terminalId: key.party },
      { do: 'recover-from-merchant', merchant: pos.merchant, money: money(2_00n, euro) },
    ] as const;
    await proposeCase(site.issuer, key, { operator: 'Ada', measures });
    await expectRefusal(approveCase(site.issuer, key, { operator: 'Ada' }), 'rejected', /somebody else/);
    await expectRefusal(approveCase(site.issuer, key, { operator: ' Ada ' }), 'rejected', /somebody else/);
    const fraud = await site.account('fraud');
    await approveCase(site.issuer, key, { operator: 'Grace' });
    expect(await site.account('fraud')).to.equal(fraud - 2_00n);
    site.clock.advance(60);
    pos.sell(card, 0, 5_00);
    await site.port.uploadBatch(pos.close());
    expect((await site.results(pos)).at(-1)).to.equal('terminal-revoked');
    const { unsettled } = await settle(site.issuer);
    expect(unsettled.find(({ merchant }) => merchant === pos.merchant)).to.deep.include({ why: 'in-debt' });
    expect(await actions(key)).to.deep.equal(['case-proposed', 'case-approved']);
  });

  it('[M1] writes off what a merchant owes', async () => {
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    await settle(site.issuer);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    const party = pos.merchant;
    const finding = { kind: 'merchant-in-debt', party, subject: 'EUR', detail: 'Owes 3.50 EUR.' } as const;
    await site.issuer.store.transaction((tx) => saveFindings(tx, [finding], site.clock.now));
    const key: CaseKey = { party, kind: 'merchant-in-debt' };
    const { proposal } = await showCase(site.issuer, key);
    expect(proposal).to.deep.equal([{ do: 'book-loss', merchant: party, money: money(3_50n, euro) }]);
    const fraud = await site.account('fraud');
    await approveCase(site.issuer, key, { operator: 'Ada' });
    expect(await site.account('fraud')).to.equal(fraud + 3_50n);
    const line = (await settle(site.issuer)).merchants.find(({ merchant }) => merchant === party);
    expect([line?.reversed.amount, line?.adjusted.amount, line?.paid.amount]).to.deep.equal([3_50n, 3_50n, 0n]);
  });

  it('is approved only as it was shown', async () => {
    const key = await liar();
    const { revision } = await showCase(site.issuer, key);
    const detail = 'Another one.';
    const another = { kind: key.kind, party: key.party, subject: 'tn/99', detail } as const;
    await site.issuer.store.transaction((tx) => saveFindings(tx, [another], site.clock.now));
    await expectRefusal(approveCase(site.issuer, key, { operator: 'Ada', revision }), 'rejected', /has changed/);
    const now = await showCase(site.issuer, key);
    expect((await approveCase(site.issuer, key, { operator: 'Ada', revision: now.revision })).status).to.equal(
      'approved',
    );
  });

  it('opens anew with what comes after a decision', async () => {
    const key = await liar();
    await dismissCase(site.issuer, key, { operator: 'Ada', reason: 'a clerk’s mistake' });
    expect((await showCase(site.issuer, key)).decision).to.equal('a clerk’s mistake');
    const another = { kind: key.kind, party: key.party, subject: 'tn/99', detail: 'And again.' } as const;
    await site.issuer.store.transaction((tx) => saveFindings(tx, [another], site.clock.now));
    const file = await showCase(site.issuer, key);
    expect([file.status, file.round, file.decidedBy]).to.deep.equal(['open', 2, undefined]);
  });

  it('does nothing at all where one of its measures fails', async () => {
    const key = await liar();
    const measures = [
      { do: 'hold-merchant', merchant: pos.merchant },
      { do: 'recover-from-card', cardId: toHex(card.cardId), slot: 0, money: money(1_00n, euro) },
    ] as const;
    await proposeCase(site.issuer, key, { operator: 'Ada', measures });
    await expectRefusal(approveCase(site.issuer, key, { operator: 'Grace' }), 'rejected', /never contradicted itself/);
    expect((await showCase(site.issuer, key)).status).to.equal('open');
    pos.sell(card, 0, 1_00);
    await site.port.uploadBatch(pos.close());
    expect((await settle(site.issuer)).merchants.map(({ merchant }) => merchant)).to.include(pos.merchant);
  });

  it('is refused where there is none, without a name, and without a reason', async () => {
    const none: CaseKey = { party: toHex(card.cardId), kind: 'two-contents' };
    await expectRefusal(showCase(site.issuer, none), 'rejected', /There is no case/);
    await expectRefusal(approveCase(site.issuer, none, { operator: 'Ada' }), 'rejected', /There is no case/);
    const key = await liar();
    await expectRefusal(approveCase(site.issuer, key, { operator: ' ' }), 'rejected', /name/);
    await expectRefusal(dismissCase(site.issuer, key, { operator: 'Ada', reason: ' ' }), 'rejected', /reason/);
  });

  it('cannot be approved by who proposed, not even in the database', async () => {
    const key = await liar();
    await proposeCase(site.issuer, key, { operator: 'Ada', measures: [] });
    const forced = sql`update case_file set status = 'approved', decided_at = 1, decided_by = 'Ada' where party = ${key.party}`;
    let message = '';
    await forced.execute(site.issuer.store.db).catch((error: unknown) => (message = (error as Error).message));
    expect(message).to.match(/case_file_check/);
  });

  for (const [what, measure] of Object.entries({
    'an amount below zero': { do: 'book-loss', merchant: '0'.repeat(16), money: { amount: '-1.00', unit: 'EUR' } },
    'nobody’s id': { do: 'hold-merchant', merchant: 'x' },
    'something unheard of': { do: 'jail-merchant', merchant: '0'.repeat(16) },
  }))
    it(`takes no measure with ${what}`, () => {
      expect(measuresSchema.safeParse([measure]).success).to.equal(false);
    });
});
