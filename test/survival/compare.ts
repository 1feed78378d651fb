/** What the store holds against what terminals were told: nothing acknowledged is missing, nothing is there twice. */
import { expect } from 'chai';
import { verify } from '../../host/issuer/jobs/verify.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { brokenEquations } from '../issuer/random/equation.js';
import type { Traffic } from './traffic.js';

/** @param least acknowledged batches there have to be more than */
export async function compare(site: SoftIssuer, traffic: Traffic, least: number): Promise<void> {
  const { db } = site.issuer.store;
  const batches = await db.selectFrom('batch').select('acknowledgement').execute();
  const kept = batches.map(({ acknowledgement }) => toHex(acknowledgement)).sort();
  const given = traffic.acknowledged.map(({ answer }) => toHex(answer.acknowledgement)).sort();
  expect(kept).to.deep.equal(given);
  expect(given.length).to.be.above(least);
  for (const card of traffic.cards) {
    expect(await site.shadow(card)).to.deep.equal(card.books.balances);
    expect(await site.findings(card.cardId)).to.deep.equal([]);
  }
  const owed = [...traffic.sold.values()].reduce((sum, amount) => sum + amount, 0n);
  expect(await site.account('merchantsPayable')).to.equal(owed);
  expect(await site.account('suspense')).to.equal(0n);
  expect(await brokenEquations(site, traffic.cards)).to.deep.equal([]);
  expect(await site.differences()).to.deep.equal([]);
  expect((await verify(site.issuer)).flaw, 'chains').to.equal(undefined);
}
