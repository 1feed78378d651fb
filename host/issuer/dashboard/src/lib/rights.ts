/** What the page offers. The issuer decides anew with every request; this only keeps away what would be refused. */
import type { SessionInfo } from '../api/session.js';
import { session } from './session.svelte.js';

export type Permission = SessionInfo['permissions'][number];

export function may(permission: Permission): boolean {
  return session.info?.permissions.includes(permission) ?? false;
}
