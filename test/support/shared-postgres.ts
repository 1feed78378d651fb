/** One PostgreSQL server for all suites of a run, ended with it. Who kills servers starts one of his own. */
import { PostgresServer } from '../helpers/postgres-server.js';

let started: Promise<PostgresServer> | undefined;

export function sharedPostgres(): Promise<PostgresServer> {
  return (started ??= PostgresServer.start());
}

after(async () => {
  await (await started)?.stop();
});
