/** The signed list itself: a new version when an entry comes or goes, and when the last one grows old. */
import { sql } from 'kysely';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { Authority } from '../../protocol/generated/enums.js';
import { hotListCodec } from '../../protocol/generated/structures.js';
import type { HotListEntryFields } from '../../protocol/generated/structures.js';
import type { SignedHotList } from '../../protocol/issuer/port.js';
import { signHotList } from '../../protocol/signed/hot-list.js';
import { contentHash } from '../store/canonical.js';
import type { Tx } from '../store/database.js';
import { openListings, refreshBlockOrders } from './block-orders.js';
import type { Issuer } from './context.js';

/** The newest list, or null when `known` is it. */
export async function hotList(issuer: Issuer, known: number): Promise<SignedHotList | null> {
  const { version, list, signature } = await issuer.store.transaction((tx) => currentList(issuer, tx));
  return Number(version) === known ? null : { list: new Uint8Array(list), signature: new Uint8Array(signature) };
}

/** Two processes that find the list out of date must not both number a new one. */
const listLock = 0x45504c31;

async function currentList(issuer: Issuer, tx: Tx) {
  await sql`select pg_advisory_xact_lock(${listLock})`.execute(tx);
  await refreshBlockOrders(issuer, tx);
  const entries = (await currentEntries(issuer, tx)).slice(0, issuer.policy.listLongest).sort(byCard);
  const hash = contentHash(entries);
  const last = await tx.selectFrom('hot_list').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
  const age = last === undefined ? Infinity : issuer.clock() - Number(last.issued_at);
  if (last !== undefined && toHex(new Uint8Array(last.content_hash)) === toHex(hash) && age < issuer.policy.listRenewal)
    return last;
  const fields = {
    scheme: issuer.scheme.id,
    version: Number(last?.version ?? 0) + 1,
    issuedAt: issuer.clock(),
    entries,
  };
  const row = {
    version: BigInt(fields.version),
    issued_at: fields.issuedAt,
    list: hotListCodec.encode(fields),
    signature: signHotList(fields, issuer.keys.signer(Authority.order)),
    content_hash: hash,
  };
  await tx.insertInto('hot_list').values(row).execute();
  if (entries.length > 0) {
    await tx
      .updateTable('listing')
      .set({ since_version: fields.version })
      .where('since_version', 'is', null)
      .where('card_id', '=', sql<string>`any(${entries.map(({ cardId }) => toHex(cardId))})`)
      .execute();
  }
  return row;
}

/** Those that stand on a list: of cards that have not run out; one the card answered stays for lost and broken cards only. */
function standing(issuer: Issuer, tx: Tx) {
  return openListings(tx)
    .where('card.expiry', '>', BigInt(issuer.clock()))
    .where((where) => where.or([where('listing.taken_at', 'is', null), where('listing.reason', '<>', 'operator')]));
}

/** Cards that stand on the list, whether it has room for all of them or not. */
export async function listedCount(issuer: Issuer, tx: Tx): Promise<number> {
  const { count } = await standing(issuer, tx)
    .select(({ fn }) => fn.count<bigint>('listing.card_id').distinct().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * One entry a card, under its highest block number. Where there are more than a list holds: broken and lost cards before those an
 * operator blocked, and who stood on a list before stays on it.
 */
async function currentEntries(issuer: Issuer, tx: Tx): Promise<HotListEntryFields[]> {
  const rows = await standing(issuer, tx)
    .distinctOn('listing.card_id')
    .select(['listing.card_id', 'listing.block_number', 'card_order.signature'])
    .select(['listing.reason', 'listing.since_version'])
    .orderBy('listing.card_id')
    .orderBy('listing.block_number', 'desc')
    .execute();
  const last = BigInt(Number.MAX_SAFE_INTEGER);
  const rank = ({ reason }: (typeof rows)[number]): number => (reason === 'operator' ? 1 : 0);
  const since = ({ since_version: version }: (typeof rows)[number]): bigint => version ?? last;
  const kept =
    rows.length <= issuer.policy.listLongest
      ? rows
      : rows.sort((a, b) => rank(a) - rank(b) || (since(a) < since(b) ? -1 : since(a) > since(b) ? 1 : 0));
  return kept.map(({ card_id, block_number, signature }) => ({
    cardId: fromHex(card_id),
    blockNumber: Number(block_number),
    signature: new Uint8Array(signature),
  }));
}

function byCard(a: HotListEntryFields, b: HotListEntryFields): number {
  return Buffer.compare(a.cardId, b.cardId);
}
