/** Operators' accounts. The command line alone makes them: nobody who got into the dashboard makes himself a second name. */
import type { Selectable } from 'kysely';
import { recordAudit } from '../service/audit.js';
import type { Actor } from '../service/audit.js';
import { conflict, rejected } from '../service/context.js';
import type { Issuer } from '../service/context.js';
import type { Tx } from '../store/database.js';
import type { OperatorRole, OperatorTable } from '../store/schema-operators.js';
import { rightTry } from './lock-out.js';
import { checkPasswordRules, hashPassword, isPassword, passwordCost } from './passwords.js';
import { admittedTry } from './sessions.js';

export type OperatorRow = Selectable<OperatorTable>;

/** Whoever runs the machine. */
const commandLine: Actor = { kind: 'system', name: 'command line' };

/** @throws IssuerError rejected */
export async function addOperator(
  issuer: Issuer,
  name: string,
  role: OperatorRole,
  password: string,
  cost = passwordCost,
): Promise<void> {
  if (!/^[a-z][a-z0-9._-]{1,31}$/.test(name))
    throw rejected('A name has 2 to 32 characters: small letters, digits, dot, dash, underscore; first a letter.');
  checkPasswordRules(password, name);
  const stored = await hashPassword(password, cost);
  const at = issuer.clock();
  await issuer.store.transaction(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('operator')
      .values({ name, role, ...stored, created_at: at, password_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) throw conflict(`There is an operator ${name} already.`);
    await audited(issuer, tx, commandLine, 'operator-added', name, { role });
  });
}

export function listOperators({ store }: Issuer): Promise<OperatorRow[]> {
  return store.db.selectFrom('operator').selectAll().orderBy('name').execute();
}

/** Ends his sessions too. @throws IssuerError rejected */
export async function disableOperator(issuer: Issuer, name: string): Promise<void> {
  await issuer.store.transaction(async (tx) => {
    await existing(tx, name);
    await tx.updateTable('operator').set({ disabled_at: issuer.clock() }).where('name', '=', name).execute();
    await tx.deleteFrom('operator_session').where('name', '=', name).execute();
    await audited(issuer, tx, commandLine, 'operator-disabled', name, {});
  });
}

/** A new password and a clean slate: enabled, not locked, no sessions. @throws IssuerError rejected */
export async function resetOperator(issuer: Issuer, name: string, password: string): Promise<void> {
  checkPasswordRules(password, name);
  const stored = await hashPassword(password);
  await issuer.store.transaction(async (tx) => {
    await existing(tx, name);
    await tx
      .updateTable('operator')
      .set({ ...stored, password_at: issuer.clock(), disabled_at: null })
      .where('name', '=', name)
      .execute();
    await tx.deleteFrom('operator_session').where('name', '=', name).execute();
    await tx.deleteFrom('sign_in_failure').where('subject', '=', `name ${name}`).execute();
    await audited(issuer, tx, commandLine, 'operator-reset', name, {});
  });
}

/** His own, with the old one; his other sessions end. @param keep id hash of the session that stays @throws IssuerError rejected; HttpProblem too-many-requests */
export async function changePassword(
  issuer: Issuer,
  name: string,
  { oldPassword, newPassword }: { readonly oldPassword: string; readonly newPassword: string },
  keep: Uint8Array,
): Promise<void> {
  checkPasswordRules(newPassword, name);
  // a session somebody left open is no place to guess either
  const culprits = [`name ${name}`] as const;
  await admittedTry(issuer, culprits);
  const row = await issuer.store.db.selectFrom('operator').selectAll().where('name', '=', name).executeTakeFirst();
  if (!(await isPassword(oldPassword, row))) throw rejected('The old password is wrong.');
  await rightTry(issuer.store.db, culprits);
  const stored = await hashPassword(newPassword);
  await issuer.store.transaction(async (tx) => {
    await tx
      .updateTable('operator')
      .set({ ...stored, password_at: issuer.clock() })
      .where('name', '=', name)
      .execute();
    await tx.deleteFrom('operator_session').where('name', '=', name).where('id_hash', '<>', keep).execute();
    await audited(issuer, tx, { kind: 'operator', name }, 'operator-password-changed', name, {});
  });
}

async function existing(tx: Tx, name: string): Promise<void> {
  const row = await tx.selectFrom('operator').select('name').where('name', '=', name).forUpdate().executeTakeFirst();
  if (row === undefined) throw rejected(`There is no operator ${name}.`);
}

async function audited(
  issuer: Issuer,
  tx: Tx,
  actor: Actor,
  action: string,
  name: string,
  detail: Record<string, string>,
): Promise<void> {
  await recordAudit(tx, { at: issuer.clock(), actor, action, subject: `operator/${name}`, detail });
}
