/** Each fraud is committed with the keys and the records it takes; then the day's reconciliation has to name who did it. */
import { expect } from 'chai';
import { sql } from 'kysely';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import type { ReconcileOptions } from '../../host/issuer/jobs/reconcile.js';
import type { Finding } from '../../host/issuer/domain/findings.js';
import { approveCase, listCases, showCase } from '../../host/issuer/service/cases.js';
import { block, isListed } from '../../host/issuer/service/listing.js';
import { isHeld } from '../../host/issuer/store/merchants.js';
import { settle } from '../../host/issuer/jobs/settle.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Outcome } from '../../host/protocol/generated/enums.js';
import { recordCodec } from '../../host/protocol/generated/structures.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('Reconciliation', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  const idOf = (one: SoftCard): string => toHex(one.cardId);
  const terminalOf = ({ identity: { certificate } }: SoftPos): string => toHex(certificate.terminalId);

  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  async function found(party: string, options: ReconcileOptions = { record: true }): Promise<string[]> {
    const { found: all } = await reconcile(site.issuer, options);
    return all.filter((one: Finding) => one.party === party).map(({ kind }) => kind);
  }

  async function onRecord(party: string): Promise<string[]> {
    const rows = await site.issuer.store.db
      .selectFrom('finding')
      .select('kind')
      .where('party', '=', party)
      .orderBy('kind')
      .execute();
    return rows.map(({ kind }) => kind);
  }

  it('finds nothing about who is honest: sales, a cancel, points, a load given up, a gap that closes', async () => {
    const other = await site.pos();
    pos.sell(card, 0, 12_00);
    other.sell(card, 0, 3_00);
    pos.sell(card, 0, 5_00);
    pos.cancel(card);
    other.sell(card, 2, 4);
    await site.port.uploadBatch(other.close());
    await site.port.uploadBatch(pos.close());
    await site.synchronise(card);
    await settle(site.issuer);
    expect(await found(idOf(card))).to.deep.equal([]);
    expect(await found(terminalOf(pos))).to.deep.equal([]);
    expect(await found(terminalOf(other))).to.deep.equal([]);
  });

  it('shows a gap with its age, and names the card when the record never comes', async () => {
    pos.debit(card, 0, 1_00);
    const later = await site.pos();
    later.sell(card, 0, 2_00);
    await site.port.uploadBatch(later.close());
    site.clock.advance(3600);
    const { gaps } = await reconcile(site.issuer);
    const mine = gaps.find(({ cardId }) => cardId === idOf(card));
    expect(mine).to.deep.equal({ cardId: idOf(card), nt: 1, waiting: 1, age: 3600 });
    expect(await found(idOf(card))).to.deep.equal([]);
    site.clock.advance(31 * day);
    expect(await found(idOf(card))).to.deep.equal(['record-missing']);
  });

  it('[M12] tells a clone, used beside the card, from a card that went back', async () => {
    const clone = card.copy();
    const other = await site.pos();
    pos.sell(card, 0, 10_00);
    site.clock.advance(60);
    other.sell(clone, 0, 15_00);
    site.clock.advance(60);
    pos.sell(card, 0, 20_00);
    await site.port.uploadBatch(pos.close());
    await site.port.uploadBatch(other.close());
    expect(await found(idOf(card))).to.deep.equal(['cloned']);
    expect(await onRecord(idOf(card))).to.deep.equal(['cloned', 'two-contents']);
    expect(await isListed(site.issuer.store.db, idOf(card))).to.equal(true);
    const file = await showCase(site.issuer, { party: idOf(card), kind: 'cloned' });
    expect(file.proposal, 'it was listed when it was found out').to.deep.equal([]);
  });

  it('[M12] names a card that was rolled back to an older state, and sets what it holds against its loss', async () => {
    const older = card.copy();
    pos.sell(card, 0, 60_00);
    site.clock.advance(60);
    await site.port.uploadBatch(pos.close());
    const other = await site.pos();
    other.sell(older, 0, 70_00);
    const fraud = await site.account('fraud');
    await site.port.uploadBatch(other.close());
    expect(await site.account('fraud')).to.equal(fraud + 70_00n);
    expect(await found(idOf(card))).to.deep.equal(['rolled-back']);
    const key = { party: idOf(card), kind: 'rolled-back' } as const;
    const { proposal } = await showCase(site.issuer, key);
    expect(proposal.map((measure) => [measure.do, 'money' in measure ? measure.money.amount : 0n])).to.deep.equal([
      ['recover-from-card', 40_00n],
    ]);
    await approveCase(site.issuer, key, { operator: 'Ada' });
    expect(await site.account('fraud')).to.equal(fraud + 30_00n);
    expect((await site.shadow(card))[0]).to.equal(0);
  });

  it('[M12] names a card that spent more than was ever on it', async () => {
    card.books.balances[0] = 150_00;
    pos.sell(card, 0, 140_00);
    card.books.balances[0] = 0;
    await site.port.uploadBatch(pos.close());
    expect(await onRecord(idOf(card))).to.deep.equal(['negative-balance']);
    expect(await isListed(site.issuer.store.db, idOf(card))).to.equal(true);
    const { proposal } = await showCase(site.issuer, { party: idOf(card), kind: 'negative-balance' });
    expect(proposal.map((measure) => measure.do)).to.deep.equal(['recover-from-card']);
  });

  it('[R13] names the merchant who claims a sale and signs its executed cancel void, before the card’s log comes', async () => {
    pos.sell(card, 0, 10_00);
    const { proof } = pos.undo(card);
    pos.note(Outcome.void, proof, { tn: pos.lastTn, ntSeen: card.nt - 1 });
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(10_00n);
    expect(await found(terminalOf(pos)), 'nobody can know yet').to.deep.equal([]);
    await site.synchronise(card);
    expect(await site.owed(pos)).to.equal(0n);
    expect(await found(terminalOf(pos))).to.deep.equal(['cancel-hidden']);
    const key = { party: terminalOf(pos), kind: 'cancel-hidden' } as const;
    expect((await showCase(site.issuer, key)).proposal).to.deep.equal([
      { do: 'hold-merchant', merchant: pos.merchant },
    ]);
    await approveCase(site.issuer, key, { operator: 'Ada' });
    expect(await isHeld(site.issuer.store.db, pos.merchant)).to.equal(true);
  });

  it('does not name a merchant to whom the issuer itself said void', async () => {
    pos.sell(card, 0, 10_00);
    const { proof } = pos.undo(card);
    const question = {
      terminalId: pos.identity.certificate.terminalId,
      cardId: card.cardId,
      tn: pos.lastTn,
      ntSeen: card.nt - 1,
    };
    await site.port.entryAnswer(question);
    site.clock.advance(29 * day);
    pos.note(Outcome.void, proof, { tn: pos.lastTn, ntSeen: card.nt - 1 });
    site.clock.advance(2 * day);
    expect((await site.port.entryAnswer(question)).status).to.equal('void');
    await site.port.uploadBatch(pos.close());
    await site.synchronise(card);
    expect(await found(terminalOf(pos))).to.not.include('cancel-hidden');
  });

  it('[M12] names the terminal that went on selling to a listed card, even where only the log shows it', async () => {
    await block(site.issuer, idOf(card), 'stolen');
    await site.port.hotList(0);
    site.clock.advance(2 * day);
    pos.sell(card, 0, 5_00);
    await site.synchronise(card);
    expect(await found(terminalOf(pos))).to.deep.equal(['listed-card']);
  });

  it('[M2] names a card that executed one order twice', async () => {
    const sale = recordCodec.decode(pos.sell(card, 0, 5_00).record);
    const { tn, terminalId, acquirerId, merchantId, slot, amount, time } = sale;
    card.pay({ tn, terminalId, acquirerId, merchantId, slot, amount, time });
    await site.port.uploadBatch(pos.close());
    await site.synchronise(card);
    expect(await found(idOf(card))).to.deep.equal(['executed-twice']);
    const key = { party: idOf(card), kind: 'executed-twice' } as const;
    expect((await showCase(site.issuer, key)).proposal).to.deep.equal([{ do: 'list-card', cardId: idOf(card) }]);
    expect(await isListed(site.issuer.store.db, idOf(card)), 'before the approval').to.equal(false);
    await approveCase(site.issuer, key, { operator: 'Ada' });
    expect(await isListed(site.issuer.store.db, idOf(card)), 'after it').to.equal(true);
  });

  it('[M12] names the terminal where one holder plays for points', async () => {
    await site.load(card, 0, 400_00);
    for (let i = 0; i < 10; i++) pos.sell(card, 0, 50_00);
    await site.port.uploadBatch(pos.close());
    expect(await found(terminalOf(pos))).to.deep.equal(['wash-sale']);
    const { findings, proposal } = await showCase(site.issuer, { party: terminalOf(pos), kind: 'wash-sale' });
    expect(findings[0]?.detail).to.match(/10 sales to holder [0-9a-f]{16} on \d{4}-\d\d-\d\d earned 500 points/);
    expect(proposal).to.deep.equal([{ do: 'hold-merchant', merchant: pos.merchant }]);
  });

  it('[M1] names the merchant who gave back what he was paid and never sold again; the loss is booked on approval', async () => {
    pos.sell(card, 0, 8_00);
    await site.port.uploadBatch(pos.close());
    await settle(site.issuer);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    expect(await found(pos.merchant)).to.deep.equal([]);
    site.clock.advance(31 * day);
    expect(await found(pos.merchant)).to.deep.equal(['merchant-in-debt']);
    const fraud = await site.account('fraud');
    await approveCase(site.issuer, { party: pos.merchant, kind: 'merchant-in-debt' }, { operator: 'Ada' });
    expect(await site.account('fraud')).to.equal(fraud + 8_00n);
    expect(await site.owed(pos)).to.equal(0n);
    expect(await found(pos.merchant)).to.deep.equal([]);
  });

  it('[M12] sees one random number under two stored messages, and a stored signature that does not hold', async () => {
    const { s3 } = pos.sell(card, 0, 1_00);
    pos.sell(card, 0, 2_00);
    await site.port.uploadBatch(pos.close());
    const { db } = site.issuer.store;
    const seen = await db
      .selectFrom('record')
      .select('s3')
      .where('card_id', '=', idOf(card))
      .where('nt', '=', 3n)
      .executeTakeFirstOrThrow();
    const set = (to: Uint8Array | null, repeats = false) =>
      sql`update record set s3 = ${to}, repeats = ${repeats} where card_id = ${idOf(card)} and nt = 3`.execute(db);
    let refused: unknown;
    await set(s3).catch((error: unknown) => (refused = error));
    expect(String(refused)).to.match(/record_random/);
    await set(s3, true);
    expect(await found(idOf(card), {})).to.deep.equal(['signature-repeated']);
    const { differences } = await reconcile(site.issuer, { verifySignatures: true });
    expect(differences.filter((line) => line.includes(idOf(card)))).to.deep.equal([
      `Card ${idOf(card)}: the stored S3 of record 3 does not hold.`,
    ]);
    await set(seen.s3);
    expect((await reconcile(site.issuer, { verifySignatures: true })).differences).to.deep.equal([]);
  });

  const damage: readonly [string, (id: string) => string, RegExp][] = [
    [
      'a balance that was changed',
      (id) => `update ledger_head set balances[1] = balances[1] + 1 where owner = '${id}'`,
      /shadow/,
    ],
    ['a record that was deleted', (id) => `delete from record where card_id = '${id}' and nt = 2`, /record 2 is gone/],
    [
      'a claim that was added',
      (id) => `update record set reversal_at = 1 where card_id = '${id}' and sale_at is not null`,
      /its claims are/,
    ],
    [
      'a claim that was taken out',
      (id) => `update record set sale_at = null, sale_settlement = null where card_id = '${id}' and nt = 2`,
      /its claims are/,
    ],
    ['a counter that was moved', (id) => `update ledger_head set nt = nt + 1 where owner = '${id}'`, /is gone/],
  ];
  for (const [what, statement, difference] of damage)
    it(`sees ${what} behind its back`, async () => {
      pos.sell(card, 0, 1_00);
      pos.note(Outcome.sold, pos.debit(card, 0, 1_00));
      await site.synchronise(card);
      await site.port.uploadBatch(pos.close());
      await site.issuer.store.db
        .transaction()
        .execute(async (tx) => {
          await sql.raw(statement(idOf(card))).execute(tx);
          const snapshot = <T>(read: (inner: typeof tx) => Promise<T>): Promise<T> => read(tx);
          const inside = { ...site.issuer, store: { ...site.issuer.store, db: tx, snapshot } };
          const { differences, holds } = await reconcile(inside);
          expect(holds).to.equal(false);
          expect(
            differences.filter((line) => line.includes(idOf(card)) || line.includes(pos.merchant)).join(),
          ).to.match(difference);
          throw new Error('undone');
        })
        .catch((error: unknown) => {
          if ((error as Error).message !== 'undone') throw error;
        });
    });

  it('opens each case once, and looks without opening any', async () => {
    const clone = card.copy();
    const other = await site.pos();
    pos.sell(card, 0, 10_00);
    other.sell(clone, 0, 15_00);
    await site.port.uploadBatch(pos.close());
    await site.port.uploadBatch(other.close());
    const cases = async (): Promise<number> =>
      (await listCases(site.issuer)).filter(({ party }) => party === idOf(card)).length;
    expect(await cases()).to.equal(1);
    await reconcile(site.issuer);
    expect(await cases()).to.equal(1);
    await reconcile(site.issuer, { record: true });
    await reconcile(site.issuer, { record: true });
    expect(await cases()).to.equal(2);
  });

  it('cut short, has recorded what it saw, and nothing wrong; the next run finds the rest', async () => {
    const clone = card.copy();
    const other = await site.pos();
    pos.sell(card, 0, 10_00);
    other.sell(clone, 0, 15_00);
    await site.port.uploadBatch(pos.close());
    await site.port.uploadBatch(other.close());
    const cut = new Error('power');
    let reason: unknown;
    await reconcile(site.issuer, {
      record: true,
      onProgress: () => {
        throw cut;
      },
    }).catch((error: unknown) => (reason = error));
    expect(reason).to.equal(cut);
    await reconcile(site.issuer, { record: true });
    expect(await onRecord(idOf(card))).to.have.length(2);
  });
});
