/** The public side of the scheme's keys, the newest hot list and the parameter sets. */
import { createHash } from 'node:crypto';
import { authorityNames } from '../../../protocol/generated/enums.js';
import { hotListCodec } from '../../../protocol/generated/structures.js';
import type { SchemeKey } from '../../../protocol/scheme.js';
import { schemeKey } from '../../pki/keyring.js';
import type { Issuer } from '../../service/context.js';
import type { KeysView } from '../views/keys.js';

export async function showKeys(issuer: Issuer): Promise<KeysView> {
  const { scheme, store } = issuer;
  const sets = await store.db
    .selectFrom('parameter_set')
    .select(['version', 'since'])
    .orderBy('version', 'desc')
    .execute();
  return {
    scheme: {
      id: scheme.id,
      name: scheme.name,
      createdAt: scheme.createdAt,
      units: scheme.units.map(({ name }) => name),
    },
    keys: scheme.keys.map((key) => keyView(issuer, key)),
    hotList: await newestList(issuer),
    parameters: sets.map(({ version, since }) => ({ version, since: Number(since) })),
  };
}

function keyView({ scheme }: Issuer, { keyId, point }: SchemeKey): KeysView['keys'][number] {
  const current = schemeKey(scheme, keyId.authority).keyId.version === keyId.version;
  return {
    authority: authorityNames[keyId.authority],
    version: keyId.version,
    turn: current ? 'current' : 'next',
    fingerprint: createHash('sha256').update(point).digest('hex').slice(0, 16),
  };
}

async function newestList({ store, policy }: Issuer): Promise<KeysView['hotList']> {
  const row = await store.db
    .selectFrom('hot_list')
    .select(['version', 'issued_at', 'list'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const issuedAt = Number(row.issued_at);
  return {
    version: Number(row.version),
    issuedAt,
    entries: hotListCodec.decode(new Uint8Array(row.list)).entries.length,
    staleAt: issuedAt + policy.listAge,
    renewedAt: issuedAt + policy.listRenewal,
  };
}
