import { rmSync } from 'node:fs';
import { expect } from 'chai';
import {
  installScheme,
  proposalText,
  proposeRotation,
  schemeText,
  signProposal,
} from '../../host/issuer/pki/rotate.js';
import { renewTerminal } from '../../host/issuer/pki/renew.js';
import { rootSigner } from '../../host/issuer/pki/root.js';
import { withoutKey } from '../../host/issuer/pki/succession.js';
import { unlocking } from '../../host/issuer/pki/unlock.js';
import { block } from '../../host/issuer/service/listing.js';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { signScheme } from '../../host/protocol/scheme.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { Authority, KeyRef } from '../../host/protocol/generated/enums.js';
import { Office, text } from '../helpers/office.js';
import type { IssuedTestCard } from '../helpers/site.js';

const all = [Authority.cardCa, Authority.terminalCa, Authority.posCa, Authority.credit, Authority.order];

/** Every key of the scheme is rotated under cards that come often, seldom and never. */
describe('A rotation of every key', function () {
  this.timeout(180_000);
  let office: Office;
  let often: IssuedTestCard;
  let seldom: IssuedTestCard;
  let never: IssuedTestCard;
  let listed: IssuedTestCard;

  before(async () => {
    office = await Office.open();
    often = await office.issuedCard('Olive', 2000n);
    seldom = await office.issuedCard('Sam', 2000n);
    never = await office.issuedCard('Nora', 2000n);
    listed = await office.issuedCard('Lars', 1000n);
    await block(office.issuer, toHex(listed.cardId), 'reported stolen');
    expect((await office.pay(often, 300n)).result).to.equal('paid');
  });
  after(() => office.close());

  const switches = async (card: IssuedTestCard): Promise<number[]> => {
    const rows = await office.issuer.store.db
      .selectFrom('key_switch')
      .select('key_ref')
      .where('card_id', '=', toHex(card.cardId))
      .where('taken_at', 'is not', null)
      .orderBy('key_ref')
      .execute();
    return rows.map(({ key_ref }) => key_ref);
  };
  const paid = async (card: IssuedTestCard, cents: bigint): Promise<void> => {
    const outcome = await office.pay(card, cents);
    expect(outcome.result, text(outcome)).to.equal('paid');
  };
  const visited = async (card: IssuedTestCard): Promise<void> => {
    const outcome = await office.visit(card);
    expect(outcome.result, text(outcome)).to.equal('balance');
  };

  it('makes successors where the keys are, is signed where the root is, and put in use', async () => {
    const { home } = office;
    for (const authority of all) {
      const scheme = office.scheme;
      const fields = proposeRotation(home, authority, unlocking(home));
      expect(proposeRotation(home, authority, unlocking(home))).to.deep.equal(fields);
      installScheme(home, schemeText(signProposal(scheme, proposalText(scheme, fields), rootSigner(home, scheme))));
    }
    expect(office.scheme.keys).to.have.length(15);
    await office.restart();
  });

  it('switches the order and credit keys at a visit; CA keys wait until every terminal is certified under the new one', async () => {
    await visited(often);
    await visited(often);
    await visited(often);
    expect(await switches(often)).to.deep.equal([KeyRef.credit]);
    office.clock.now += 60;
    for (const name of ['pos', 'kiosk', 'desk']) renewTerminal(office.home, office.scheme, name, office.clock.now);
    await office.restart();
    for (let visit = 0; visit < 3; visit++) await visited(often);
    expect(await switches(often)).to.deep.equal([KeyRef.terminalCa, KeyRef.posCa, KeyRef.credit]);
  });

  it('leaves a card that came often at work under the new keys', async () => {
    await paid(often, 200n);
    await office.load(often, 500n);
    await paid(often, 100n);
  });

  it('leaves a card that was away at work: terminals have a certificate it knows, and its own keys serve it', async () => {
    await paid(seldom, 400n);
    await office.load(seldom, 300n);
    for (let visit = 0; visit < 4; visit++) await visited(seldom);
    expect(await switches(seldom)).to.deep.equal([KeyRef.terminalCa, KeyRef.posCa, KeyRef.credit]);
    await paid(seldom, 100n);
    await office.load(seldom, 100n);
  });

  it('does not save a card that is on the hot list: its block order is signed anew', async () => {
    const outcome = await office.pay(listed, 100n);
    expect(text(outcome)).to.contain('card-listed');
    expect(text(await office.pay(listed, 100n))).to.contain('blocked');
  });

  it('gives new cards the new keys and their successors', async () => {
    const card = await office.issuedCard('Nils', 1000n);
    const row = await office.issuer.store.db
      .selectFrom('card')
      .select(['terminal_ca_version', 'pos_ca_version', 'credit_version', 'order_version'])
      .where('card_id', '=', toHex(card.cardId))
      .executeTakeFirstOrThrow();
    expect(Object.values(row)).to.deep.equal([2, 2, 2, 2]);
    await paid(card, 250n);
    await visited(card);
    expect(await switches(card)).to.deep.equal([]);
  });

  it('ends for a card that never came when its CA keys are dropped; its balance goes to a new one', async () => {
    const { home } = office;
    for (const authority of [Authority.posCa, Authority.terminalCa]) {
      const scheme = office.scheme;
      installScheme(home, schemeText(signScheme(withoutKey(scheme, authority, 1), rootSigner(home, scheme))));
    }
    office.clock.now += 60;
    for (const name of ['pos', 'kiosk', 'desk']) renewTerminal(home, office.scheme, name, office.clock.now);
    rmSync(home.path('terminals', 'pos', 'pairs.json'), { force: true });
    rmSync(home.path('terminals', 'kiosk', 'pairs.json'), { force: true });
    await office.restart();
    expect((await office.pay(never, 100n)).result).to.equal('refused');
    const card = await office.issuedCard('Nora', 0n, { replaces: never.cardId });
    await visited(card);
    await paid(often, 100n);
  });

  it('leaves books that balance', async () => {
    const { holds, differences, ledgerSum } = await reconcile(office.issuer);
    expect([holds, differences, ledgerSum]).to.deep.equal([true, [], 0n]);
  });
});
