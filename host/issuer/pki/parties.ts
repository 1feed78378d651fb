/** Who keeps which key, and where. Each party's folder can be moved to a machine of its own. */
import { Authority, Role } from '../../protocol/generated/enums.js';
import { authorityNames } from '../../protocol/generated/enums.js';
import type { Home } from '../../terminal/home.js';

/** A key of the scheme, current and successor. */
interface PartyKey {
  readonly authority: Authority;
  /** Roles its certificates may grant. */
  readonly roles: number;
}

export const issuerKeys: readonly PartyKey[] = [
  { authority: Authority.cardCa, roles: 0 },
  { authority: Authority.terminalCa, roles: Role.load | Role.perso },
  { authority: Authority.credit, roles: 0 },
  { authority: Authority.order, roles: 0 },
];

export const acquirerKeys: readonly PartyKey[] = [{ authority: Authority.posCa, roles: Role.pos }];

/** Versions of the current key and of its successor. */
export const versions = [1, 2] as const;

export function named(keys: readonly PartyKey[]): { name: string; version: number }[] {
  return keys.flatMap(({ authority }) => versions.map((version) => ({ name: authorityNames[authority], version })));
}

export const rootKey = { name: 'root', version: 1 } as const;

export function rootKeyFile(home: Home): string {
  return home.path('root', 'keys.json');
}

export function issuerKeyFile(home: Home): string {
  return home.path('issuer', 'keys.json');
}

export function acquirerKeyFile(home: Home): string {
  return home.path('acquirer', 'keys.json');
}

export function schemeFile(home: Home): string {
  return home.path('scheme.json');
}
