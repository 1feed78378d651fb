import { z } from 'zod';
import { changePassword } from '../accounts.js';
import { permissions, permissionsOf } from '../permissions.js';
import type { Permission } from '../permissions.js';
import { operatorRoute } from './route.js';
import type { OperatorRoute } from './route.js';

const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]];

/** Who is signed in. */
export const sessionView = z.object({
  name: z.string(),
  role: z.enum(['teller', 'operator', 'auditor']),
  permissions: z.array(z.enum(permissionNames)),
  /** Goes back in the header `x-csrf-token` with every request that is no GET. */
  csrf: z.string(),
});

export const credentials = z.strictObject({ name: z.string().max(64), password: z.string().max(400) });

export const sessionRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, and the token that requests which change something carry.',
    permission: 'session',
    answer: sessionView,
    run: ({ session: { name, role, csrf } }) => Promise.resolve({ name, role, csrf, permissions: permissionsOf(role) }),
  }),
  operatorRoute({
    method: 'POST',
    path: '/password',
    summary: 'A new password; other sessions of the operator end.',
    permission: 'session',
    body: z.strictObject({ oldPassword: z.string().max(400), newPassword: z.string().max(400) }),
    run: ({ issuer, session, body }) => changePassword(issuer, session.name, body, session.idHash),
  }),
];
