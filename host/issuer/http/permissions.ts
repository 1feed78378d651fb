/** Which role may call which method, and that nobody speaks in another terminal's name. */
import { equalBytes } from '../../protocol/codec/bytes.js';
import { Role, roleNames } from '../../protocol/generated/enums.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { IssuerMethod } from '../../protocol/issuer/wire.js';
import type { AuthenticatedTerminal } from './terminal-auth.js';

const all = [Role.pos, Role.load, Role.perso];

export const permitted: Readonly<Record<IssuerMethod, readonly Role[]>> = {
  issueCard: [Role.perso],
  cardActivated: [Role.perso],
  orderFor: [Role.perso],
  orderTaken: [Role.perso],
  synchronise: [Role.load, Role.perso],
  authoriseLoad: [Role.load],
  loadStatus: [Role.load],
  loadCredited: [Role.load],
  loadCancelled: [Role.load, Role.perso],
  hotList: all,
  blockTaken: all,
  uploadBatch: [Role.pos],
  entryAnswer: [Role.pos],
};

/** @throws IssuerError rejected */
export function checkPermission(method: IssuerMethod, { role }: AuthenticatedTerminal): void {
  if (!permitted[method].includes(role))
    throw new IssuerError('rejected', `A terminal with the role ${roleNames[role]} may not ask for ${method}.`);
}

/** The id in the request is that of the terminal that asks. @throws IssuerError rejected */
export function checkOwnName(request: unknown, { terminalId }: AuthenticatedTerminal): void {
  if (typeof request !== 'object' || request === null) return;
  for (const [field, value] of Object.entries(request)) {
    if (!ownNames.has(field) || !(value instanceof Uint8Array) || equalBytes(value, terminalId)) continue;
    throw new IssuerError('rejected', `${field} is not that of the terminal that asks.`);
  }
}

const ownNames = new Set(['deskId', 'kioskId', 'terminalId']);
