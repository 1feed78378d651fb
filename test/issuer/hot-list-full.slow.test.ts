/** A hot list has room for so many cards and no more. */
import { expect } from 'chai';
import { addUp, today } from '../../host/issuer/operator/queries/today.js';
import { localIssuer } from '../../host/issuer/local.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { block, listCard, refusedFrom, release } from '../../host/issuer/service/listing.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { hotListCodec } from '../../host/protocol/generated/structures.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

onEachDatabase(
  'A hot list with room for three',
  (open) => {
    let site: SoftIssuer;
    let issuer: Issuer;
    before(async () => {
      site = await open();
      issuer = { ...site.issuer, policy: { ...site.issuer.policy, listLongest: 3 } };
    });

    const cards = async (count: number): Promise<string[]> => {
      const made: string[] = [];
      while (made.length < count) made.push(toHex((await site.card()).cardId));
      return made;
    };
    const onList = async (): Promise<string[]> => {
      const signed = await localIssuer(issuer).hotList(0);
      return hotListCodec.decode(signed?.list ?? new Uint8Array()).entries.map(({ cardId }) => toHex(cardId));
    };
    const alarmed = async (): Promise<string[]> =>
      (await today(issuer, await addUp(issuer))).alarms
        .filter(({ kind }) => kind.startsWith('list-f'))
        .map(({ kind, subject }) => `${kind} ${subject}`);

    it('takes no fourth card that an operator blocks, and says so; a broken one pushes the newest of his out, with an alarm', async () => {
      const [a = '', b = '', c = '', d = '', broken = ''] = await cards(5);
      await block(issuer, a, 'lost keys');
      await onList();
      await block(issuer, b, 'lost keys');
      await block(issuer, c, 'lost keys');
      await onList();
      expect(await alarmed()).to.deep.equal(['list-filling 3/3']);
      const before = await onList();
      await expectRefusal(block(issuer, d, 'lost keys'), 'rejected', /hot list is full: it holds 3 cards/);
      expect(await onList()).to.deep.equal(before);
      expect(await block(issuer, a, 'again')).to.equal(1);
      await issuer.store.transaction((tx) => listCard(issuer, tx, broken, 'fault', 'contradicted itself'));
      const now = await onList();
      expect(now).to.have.length(3);
      expect(now).to.include(broken).and.include(a);
      expect(now).to.deep.equal([...now].sort());
      expect(await alarmed()).to.deep.equal(['list-full 4/3']);
      await release(issuer, a);
      expect(await onList()).to.have.members([b, c, broken]);
      expect(await alarmed()).to.deep.equal(['list-filling 3/3']);
    });

    it('makes no terminal refuse a card that is on no list', async () => {
      const [left = ''] = await cards(1);
      await issuer.store.transaction((tx) => listCard(issuer, tx, left, 'lost', 'replaced'));
      const [, out = ''] = await cards(2);
      await issuer.store.transaction((tx) => listCard(issuer, tx, out, 'lost', 'replaced'));
      const shown = await onList();
      const refused = await refusedFrom(issuer, issuer.store.db, [left, out, ...shown]);
      for (const one of [left, out]) expect(refused.has(one), one).to.equal(shown.includes(one));
      expect(shown).to.have.length(3);
    });
  },
  { alone: true },
);
