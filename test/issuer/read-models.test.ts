import { expect } from 'chai';
import type { z } from 'zod';
import { batchEntries, listBatches, showBatch } from '../../host/issuer/operator/queries/batches.js';
import { cardLoads, cardOrders, cardRecords } from '../../host/issuer/operator/queries/card-history.js';
import { searchCards, showCard } from '../../host/issuer/operator/queries/cards.js';
import { caseRows, caseView } from '../../host/issuer/operator/queries/cases.js';
import { accountParties, postings, showChart, showEvent } from '../../host/issuer/operator/queries/ledger.js';
import { showKeys } from '../../host/issuer/operator/queries/keys.js';
import { searchAudit } from '../../host/issuer/operator/queries/audit.js';
import { searchTerminals, showTerminal } from '../../host/issuer/operator/queries/terminals.js';
import { addUp, today } from '../../host/issuer/operator/queries/today.js';
import * as cardViews from '../../host/issuer/operator/views/cards.js';
import * as caseViews from '../../host/issuer/operator/views/cases.js';
import * as keyViews from '../../host/issuer/operator/views/keys.js';
import * as ledgerViews from '../../host/issuer/operator/views/ledger.js';
import * as terminalViews from '../../host/issuer/operator/views/terminals.js';
import { todayView } from '../../host/issuer/operator/views/today.js';
import { approveCase, showCase } from '../../host/issuer/service/cases.js';
import { block } from '../../host/issuer/service/listing.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { euro } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

const minute = 60;

/** An answer is what its schema says, and nothing more. */
function fits<T>(schema: z.ZodObject, answer: T): T {
  expect(schema.strict().parse(answer)).to.deep.equal(answer);
  return answer;
}

onEachDatabase('What an operator sees', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  let cardId: string;
  let terminalId: string;
  const db = () => site.issuer.store.db;

  before(async () => {
    site = await open();
    pos = await site.pos();
    terminalId = toHex(pos.identity.certificate.terminalId);
    card = await site.card('Grace <b>O’Hopper</b> 100%');
    cardId = toHex(card.cardId);
    await site.load(card, 0, 50_00);
    for (let i = 0; i < 3; i++) {
      site.clock.advance(minute);
      pos.sell(card, 0, 3_50);
    }
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
  });

  it('is today’s figures, with an equation that holds', async () => {
    const shown = fits(todayView, await today(site.issuer, await addUp(site.issuer)));
    expect(shown.equations.map(({ holds }) => holds)).to.not.include(false);
    expect(shown.payments.count).to.be.at.least(3);
    expect(shown.days.at(-1)?.payments).to.equal(shown.payments.count);
  });

  it('is a card found by the begin of its id or serial, or by part of its holder’s name', async () => {
    for (const text of [cardId.slice(0, 8), toHex(card.serial).toUpperCase(), 'o’hopper', '100%']) {
      const { rows } = fits(cardViews.cardPage, await searchCards(db(), { text }));
      expect(rows.map((row) => row.cardId)).to.include(cardId);
    }
  });

  it('is no card for a name nobody has, whatever its characters mean to SQL', async () => {
    for (const text of ['%', '_', "' or 1=1 --", 'O’Hopper 100_', '\\']) {
      const { rows } = await searchCards(db(), { text });
      expect(
        rows.every(({ holder }) => holder.includes(text)),
        text,
      ).to.equal(true);
    }
  });

  it('is lists in parts that neither repeat nor skip', async () => {
    const all = await cardRecords(db(), cardId, {});
    const pieces: number[] = [];
    let after: string | undefined;
    do {
      const piece = fits(cardViews.recordPage, await cardRecords(db(), cardId, { after, limit: 2 }));
      pieces.push(...piece.rows.map(({ nt }) => nt));
      after = piece.next ?? undefined;
    } while (after !== undefined);
    expect(pieces).to.deep.equal(all.rows.map(({ nt }) => nt));
    expect(pieces).to.deep.equal([...pieces].sort((a, b) => b - a));
  });

  it('is not a list for a cursor of another list', async () => {
    await expectRefusal(cardRecords(db(), cardId, { after: 'a~b' }), 'rejected');
    await expectRefusal(cardRecords(db(), cardId, { after: "1' or 1=1" }), 'rejected');
  });

  it('is a card with balances, loads, orders and listings', async () => {
    await block(site.issuer, cardId, 'reported lost');
    const shown = fits(cardViews.cardView, await showCard(db(), cardId));
    expect(shown.listed).to.equal(true);
    expect(shown.slots[0]?.balance).to.deep.equal({ amount: '43.00', unit: 'EUR' });
    expect(fits(cardViews.loadPage, await cardLoads(db(), cardId, {})).rows[0]?.state).to.equal('credited');
    expect(fits(cardViews.orderPage, await cardOrders(db(), cardId, {})).rows.map(({ type }) => type)).to.include(
      'block',
    );
  });

  it('is no card that was never issued', async () => {
    await expectRefusal(showCard(db(), '00'.repeat(8)), 'unknown-card');
    await expectRefusal(showTerminal(db(), '00'.repeat(8)), 'unknown-terminal');
  });

  it('is terminals and their batches down to each entry', async () => {
    fits(terminalViews.terminalPage, await searchTerminals(db(), { text: terminalId }));
    expect(fits(terminalViews.terminalView, await showTerminal(db(), terminalId)).lastBatch).to.equal(1);
    expect(fits(terminalViews.batchPage, await listBatches(db(), { terminalId })).rows).to.have.length(1);
    const batch = fits(terminalViews.batchView, await showBatch(db(), terminalId, 1n));
    const entries = fits(terminalViews.batchEntryPage, await batchEntries(db(), terminalId, 1n, {}));
    expect(entries.rows).to.have.length(batch.entries);
    expect(batch.sums).to.deep.equal([{ amount: '7.00', unit: 'EUR' }]);
  });

  it('is a ledger whose accounts, parties and postings add up to each other', async () => {
    const chart = fits(ledgerViews.chartView, await showChart(site.issuer));
    expect(chart.sums.every(({ amount }) => /^0(\.00)?$/.test(amount))).to.equal(true);
    const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));
    const cards = chart.accounts.find(({ account, balance }) => account === 'cards' && balance.unit === 'EUR');
    const search = { account: 'cards', unit: euro, limit: 500 } as const;
    const parties = fits(ledgerViews.partyPage, await accountParties(db(), search));
    const sum = parties.rows.reduce((total, { balance }) => total + cents(balance.amount), 0n);
    expect(sum).to.equal(cents(cards?.balance.amount ?? ''));
    const party = `${cardId}/0`;
    const lines = fits(ledgerViews.postingPage, await postings(db(), { ...search, party }));
    const net = lines.rows.reduce(
      (total, { credit, money }) => total + (credit.account === 'cards' ? 1n : -1n) * cents(money.amount),
      0n,
    );
    expect(net).to.equal(43_00n);
    const [{ owner, eventId } = { owner: '', eventId: '' }] = lines.rows;
    const event = fits(ledgerViews.eventView, await showEvent(db(), owner, eventId));
    expect(event.postings.some((line) => line.credit.party === party || line.debit.party === party)).to.equal(true);
  });

  it('is keys, lists and the audit log', async () => {
    await site.port.hotList(0);
    const keys = fits(keyViews.keysView, await showKeys(site.issuer));
    expect(keys.hotList?.entries).to.be.at.least(1);
    expect(keys.keys.filter(({ turn }) => turn === 'current')).to.have.length(keys.keys.length / 2);
    fits(keyViews.auditPage, await searchAudit(db(), { text: cardId }));
  });

  it('is cases with what is proposed, and what was done', async () => {
    const rich = await site.card();
    await site.load(rich, 0, 10_00);
    rich.books.balances[0] = 900_00;
    const shop = await site.pos();
    shop.sell(rich, 0, 50_00);
    await site.port.uploadBatch(shop.close());
    const key = { party: toHex(rich.cardId), kind: 'negative-balance' } as const;
    const rows = fits(caseViews.casePage, await caseRows(site.issuer, 'open')).rows;
    expect(rows.map(({ party }) => party)).to.include(key.party);
    const shown = fits(caseViews.caseView, await caseView(site.issuer, await showCase(site.issuer, key)));
    expect(shown).to.include({ partyKind: 'card', status: 'open' });
    const done = await approveCase(site.issuer, key, { operator: 'ada', revision: shown.revision });
    expect(fits(caseViews.caseView, await caseView(site.issuer, done)).status).to.equal('approved');
  });
});
