/** Weakened issuers and ours on one database in memory, which takes longer to open than an attack to fail. */
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import type { Store } from '../../../host/issuer/store/database.js';
import type { Host } from '../../helpers/weakened-host.js';
import type * as SoftIssuerModule from '../../helpers/soft-issuer.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';

let shared: Promise<Store> | undefined;

after(async () => (await shared)?.close());

/** One more process of the issuer, with the checks that the host has. */
export async function issuerOf(host: Host): Promise<SoftIssuer> {
  const { SoftIssuer } = await host<typeof SoftIssuerModule>('test/helpers/soft-issuer.js');
  return SoftIssuer.open(await (shared ??= openMemoryStore()));
}
