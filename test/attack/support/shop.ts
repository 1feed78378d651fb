/** A shop on the issuer's books: the till that meets real cards, and the batches it hands in. */
import { registerTerminal } from '../../../host/issuer/service/terminals.js';
import { schemeId } from '../../helpers/scheme.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { SoftPos } from '../../helpers/soft-pos.js';
import { Till } from './till.js';

export interface Shop {
  readonly till: Till;
  readonly books: SoftPos;
}

/**
 * @param name seeds the till's keys
 * @param merchantId 4 bytes; a merchant of its own
 */
export async function openShop(issuer: SoftIssuer, name: string, merchantId: Uint8Array): Promise<Shop> {
  const till = new Till(name, { merchantId });
  await registerTerminal(issuer.issuer.store.db, till.identity.certificate);
  return { till, books: new SoftPos(till.identity, schemeId, issuer.clock.read) };
}
