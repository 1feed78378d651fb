/** Whether the random histories would notice a row that changed. */
import { expect } from 'chai';
import type { Db } from '../../../host/issuer/store/database.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { onEachDatabase } from '../each-database.js';
import { StateWatch } from './state.js';

onEachDatabase('The state that random histories watch', (open) => {
  let site: SoftIssuer;
  let db: Db;
  let watch: StateWatch;
  before(async () => {
    site = await open();
    db = site.issuer.store.db;
    watch = new StateWatch(db);
  });

  const named = (name: string) => db.updateTable('holder').set({ name }).where('holder_id', '=', 'watched').execute();

  it('is another with each row that is made, changed or gone, and the same for the same rows', async () => {
    const before = await watch.digest();
    await db.insertInto('holder').values({ holder_id: 'watched', name: 'One', account: null }).execute();
    const made = await watch.digest();
    await named('Two');
    const changed = await watch.digest();
    expect(new Set([before, made, changed])).to.have.length(3);
    await named('One');
    expect(await watch.digest()).to.equal(made);
    await db.deleteFrom('holder').where('holder_id', '=', 'watched').execute();
    expect(await watch.digest()).to.equal(before);
    expect(await new StateWatch(db).digest()).to.equal(before);
  });

  it('is the same after what was undone, and after what only locked rows', async () => {
    const before = await watch.digest();
    const undone = site.issuer.store.transaction(async (tx) => {
      await tx.insertInto('holder').values({ holder_id: 'watched', name: 'One', account: null }).execute();
      throw new Error('undo');
    });
    await undone.catch(() => undefined);
    await site.issuer.store.transaction((tx) => tx.selectFrom('card').select('card_id').forUpdate().execute());
    expect(await watch.digest()).to.equal(before);
  });
});
