/** A terminal of another maker, who has the OpenAPI file alone: it is invited, enrols itself, and settles a batch. */
import { join } from 'node:path';
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { issuerServer } from '../../host/issuer/http/server.js';
import { settle } from '../../host/issuer/jobs/settle.js';
import { addOperator } from '../../host/issuer/operator/accounts.js';
import { fromHex } from '../../host/protocol/codec/bytes.js';
import { ForeignTerminal } from '../helpers/foreign-client.js';
import { TestTls, ask } from '../helpers/https.js';
import { projectRoot } from '../helpers/project.js';
import { schemeId } from '../helpers/scheme.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';

const openApiFile = join(projectRoot, 'docs', 'openapi.json');
const shop = { acquirerId: '41435131', merchantId: '0f0e0d0c', limits: [{ amount: '100.00', unit: 'EUR' }] };
const euro = 0x0978;

describe('A terminal of another maker', function () {
  this.timeout(60_000);
  let site: SoftIssuer;
  let server: FastifyInstance;
  let url: string;
  const tls = new TestTls(schemeId);

  before(async () => {
    site = await SoftIssuer.open();
    await addOperator(site.issuer, 'olga', 'operator', 'seven green herons', { log_n: 4, r: 8, p: 1 });
    const enroller = () => ({ keys: site.issuer.keys, authority: tls.authority });
    server = issuerServer(site.issuer, site.port, { tls: tls.server(), enroller });
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await server.close();
    await site.close();
  });

  async function invited(body: object = shop): Promise<{ status: number; json: Record<string, unknown> }> {
    const common = { url, tls: { ca: tls.ca } };
    const json = { 'content-type': 'application/json' };
    const credentials = JSON.stringify({ name: 'olga', password: 'seven green herons' });
    const session = await ask({ ...common, path: '/operator/v1/session', body: credentials, headers: json });
    const [cookie = ''] = String(session.headers['set-cookie']).split(';');
    const headers = { ...json, cookie, 'x-csrf-token': String(session.json['csrf']) };
    return ask({ ...common, path: '/operator/v1/terminals', body: JSON.stringify(body), headers });
  }

  const refusal = (attempt: Promise<unknown>): Promise<Record<string, unknown>> =>
    attempt.then(
      () => expect.fail('it went through'),
      (error: Error) => JSON.parse(error.message) as Record<string, unknown>,
    );

  it('is invited, enrols itself, sells, settles its batch, and is paid', async () => {
    const { json } = await invited();
    const terminal = new ForeignTerminal(openApiFile, url, tls.ca);
    const first = await terminal.enrol(String(json['token']));
    expect(await terminal.enrol(String(json['token']))).to.deep.equal(first);
    expect(terminal.terminalId.toString('hex')).to.equal(json['terminalId']);

    const card = await site.fundedCard(20_00);
    const who = {
      terminalId: terminal.terminalId,
      acquirerId: Buffer.from(shop.acquirerId, 'hex'),
      merchantId: Buffer.from(shop.merchantId, 'hex'),
    };
    const ntSeen = card.nt;
    const sale = card.pay({ tn: 1, ...who, slot: 0, amount: 3_50, time: site.clock.now });
    const entry = {
      tn: 1,
      outcome: terminal.enumValue('outcome', 'sold'),
      correction: 0,
      cardId: Buffer.from(sale.cardId),
      slot: 0,
      unit: euro,
      amount: 3_50,
      ntSeen,
      proof: Buffer.concat([sale.record, sale.s3]),
      cancelOrder: Buffer.alloc(0),
    };
    const total = { unit: euro, soldCount: 1, soldAmount: 3_50, cancelCount: 0, cancelAmount: 0 };
    const batch = {
      scheme: terminal.scheme,
      ...who,
      batchNumber: 1,
      firstTn: 1,
      lastTn: 1,
      hotListVersion: 0,
      closedAt: site.clock.now,
    };
    const wrong = await refusal(
      terminal.settle({ ...batch, totals: [{ ...total, soldAmount: 3_51 }], entries: [entry] }),
    );
    expect(wrong).to.include({ code: 'rejected', moneyMoved: 'no' });
    expect(await terminal.settle({ ...batch, totals: [total], entries: [entry] })).to.equal(true);
    expect(await terminal.settle({ ...batch, totals: [total], entries: [entry] })).to.equal(true);

    const { merchants } = await settle(site.issuer);
    expect(merchants.map(({ merchant, paid }) => [merchant, paid.amount])).to.deep.equal([
      [`${shop.acquirerId}${shop.merchantId}`, 350n],
    ]);
    expect(await site.differences()).to.deep.equal([]);
    const actions = await site.issuer.store.db.selectFrom('audit_entry').select('action').orderBy('seq').execute();
    expect(actions.map(({ action }) => action)).to.include.members(['terminal-invited', 'terminal-enrolled']);
  });

  it('enrols under no token that is unknown, has run out, or was used with other keys', async () => {
    const enrol = (token: string): Promise<Record<string, unknown>> =>
      refusal(new ForeignTerminal(openApiFile, url, tls.ca).enrol(token));
    expect(await enrol('00'.repeat(32))).to.include({ code: 'unknown-terminal', status: 401 });
    const used = String((await invited()).json['token']);
    await new ForeignTerminal(openApiFile, url, tls.ca).enrol(used);
    expect(await enrol(used)).to.include({ code: 'conflict', status: 409 });
    const late = String((await invited()).json['token']);
    site.clock.advance(86_401);
    expect(await enrol(late)).to.include({ code: 'unknown-terminal' });
    expect(await enrol('zz')).to.include({ code: 'rejected' });
  });

  it('proves both its keys, which are two', async () => {
    const token = String((await invited()).json['token']);
    const terminal = new ForeignTerminal(openApiFile, url, tls.ca);
    const point = Buffer.from(site.kiosk.certificate.point).toString('hex');
    const request = { token, cardLinkKey: point, connectionKey: point, cardLinkProof: '30', connectionProof: '30' };
    expect((await refusal(terminal.call('enrol', request)))['detail']).to.match(/one key for two/);
    const other = Buffer.from(site.desk.certificate.point).toString('hex');
    const stolen = await refusal(terminal.call('enrol', { ...request, connectionKey: other }));
    expect(stolen['detail']).to.match(/cardLinkProof does not hold/);
    const nonsense = await refusal(terminal.call('enrol', { ...request, connectionKey: '11'.repeat(64) }));
    expect(nonsense['detail']).to.match(/not on the curve/);
    expect(fromHex(token)).to.have.length(32);
  });

  it('is invited with limits in units of the scheme alone', async () => {
    for (const limits of [[{ amount: '3.5', unit: 'EUR' }], [{ amount: '1.00', unit: 'GBP' }], []])
      expect((await invited({ ...shop, limits })).status).to.equal(422);
  });
});
