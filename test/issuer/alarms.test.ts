/** What runs out, and what else somebody has to see to: each alarm of the first page, from the state that raises it. */
import { expect } from 'chai';
import { alarms } from '../../host/issuer/operator/queries/alarms.js';
import type { AlarmView, EquationView } from '../../host/issuer/operator/views/today.js';
import { keyStatus } from '../../host/issuer/service/key-status.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase(
  'The alarms of the day',
  (open) => {
    let site: SoftIssuer;
    before(async () => (site = await open()));

    const shown = async (issuer: Issuer = site.issuer, equations: EquationView[] = []): Promise<AlarmView[]> =>
      alarms(issuer, equations);
    const kinds = async (issuer?: Issuer): Promise<string[]> => (await shown(issuer)).map(({ kind }) => kind);
    const at = (now: number): Issuer => ({ ...site.issuer, clock: () => now });

    it('say that no money is behind the loads while the bank is simulated, and not with a real one', async () => {
      expect(await kinds()).to.deep.equal(['bank-simulated']);
      const { funding } = site.issuer;
      const real = {
        charge: funding.charge.bind(funding),
        giveBack: funding.giveBack.bind(funding),
        payOut: funding.payOut.bind(funding),
      };
      expect(await kinds({ ...site.issuer, funding: real })).to.deep.equal([]);
    });

    it('count the cards in use that end within sixty days, and those that have ended', async () => {
      const card = await site.card();
      const { expiry } = await site.issuer.store.db
        .selectFrom('card')
        .select('expiry')
        .where('card_id', '=', toHex(card.cardId))
        .executeTakeFirstOrThrow();
      const end = Number(expiry);
      const ending = async (now: number): Promise<string | undefined> =>
        (await shown(at(now))).find(({ kind }) => kind === 'cards-expiring')?.subject;
      expect(await ending(end - 61 * day)).to.equal(undefined);
      expect(await ending(end - 59 * day)).to.equal('1');
      expect(await ending(end + day)).to.equal('1');
      expect((await keyStatus(at(end - 59 * day))).cardsExpiring).to.equal(1);
      await site.issuer.store.db
        .updateTable('card')
        .set({ state: 'retired' })
        .where('card_id', '=', toHex(card.cardId))
        .execute();
      expect(await ending(end - 59 * day)).to.equal(undefined);
    });

    it('name a terminal two weeks before its certificate runs out, and once it has', async () => {
      const pos = await site.pos();
      const { expiry, terminalId } = pos.identity.certificate;
      const of = async (now: number): Promise<string | undefined> =>
        (await shown(at(now))).find(({ subject }) => subject === toHex(terminalId))?.kind;
      expect(await of(expiry - 15 * day)).to.equal(undefined);
      expect(await of(expiry - 13 * day)).to.equal('terminal-expiring');
      expect(await of(expiry)).to.equal('terminal-expired');
      const status = await keyStatus(at(expiry - 13 * day));
      expect(status.terminals.map((one) => one.terminalId)).to.include(toHex(terminalId));
    });

    it('say that the hot list is stale once it is older than a POS may sell under', async () => {
      await site.port.hotList(0);
      const { clock, policy } = site.issuer;
      expect(await kinds(at(clock() + policy.listAge - 1))).to.not.include('list-stale');
      expect(await kinds(at(clock() + policy.listAge))).to.include('list-stale');
    });

    it('name the unit whose books do not balance', async () => {
      const [good, bad] = [
        { unit: 'EUR', holds: true },
        { unit: 'USD', holds: false },
      ] as unknown as EquationView[];
      const found = await shown(site.issuer, good === undefined || bad === undefined ? [] : [good, bad]);
      expect(found.filter(({ kind }) => kind === 'unbalanced')).to.deep.equal([
        { kind: 'unbalanced', subject: 'USD', at: null },
      ]);
    });
  },
  { alone: true },
);
