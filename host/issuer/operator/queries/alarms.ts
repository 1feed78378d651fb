/** What nobody has to have done wrong and somebody has to see to. */
import { day } from '../../../protocol/codec/time.js';
import type { Issuer } from '../../service/context.js';
import type { AlarmView, EquationView } from '../views/today.js';

/** Certificates are renewed in this time before they run out. */
const warning = 14 * day;
const most = 50;

export async function alarms(issuer: Issuer, equations: readonly EquationView[]): Promise<AlarmView[]> {
  return [
    ...equations
      .filter(({ holds }) => !holds)
      .map(({ unit }) => ({ kind: 'unbalanced', subject: unit, at: null }) as const),
    ...(await staleList(issuer)),
    ...(await expiringTerminals(issuer)),
  ];
}

/** A POS under an old list sells below its floor amount only. */
async function staleList({ store, policy, clock }: Issuer): Promise<AlarmView[]> {
  const newest = await store.db
    .selectFrom('hot_list')
    .select(['version', 'issued_at'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return [];
  const staleAt = Number(newest.issued_at) + policy.listAge;
  return clock() < staleAt ? [] : [{ kind: 'list-stale', subject: String(newest.version), at: staleAt }];
}

async function expiringTerminals({ store, clock }: Issuer): Promise<AlarmView[]> {
  const now = clock();
  const rows = await store.db
    .selectFrom('terminal')
    .select(['terminal_id', 'expiry'])
    .where('revoked_at', 'is', null)
    .where('expiry', '<', BigInt(now + warning))
    .orderBy('expiry')
    .orderBy('terminal_id')
    .limit(most)
    .execute();
  return rows.map(({ terminal_id, expiry }) => ({
    kind: Number(expiry) <= now ? 'terminal-expired' : 'terminal-expiring',
    subject: terminal_id,
    at: Number(expiry),
  }));
}
