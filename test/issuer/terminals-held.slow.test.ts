/** A terminal that is revoked, and one that is held until somebody looked. */
import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { searchTerminals } from '../../host/issuer/operator/queries/terminals.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import { approveCase, proposeCase } from '../../host/issuer/service/cases.js';
import { holdTerminal, releaseTerminal } from '../../host/issuer/service/terminal-holds.js';
import { revokeTerminal } from '../../host/issuer/service/terminals.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { LoadType, Outcome } from '../../host/protocol/generated/enums.js';
import { euro } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

const ada: Actor = { kind: 'operator', name: 'Ada' };
const minute = 60;

onEachDatabase('A terminal that is revoked', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  let id: string;
  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    id = toHex(pos.identity.certificate.terminalId);
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('is still paid what it sold before, and nothing that it sold later', async () => {
    pos.sell(card, 0, 7_00);
    site.clock.advance(minute);
    await revokeTerminal(site.issuer, id, 'stolen', ada);
    site.clock.advance(minute);
    pos.sell(card, 0, 9_00);
    const batch = pos.close();
    await site.port.uploadBatch(batch);
    expect(await site.results(pos)).to.deep.equal(['accepted', 'terminal-revoked']);
    expect(await site.owed(pos)).to.equal(7_00n);
    expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal(['terminal-revoked']);
    expect(await site.shadow(card)).to.deep.equal(card.books.balances);
    expect(await site.port.uploadBatch(batch)).to.have.property('signature');
    expect(await site.owed(pos)).to.equal(7_00n);
  });

  it('gives the amount of a later sale back to the holder after the window', async () => {
    await revokeTerminal(site.issuer, id, 'stolen', ada);
    site.clock.advance(minute);
    pos.sell(card, 0, 9_00);
    await site.port.uploadBatch(pos.close());
    const clearing = async (): Promise<string | undefined> => {
      const query = site.issuer.store.db.selectFrom('record').select('clearing').where('kind', '=', 'purchase');
      return (await query.where('card_id', '=', toHex(card.cardId)).executeTakeFirst())?.clearing;
    };
    expect(await clearing()).to.equal('open');
    site.clock.advance(site.issuer.policy.presentationWindow + minute);
    await settle(site.issuer);
    expect(await clearing()).to.equal('forfeited');
  });
});

onEachDatabase('A terminal that is held', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  let id: string;
  before(async () => (site = await open()));
  beforeEach(async () => {
    await settle(site.issuer);
    pos = await site.pos();
    id = toHex(pos.identity.certificate.terminalId);
    card = await site.fundedCard(100_00);
    pos.sell(card, 0, 7_00);
    await site.port.uploadBatch(pos.close());
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('hands in its batches, and is settled once it is released', async () => {
    expect(await holdTerminal(site.issuer, id, 'sells at night', ada)).to.equal(true);
    expect(await holdTerminal(site.issuer, id, 'again', ada)).to.equal(false);
    pos.sell(card, 0, 1_00);
    await site.port.uploadBatch(pos.close());
    const { merchants, unsettled } = await settle(site.issuer);
    expect(merchants).to.deep.equal([]);
    expect(unsettled.filter(({ merchant }) => merchant === pos.merchant)).to.deep.equal([
      { merchant: pos.merchant, owed: money(8_00n, euro), why: 'terminal-held' },
    ]);
    expect(await site.owed(pos)).to.equal(8_00n);
    const { rows } = await searchTerminals(site.issuer.store.db, { text: id });
    expect(rows[0]?.heldAt).to.equal(site.clock.now);
    expect(await releaseTerminal(site.issuer, id, ada)).to.equal(true);
    expect(await releaseTerminal(site.issuer, id, ada)).to.equal(false);
    expect((await settle(site.issuer)).merchants.map(({ paid }) => paid.amount)).to.deep.equal([8_00n]);
    expect(await site.owed(pos)).to.equal(0n);
  });

  it('holds up no other terminal of its merchant', async () => {
    const { merchantId } = pos.identity.certificate;
    const other = await site.pos({ merchantId });
    other.sell(card, 0, 2_00);
    await site.port.uploadBatch(other.close());
    await holdTerminal(site.issuer, id, 'sells at night', ada);
    const { merchants, unsettled } = await settle(site.issuer);
    expect(merchants.map(({ paid }) => paid.amount)).to.deep.equal([2_00n]);
    const mine = unsettled.filter(({ merchant }) => merchant === pos.merchant);
    expect(mine.map(({ why, owed }) => [why, owed.amount])).to.deep.equal([['terminal-held', 7_00n]]);
    await releaseTerminal(site.issuer, id, ada);
  });

  it('is not answered where it is a kiosk', async () => {
    const kioskId = site.kiosk.certificate.terminalId;
    await holdTerminal(site.issuer, toHex(kioskId), 'opened by somebody', ada);
    const log = card.initLoad(LoadType.load, 0, 5_00, kioskId);
    await expectRefusal(site.port.authoriseLoad({ kioskId, log }), 'rejected', /is held/);
    await releaseTerminal(site.issuer, toHex(kioskId), ada);
    expect((await site.port.authoriseLoad({ kioskId, log })).status).to.equal('authorised');
  });

  it('is held by a decision on a case, if that is what a person proposes', async () => {
    const { s3, record, cardId } = pos.debit(card, 0, 3_00);
    const bad = s3.slice();
    bad[s3.length - 1] = (bad[s3.length - 1] ?? 0) ^ 1;
    pos.note(Outcome.sold, { cardId, record, s3: bad });
    await site.port.uploadBatch(pos.close());
    const key = { party: id, kind: 'bad-proof' } as const;
    await proposeCase(site.issuer, key, { operator: 'Ada', measures: [{ do: 'hold-terminal', terminalId: id }] });
    await approveCase(site.issuer, key, { operator: 'Grace' });
    const { unsettled } = await settle(site.issuer);
    expect(unsettled.filter(({ merchant }) => merchant === pos.merchant).map(({ why }) => why)).to.deep.equal([
      'terminal-held',
    ]);
    await releaseTerminal(site.issuer, id, ada);
  });

  it('needs a reason, and a terminal that is known', async () => {
    await expectRefusal(holdTerminal(site.issuer, id, ' ', ada), 'rejected', /reason/);
    await expectRefusal(holdTerminal(site.issuer, '00'.repeat(8), 'why', ada), 'unknown-terminal');
    await expectRefusal(releaseTerminal(site.issuer, '00'.repeat(8), ada), 'unknown-terminal');
  });
});
