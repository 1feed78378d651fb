/** The issuer in a process of its own, to be killed: the real store and the real server, with the test scheme's keys and bank. */
import { issuerServer } from '../../host/issuer/http/server.js';
import type { TlsCredentials } from '../../host/issuer/pki/tls.js';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';

/** What the parent sends first. */
export interface Orders {
  /** A folder, or postgres://… */
  readonly store: string;
  readonly tls: TlsCredentials;
  /** 0 takes a free one. */
  readonly port: number;
  /** Shops that are known. */
  readonly shops: number;
}

/** What it answers when it listens. */
export interface Listening {
  readonly url: string;
}

process.once('message', (orders: Orders) => void serve(orders));
// nobody is left to serve
process.once('disconnect', () => process.exit(0));

async function serve({ store, tls, port, shops }: Orders): Promise<void> {
  const opened = store.startsWith('postgres:') ? await openServerStore(store) : await openEmbeddedStore(store);
  const site = await SoftIssuer.open(opened);
  for (let i = 0; i < shops; i++) await site.pos();
  const server = issuerServer(site.issuer, site.port, { tls });
  const url = await server.listen({ host: '127.0.0.1', port });
  process.send?.({ url } satisfies Listening);
}
