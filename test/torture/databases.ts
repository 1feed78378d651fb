/** A PostgreSQL server for a campaign, where it is installed, and on it a migrated database for everybody who asks. */
import { openServerStore } from '../../host/issuer/store/server.js';
import { PostgresServer, postgresql } from '../helpers/postgres-server.js';

export class Databases {
  private constructor(
    /** Why there is no server. */
    readonly missing: string | undefined,
    private readonly server: PostgresServer | undefined,
    private readonly template: string,
  ) {}

  static async open(): Promise<Databases> {
    const found = postgresql();
    if ('missing' in found) return new Databases(found.missing, undefined, '');
    // nobody pulls its plug: what durability costs is paid elsewhere
    const server = await PostgresServer.start({
      settings: { fsync: 'off', full_page_writes: 'off' },
      isFleeting: true,
    });
    const migrated = await server.createDatabase();
    await (await openServerStore(migrated)).close();
    return new Databases(undefined, server, new URL(migrated).pathname.slice(1));
  }

  /** @returns its URL @throws Error where there is no server */
  fresh(): Promise<string> {
    if (this.server === undefined) throw new Error(this.missing);
    return this.server.createDatabase(this.template);
  }

  async drop(url: string): Promise<void> {
    await this.server?.dropDatabase(url);
  }

  async close(): Promise<void> {
    await this.server?.stop();
  }
}
