/** What a terminal may be, by its name in a home: its role, how people call it, and its command. */
import { Role } from '../protocol/generated/enums.js';

export const terminalKinds = {
  pos: { role: Role.pos, what: 'a POS', command: 'pos' },
  kiosk: { role: Role.load, what: 'a kiosk', command: 'reload' },
  desk: { role: Role.perso, what: 'a desk', command: 'personalize' },
} as const;

export type TerminalKind = keyof typeof terminalKinds;
