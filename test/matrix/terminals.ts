/** The three terminals of the matrix, and what they know of the card. */
import type { SessionKeys } from '../../host/protocol/channel/secure.js';
import type { Role as RoleName } from '../../apdu-specs/generator/model.js';
import { Role } from '../../host/protocol/generated/enums.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { lastingTerminal } from '../helpers/cards.js';

export const identities: Readonly<Record<RoleName, TerminalIdentity>> = {
  pos: lastingTerminal(Role.pos, 'matrix'),
  load: lastingTerminal(Role.load, 'matrix'),
  perso: lastingTerminal(Role.perso, 'matrix'),
};

export type PairKeys = Partial<Record<RoleName, SessionKeys>>;
