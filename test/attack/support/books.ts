/** Weakened issuers and ours on one database in memory, which takes longer to open than an attack to fail. */
import { u32 } from '../../../host/protocol/codec/bytes.js';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import type { Store } from '../../../host/issuer/store/database.js';
import type { Host } from '../../helpers/weakened-host.js';
import type * as SoftIssuerModule from '../../helpers/soft-issuer.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import type * as IssuedCardModule from './issued-card.js';
import type { IssuedCard } from './issued-card.js';
import type * as ShopModule from './shop.js';
import type { Shop } from './shop.js';

let shared: Promise<Store> | undefined;
let opened = 0;

after(async () => (await shared)?.close());

/** A card with 50.00 that one more process of the issuer issued, and shops on its books. */
export interface Books {
  readonly issuer: SoftIssuer;
  readonly card: IssuedCard;
  readonly openShop: () => Promise<Shop>;
}

/** @param host whose checks the issuer has */
export async function openBooks(host: Host): Promise<Books> {
  const { SoftIssuer } = await host<typeof SoftIssuerModule>('test/helpers/soft-issuer.js');
  const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
  const { Shop } = await host<typeof ShopModule>('test/attack/support/shop.js');
  const issuer = await SoftIssuer.open(await (shared ??= openMemoryStore()));
  const card = await IssuedCard.issue(issuer, `books ${++opened}`);
  await card.load(50_00n);
  const openShop = (): Promise<Shop> => Shop.open(issuer, `books ${++opened}`, u32(0x08000000 + opened));
  return { issuer, card, openShop };
}
