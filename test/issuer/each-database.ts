/** The same suite on the embedded store and on a PostgreSQL server. */
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { needsPostgresql } from '../helpers/postgres-server.js';
import { hurried } from '../support/hurried.js';
import { leftOutOfFast, skip } from '../support/skip.js';
import { freshServerStore } from '../support/shared-postgres.js';

/** Milliseconds: the first to open a store makes the images that the others start from. */
const firstStart = 60_000;

let embedded: Promise<SoftIssuer> | undefined;

/** One embedded issuer for all suites of this folder: a store takes a second to open, and books are there to be shared. */
export function sharedIssuer(): Promise<SoftIssuer> {
  return (embedded ??= SoftIssuer.open());
}

after(async () => {
  await (await embedded)?.close();
});

/**
 * @param suite registers the tests; `open` is for its `before` hook. On a server every suite has a database of its own.
 * @param alone embedded, too: for what would be in the way of other suites
 */
export function onEachDatabase(
  title: string,
  suite: (open: () => Promise<SoftIssuer>) => void,
  { alone = false }: { readonly alone?: boolean } = {},
): void {
  describe(`${title} (PGlite)`, function () {
    this.timeout(firstStart);
    let own: SoftIssuer | undefined;
    suite(alone ? async () => (own = await SoftIssuer.open()) : sharedIssuer);
    after(() => own?.close());
  });
  describe(title, function () {
    this.timeout(firstStart);
    before(function () {
      if (hurried) skip(this, leftOutOfFast);
      needsPostgresql(this);
    });
    // inside, for hooks of a suite that is skipped by its own hook run all the same, and find nothing to close
    describe('(PostgreSQL)', () => {
      let opened: SoftIssuer | undefined;
      suite(async () => (opened = await SoftIssuer.open(await freshServerStore())));
      after(() => opened?.close());
    });
  });
}
