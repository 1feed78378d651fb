/** Who keeps which key, and where. Each party's folder can be moved to a machine of its own. */
import { Authority, Role } from '../../protocol/generated/enums.js';
import { authorityNames } from '../../protocol/generated/enums.js';
import type { Home } from '../../terminal/home.js';
import type { SealedPlace } from './key-files.js';
import type { Party } from './unlock.js';

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

export function keyFile(home: Home, party: Party): string {
  return home.path(party, 'keys.json');
}

/** A party's key file, with what it is sealed as. @param scheme id, which the file is sealed for */
export function keyPlace(home: Home, party: Party, scheme: number): SealedPlace {
  return { path: keyFile(home, party), party, purpose: `${party} keys`, scheme };
}

export function schemeFile(home: Home): string {
  return home.path('scheme.json');
}
