/** What the back office's pages for desk and pay-outs are told, and what their routes refuse. */
import { expect } from 'chai';
import type { z } from 'zod';
import { settle } from '../../host/issuer/jobs/settle.js';
import { deskLines, showDesk } from '../../host/issuer/operator/queries/desk.js';
import { showPayoutFile, showPayouts } from '../../host/issuer/operator/queries/payouts.js';
import { operatorRoutes } from '../../host/issuer/operator/routes/index.js';
import * as deskViews from '../../host/issuer/operator/views/desk.js';
import * as payoutViews from '../../host/issuer/operator/views/payouts.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { addMerchant } from '../../host/issuer/service/merchants.js';
import type { Session } from '../../host/issuer/operator/sessions.js';
import { parseCsv } from '../../host/protocol/codec/csv.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';
import { statusReport } from './status-report.js';

const actor: Actor = { kind: 'operator', name: 'Olga' };
const hostile = '<b>O\'Brien</b>, "Zoë"; drop table card; --';

function fits<T>(schema: z.ZodObject, answer: T): T {
  expect(schema.strict().parse(answer)).to.deep.equal(answer);
  return answer;
}

onEachDatabase(
  'The office of an operator',
  (open) => {
    let site: SoftIssuer;
    let issuer: Issuer;

    before(async () => {
      site = await open();
      const debtor = { name: 'Scheme Float Ltd', iban: 'GB82WEST12345698765432' };
      issuer = { ...site.issuer, policy: { ...site.issuer.policy, debtor } };
    });
    afterEach(async () => expect(await site.differences()).to.deep.equal([]));

    async function route(method: string, path: string, body?: unknown, params: object = {}): Promise<unknown> {
      const found = operatorRoutes.find((one) => one.method === method && one.path === path);
      if (found === undefined) return expect.fail(`no route ${path}`);
      const session = { name: 'Olga', role: 'operator' } as unknown as Session;
      const decodedBody = found.body === undefined ? undefined : found.body.parse(body);
      return found.run({ issuer, session, actor, params, query: {}, body: decodedBody } as never);
    }
    const register = (from: string, to: string): Promise<unknown> =>
      route('POST', '/desk/deliveries', { delivery: 'D-7', from, to });
    const order = (csv: string): Promise<unknown> => route('POST', '/desk/orders', { csv });

    describe('at the card desk', () => {
      it('is told of a delivery by its range of serials, once, and of nothing that is no serial', async () => {
        expect(await register('00000000000000a1', '00 00 00 00 00 00 00 A5')).to.deep.equal({
          registered: 5,
          known: 0,
        });
        expect(await register('00000000000000a1', '00000000000000a5')).to.deep.equal({ registered: 0, known: 5 });
        await expectRefusal(register('a1', 'a5'), 'rejected', /"a1" is not a serial/);
        await expectRefusal(register('00000000000000a5', '00000000000000a1'), 'rejected', /ends before it begins/);
        const { stock } = fits(deskViews.deskView, await showDesk(issuer));
        expect(stock).to.deep.include({ delivery: 'D-7', state: 'raw', count: 5 });
      });

      it('assigns nothing by a file with faults, and is told every one of them', async () => {
        const before = await showDesk(issuer);
        const { assigned, faults } = (await order('holder,product\nAda,gold\n,standard\n')) as deskViews.OrdersTaken;
        expect(assigned).to.equal(0);
        expect(faults.map(({ line, field }) => [line, field])).to.deep.equal([
          [2, 'product'],
          [3, 'holder'],
        ]);
        await expectRefusal(order('name\nAda\n'), 'rejected', /names a column "name"/);
        await expectRefusal(order('holder\n"Ada\n'), 'rejected', /file of orders/);
        await expectRefusal(order('holder\n'), 'rejected', /orders no card/);
        expect(await showDesk(issuer)).to.deep.equal(before);
      });

      it('finds what is assigned again, page by page and as the file the desk works from', async () => {
        const quoted = `"${hostile.replaceAll('"', '""')}"`;
        expect(await order(`holder\n${quoted}\nBela Nagy\n`)).to.deep.equal({ assigned: 2, faults: [] });
        const first = fits(deskViews.deskLinePage, await deskLines(issuer.store.db, { limit: 1 }));
        expect(first.rows.map(({ holder }) => holder)).to.deep.equal([hostile]);
        const second = await deskLines(issuer.store.db, { limit: 1, after: first.next ?? '' });
        expect(second.rows.map(({ holder }) => holder)).to.deep.equal(['Bela Nagy']);
        expect(second.next).to.equal(null);
        const { csv } = (await route('GET', '/desk/list')) as { csv: string };
        expect(parseCsv(csv).map(({ fields }) => fields)).to.deep.equal([
          ['serial', 'holder', 'product', 'replaces'],
          ['00000000000000a1', hostile, 'standard', ''],
          ['00000000000000a2', 'Bela Nagy', 'standard', ''],
        ]);
      });
    });

    describe('with pay-outs', () => {
      it('sees what is ordered, makes a file of it once, and takes the answer of the bank once', async () => {
        const [pos, card] = [await site.pos(), await site.card().catch(() => undefined)];
        // with a stock only its cards are issued: the desk's own next one
        expect(card).to.equal(undefined);
        await site.issuer.store.db.deleteFrom('card_stock').execute();
        const holder = await site.card();
        await site.load(holder, 0, 50_00);
        await addMerchant(issuer, actor, pos.merchant, { name: 'Canteen', iban: 'DE89370400440532013000' });
        pos.sell(holder, 0, 12_50);
        await site.port.uploadBatch(pos.close());
        await settle(issuer);
        const { debtor, ordered } = fits(payoutViews.payoutsView, await showPayouts(issuer));
        expect(debtor?.name).to.equal('Scheme Float Ltd');
        expect(ordered).to.deep.equal({ count: 1, sums: [{ amount: '12.50', unit: 'EUR' }] });
        const made = (await route('POST', '/payouts')) as payoutViews.PayoutMade;
        expect(await route('POST', '/payouts')).to.deep.equal({ number: null });
        const file = fits(payoutViews.payoutFileView, await showPayoutFile(issuer, made.number ?? 0));
        expect(file.rows.map(({ payee, money, state }) => [payee, money.amount, state])).to.deep.equal([
          ['Canteen', '12.50', 'sent'],
        ]);
        const { content } = (await route('GET', '/payouts/{number}/content', undefined, {
          number: file.number,
        })) as payoutViews.PayoutContent;
        expect(content).to.include(`<MsgId>${file.messageId}</MsgId>`);
        const paid = { content: statusReport(file.messageId, 'ACSC', []) };
        expect(await route('POST', '/payouts/answers', paid)).to.include({ file: file.number, paid: 1 });
        expect(await route('POST', '/payouts/answers', paid)).to.include({ paid: 0, unchanged: 1 });
        expect((await showPayoutFile(issuer, file.number)).states).to.deep.equal({ paid: 1 });
      });

      it('books nothing of an answer that is none, or of another scheme, and says so', async () => {
        const answer = (content: string): Promise<unknown> => route('POST', '/payouts/answers', { content });
        await expectRefusal(answer('hello'), 'rejected', /no answer of a bank/);
        await expectRefusal(answer('<!DOCTYPE x><Document/>'), 'rejected', /document type/);
        await expectRefusal(answer(statusReport('EPURSE-9-000001', 'ACSC', [])), 'rejected', /no pay-out file of this/);
        await expectRefusal(showPayoutFile(issuer, 999), 'rejected', /no pay-out file 999/);
      });

      it('learns that the settings name no account, in place of an empty list', async () => {
        expect((await showPayouts(site.issuer)).debtor).to.equal(null);
      });
    });
  },
  { alone: true },
);
