/** One PostgreSQL server for all suites of a run, ended with it. Who kills servers starts one of his own. */
import type { Store } from '../../host/issuer/store/database.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import { PostgresServer } from '../helpers/postgres-server.js';

let started: Promise<PostgresServer> | undefined;
let template: Promise<string> | undefined;

export function sharedPostgres(): Promise<PostgresServer> {
  // nobody pulls its plug: what durability costs is paid in the suites that do
  return (started ??= PostgresServer.start({ settings: { fsync: 'off', full_page_writes: 'off' } }));
}

/** A migrated database with nothing in it: a copy of one that was migrated once. @returns its URL */
export async function freshDatabase(): Promise<string> {
  const server = await sharedPostgres();
  return server.createDatabase(await (template ??= migrated(server)));
}

/** An open store on a {@link freshDatabase}; who asks closes it. */
export async function freshServerStore(): Promise<Store> {
  return openServerStore(await freshDatabase());
}

/** @returns the name of a database nobody is connected to */
async function migrated(server: PostgresServer): Promise<string> {
  const url = await server.createDatabase();
  await (await openServerStore(url)).close();
  return new URL(url).pathname.slice(1);
}

after(async function () {
  this.timeout(30_000);
  await (await started)?.stop();
});
