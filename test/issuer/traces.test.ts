/** One trace id from the terminal to the ledger. */
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { issuerServer } from '../../host/issuer/http/server.js';
import { searchAudit } from '../../host/issuer/operator/queries/audit.js';
import { showEvent } from '../../host/issuer/operator/queries/ledger.js';
import { whatTraceLeft } from '../../host/issuer/operator/queries/trace.js';
import { withTrace } from '../../host/issuer/ops/trace.js';
import { block } from '../../host/issuer/service/listing.js';
import { verify } from '../../host/issuer/jobs/verify.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { issuerPath, issuerWire } from '../../host/protocol/issuer/wire.js';
import { TestTls, ask } from '../helpers/https.js';
import { schemeId } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

const first = '4bf92f3577b34da6a3ce929d0e0e4736';
const second = '0af7651916cd43dd8448eb211c80319c';

onEachDatabase('The trace of a request', (open) => {
  let site: SoftIssuer;
  let server: FastifyInstance;
  let url: string;
  const tls = new TestTls(schemeId);
  const db = () => site.issuer.store.db;

  before(async () => {
    site = await open();
    server = issuerServer(site.issuer, site.port, { tls: tls.server() });
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  after(() => server.close());

  it('stands beside the ledger event it booked, and a repeat under another trace books nothing', async () => {
    const card = await site.card();
    const { kiosk, clock } = site;
    const kioskId = kiosk.certificate.terminalId;
    const log = card.initLoad(LoadType.load, 0, 20_00, kioskId);
    const send = (trace: string) =>
      ask({
        url,
        path: issuerPath('authoriseLoad'),
        body: JSON.stringify(
          z.encode(issuerWire.authoriseLoad.request, {
            kioskId,
            log: { ...log, records: [...log.records], cancelOrders: [...log.cancelOrders] },
          }),
        ),
        headers: { 'content-type': 'application/json', traceparent: `00-${trace}-00f067aa0ba902b7-01` },
        tls: tls.of(kiosk, clock.now),
      });
    expect((await send(first)).status).to.equal(200);
    expect((await send(second)).status).to.equal(200);
    const owner = toHex(card.cardId);
    expect((await showEvent(db(), owner, 'load-funded/1')).trace).to.equal(first);
    const { events } = await whatTraceLeft(db(), first);
    expect(events.map(({ owner: whose, id }) => [whose, id])).to.deep.equal([[owner, 'load-funded/1']]);
    expect((await whatTraceLeft(db(), second)).events).to.deep.equal([]);
  });

  it('stands beside the entry of the audit log, which is found by it', async () => {
    const card = await site.card();
    const cardId = toHex(card.cardId);
    await withTrace(second, () => block(site.issuer, cardId, 'reported stolen'));
    const { rows } = await searchAudit(db(), { text: second });
    expect(rows.map(({ action, subject, trace }) => [action, subject, trace])).to.deep.equal([
      ['card-blocked', `card/${cardId}`, second],
    ]);
    expect((await whatTraceLeft(db(), second)).entries.map(({ action }) => action)).to.deep.equal(['card-blocked']);
    expect((await searchAudit(db(), { text: second.slice(0, 31) })).rows).to.deep.equal([]);
  });

  it('is none where a command or a job did it', async () => {
    const card = await site.fundedCard(5_00);
    const cardId = toHex(card.cardId);
    await block(site.issuer, cardId, 'by hand');
    expect((await showEvent(db(), cardId, 'load-funded/1')).trace).to.equal(null);
    expect((await searchAudit(db(), { text: cardId })).rows[0]?.trace).to.equal(null);
  });

  it('is found without reading every event and entry', async () => {
    for (const [table, index] of [
      ['ledger_event', 'ledger_event_by_trace'],
      ['audit_entry', 'audit_entry_by_trace'],
    ] as const) {
      const plan = await site.issuer.store.transaction(async (tx) => {
        // a handful of rows is read faster whole
        await sql`set local enable_seqscan = off`.execute(tx);
        const { rows } = await sql<Record<string, string>>`
          explain select 1 from ${sql.table(table)} where trace = ${sql.lit(first)}
                                                  ${table === 'audit_entry' ? sql`and chain = 'issuer'` : sql``}`.execute(
          tx,
        );
        return rows.flatMap((row) => Object.values(row)).join('\n');
      });
      expect(plan).to.include(index);
    }
  });

  it('is under no hash: the chains hold with it', async () => {
    expect((await verify(site.issuer)).flaw).to.equal(undefined);
  });
});
