/** Operators' sessions: kept at the issuer, named by a random cookie, ended by idleness, by age, and by signing out. */
import { createHash, randomBytes } from 'node:crypto';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { HttpProblem } from '../http/problems.js';
import { recordAudit } from '../service/audit.js';
import type { Issuer } from '../service/context.js';
import type { OperatorRole } from '../store/schema-operators.js';
import { networkOf } from '../http/network.js';
import { countTry, rightTry } from './lock-out.js';
import type { Culprit } from './lock-out.js';
import { isPassword, passwordLength } from './passwords.js';

export const sessionTimes = {
  /** Without a request. */
  idle: 15 * 60,
  /** With or without. */
  longest: 10 * 3600,
  /** How exactly the last request is known. */
  grain: 30,
} as const satisfies Record<string, Seconds>;

export interface Session {
  readonly name: string;
  readonly role: OperatorRole;
  /** Goes back in a header with every request that changes something. */
  readonly csrf: string;
  /** SHA-256 of the cookie. */
  readonly idHash: Uint8Array;
}

export interface OpenedSession extends Session {
  /** Value of the cookie, 32 bytes in hexadecimal. */
  readonly cookie: string;
}

/** @throws HttpProblem sign-in-failed, too-many-requests; the same for a name nobody has */
export async function signIn(
  issuer: Issuer,
  { name, password }: { readonly name: string; readonly password: string },
  address: string,
): Promise<OpenedSession> {
  const { store } = issuer;
  const culprits: readonly Culprit[] = [`name ${name}`, `address ${networkOf(address)}`];
  const failures = await admittedTry(issuer, culprits);
  const row = await store.db.selectFrom('operator').selectAll().where('name', '=', name).executeTakeFirst();
  const fits = password.length <= passwordLength.most && (await isPassword(password, row));
  if (!fits || row === undefined || row.disabled_at !== null) return failed(issuer, row?.name, address, failures);
  await rightTry(store.db, culprits);
  return opened(issuer, row.name, row.role, address);
}

/** A password may be looked at now, and was counted as a wrong one until it is not. @returns tries so far @throws HttpProblem too-many-requests */
export async function admittedTry({ store, clock }: Issuer, culprits: readonly Culprit[]): Promise<number> {
  const tried = await countTry(store.db, culprits, clock());
  if ('failures' in tried) return tried.failures;
  const wait = Math.max(1, tried.wait);
  throw new HttpProblem('too-many-requests', `Too many wrong passwords: try again in ${wait} seconds.`, wait);
}

/** @param name of an operator; what else is typed as a name may be a password */
async function failed(issuer: Issuer, name: string | undefined, address: string, failures: number): Promise<never> {
  // one entry where it begins to look like guessing, not one for each try
  if (failures === 5 || failures % 20 === 0)
    await issuer.store.transaction((tx) =>
      recordAudit(tx, {
        at: issuer.clock(),
        actor: { kind: 'system', name: 'sign-in' },
        action: 'sign-in-failures',
        subject: 'operators',
        detail: { failures, name: name ?? null, from: address },
      }),
    );
  throw new HttpProblem('sign-in-failed', 'Name or password is wrong.');
}

async function opened(issuer: Issuer, name: string, role: OperatorRole, address: string): Promise<OpenedSession> {
  const cookie = randomBytes(32).toString('hex');
  const session = { name, role, ...secretsOf(cookie) };
  const now = issuer.clock();
  await issuer.store.transaction(async (tx) => {
    await tx
      .deleteFrom('operator_session')
      .where((row) =>
        row.or([
          row('seen_at', '<', BigInt(now - sessionTimes.idle)),
          row('opened_at', '<', BigInt(now - sessionTimes.longest)),
        ]),
      )
      .execute();
    await tx
      .insertInto('operator_session')
      .values({ id_hash: session.idHash, name, opened_at: now, seen_at: now })
      .execute();
    const actor = { kind: 'operator', name } as const;
    await recordAudit(tx, {
      at: now,
      actor,
      action: 'signed-in',
      subject: `operator/${name}`,
      detail: { from: address },
    });
  });
  return { ...session, cookie };
}

/** Session of a cookie, and that it is in use. @throws HttpProblem not-signed-in */
export async function sessionOf(issuer: Issuer, cookie: string | undefined): Promise<Session> {
  if (cookie === undefined || !/^[0-9a-f]{64}$/.test(cookie)) throw signedOut('Nobody is signed in.');
  const secrets = secretsOf(cookie);
  const now = issuer.clock();
  const { db } = issuer.store;
  const row = await db
    .selectFrom('operator_session')
    .innerJoin('operator', 'operator.name', 'operator_session.name')
    .select(['operator.name', 'operator.role', 'operator.disabled_at', 'opened_at', 'seen_at'])
    .where('id_hash', '=', secrets.idHash)
    .executeTakeFirst();
  if (row === undefined || row.disabled_at !== null) throw signedOut('Nobody is signed in.');
  const idle = now - Number(row.seen_at);
  if (idle > sessionTimes.idle || now - Number(row.opened_at) > sessionTimes.longest) {
    await db.deleteFrom('operator_session').where('id_hash', '=', secrets.idHash).execute();
    throw signedOut('The session has ended.');
  }
  if (idle >= sessionTimes.grain)
    await db.updateTable('operator_session').set({ seen_at: now }).where('id_hash', '=', secrets.idHash).execute();
  return { name: row.name, role: row.role, ...secrets };
}

export async function signOut(issuer: Issuer, { idHash, name }: Session): Promise<void> {
  await issuer.store.transaction(async (tx) => {
    await tx.deleteFrom('operator_session').where('id_hash', '=', idHash).execute();
    const actor = { kind: 'operator', name } as const;
    const subject = `operator/${name}`;
    await recordAudit(tx, { at: issuer.clock(), actor, action: 'signed-out', subject, detail: {} });
  });
}

/** Both follow from the cookie and neither leads back to it. */
function secretsOf(cookie: string): Pick<Session, 'idHash' | 'csrf'> {
  const digest = (label: string): Uint8Array =>
    new Uint8Array(createHash('sha256').update(label).update(fromHex(cookie)).digest());
  return { idHash: digest('epurse session'), csrf: toHex(digest('epurse csrf')) };
}

function signedOut(message: string): HttpProblem {
  return new HttpProblem('not-signed-in', message);
}
