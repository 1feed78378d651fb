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

/** A list holds at most this many entries (a u16 counts them). */
const longest = 65_535;

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
  const entries = await currentEntries(issuer, tx);
  const hash = contentHash(entries);
  const last = await tx.selectFrom('hot_list').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
  const age = last === undefined ? Infinity : issuer.clock() - Number(last.issued_at);
  if (last !== undefined && toHex(new Uint8Array(last.content_hash)) === toHex(hash) && age < issuer.policy.listRenewal)
    return last;
  const fields = {
    scheme: issuer.scheme.id,
    version: Number(last?.version ?? 0) + 1,
    issuedAt: issuer.clock(),
    entries: entries.slice(0, longest),
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

/** One entry a card, under its highest block number; an entry the card answered stays for lost and broken cards only. */
async function currentEntries(issuer: Issuer, tx: Tx): Promise<HotListEntryFields[]> {
  const rows = await openListings(tx)
    .distinctOn('listing.card_id')
    .select(['listing.card_id', 'listing.block_number', 'card_order.signature'])
    .where('card.expiry', '>', BigInt(issuer.clock()))
    .where((where) => where.or([where('listing.taken_at', 'is', null), where('listing.reason', '<>', 'operator')]))
    .orderBy('listing.card_id')
    .orderBy('listing.block_number', 'desc')
    .execute();
  return rows.map(({ card_id, block_number, signature }) => ({
    cardId: fromHex(card_id),
    blockNumber: Number(block_number),
    signature: new Uint8Array(signature),
  }));
}
