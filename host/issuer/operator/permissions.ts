/** What each role may do; docs/operations.md prints the table, and a test holds the one to the other. */
import { HttpProblem } from '../http/problems.js';
import type { OperatorRole } from '../store/schema-operators.js';

export const operatorRoles: readonly OperatorRole[] = ['teller', 'operator', 'auditor'];

/** Everybody reads; a teller serves cards and holders, an operator decides, an auditor changes nothing. */
export const permissions = {
  'today.read': ['teller', 'operator', 'auditor'],
  'cards.read': ['teller', 'operator', 'auditor'],
  'cards.block': ['teller', 'operator'],
  'cards.release': ['operator'],
  'desk.read': ['teller', 'operator', 'auditor'],
  'desk.manage': ['operator'],
  'terminals.read': ['teller', 'operator', 'auditor'],
  'terminals.manage': ['operator'],
  'batches.read': ['teller', 'operator', 'auditor'],
  'cases.read': ['teller', 'operator', 'auditor'],
  'cases.propose': ['teller', 'operator'],
  'cases.decide': ['operator'],
  'payouts.read': ['operator', 'auditor'],
  'payouts.manage': ['operator'],
  'ledger.read': ['operator', 'auditor'],
  'keys.read': ['operator', 'auditor'],
  'audit.read': ['operator', 'auditor'],
  'metrics.read': ['operator', 'auditor'],
} as const satisfies Record<string, readonly OperatorRole[]>;

export type Permission = keyof typeof permissions;

export function permissionsOf(role: OperatorRole): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter((name) => mayDo(role, name));
}

function mayDo(role: OperatorRole, permission: Permission): boolean {
  return (permissions[permission] as readonly OperatorRole[]).includes(role);
}

/** @throws HttpProblem forbidden */
export function requirePermission(role: OperatorRole, permission: Permission): void {
  if (!mayDo(role, permission)) throw new HttpProblem('forbidden', `The role ${role} does not include ${permission}.`);
}
