/**
 * Random histories on the real store, messages repeated, reordered, spoiled and sent several at once, on a server from two processes:
 *   1. M1 holds for every unit after each batch, with the shadow balances and with the balances the cards really have.
 *   2. The shadow of a card whose log is here is the balance the card has; a card that never lied is never listed.
 *   3. When everything is handed in, nothing is left in suspense, clearing, loads in flight or fraud.
 *   4. What is refused, or comes again, changes no row of any table.
 * The same histories, many more of them: `./epurse torture --only books`.
 */
import { expect } from 'chai';
import { needsPostgresql } from '../../helpers/postgres-server.js';
import { freshDatabase } from '../../support/shared-postgres.js';
import { atLeast, seedOr } from '../../support/wish.js';
import { onPglite, onServer, runHistories } from './run.js';

/** Steps on each database: EPURSE_RANDOM_STEPS=100000 for a long look. */
const steps = atLeast(2000, 'EPURSE_RANDOM_STEPS');
const length = Math.min(500, steps);
/** EPURSE_SEED=… for other histories. */
const seed = seedOr(20_261_122);

describe('[M1] Random histories', function () {
  this.timeout(60_000 + steps * 500);

  it('keep the books in balance on PGlite, whatever comes twice, late or broken', async () => {
    expect(await runHistories(onPglite, seed, steps, length)).to.be.at.least(steps);
  });

  it('keep the books in balance on a PostgreSQL server, from two processes at once', async function () {
    needsPostgresql(this);
    expect(await runHistories(onServer(freshDatabase), seed, steps, length)).to.be.at.least(steps);
  });
});
