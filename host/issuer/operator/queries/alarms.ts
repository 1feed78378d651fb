/** What nobody has to have done wrong and somebody has to see to. */
import type { Issuer } from '../../service/context.js';
import { listedCount } from '../../service/hot-list.js';
import { expiringCards, warningTime } from '../../service/key-status.js';
import type { AlarmView, EquationView } from '../views/today.js';

const most = 50;
/** Of the entries a list holds. */
const nearlyFull = 0.9;

export async function alarms(issuer: Issuer, equations: readonly EquationView[]): Promise<AlarmView[]> {
  return [
    ...equations
      .filter(({ holds }) => !holds)
      .map(({ unit }) => ({ kind: 'unbalanced', subject: unit, at: null }) as const),
    ...simulatedBank(issuer),
    ...(await staleList(issuer)),
    ...(await fullList(issuer)),
    ...(await expiringTerminals(issuer)),
    ...(await endingCards(issuer)),
  ];
}

/** What cards are loaded with is backed by nothing. */
function simulatedBank({ funding }: Issuer): AlarmView[] {
  return funding.isSimulated === true ? [{ kind: 'bank-simulated', subject: 'bank', at: null }] : [];
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

/** More cards than a list holds: those an operator blocked last are on none. */
async function fullList(issuer: Issuer): Promise<AlarmView[]> {
  const { listLongest } = issuer.policy;
  const count = await issuer.store.transaction((tx) => listedCount(issuer, tx));
  if (count <= listLongest * nearlyFull) return [];
  return [{ kind: count > listLongest ? 'list-full' : 'list-filling', subject: `${count}/${listLongest}`, at: null }];
}

/** Renewals are ordered from a list: ./epurse issuer card renewals. */
async function endingCards(issuer: Issuer): Promise<AlarmView[]> {
  const count = await expiringCards(issuer);
  return count === 0 ? [] : [{ kind: 'cards-expiring', subject: String(count), at: null }];
}

async function expiringTerminals({ store, clock }: Issuer): Promise<AlarmView[]> {
  const now = clock();
  const rows = await store.db
    .selectFrom('terminal')
    .select(['terminal_id', 'expiry'])
    .where('revoked_at', 'is', null)
    .where('expiry', '<', BigInt(now + warningTime.terminal))
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
