/** What can be said of a party's keys without a person: are they there, whole, sealed, and those the scheme names? */
import { existsSync } from 'node:fs';
import type { Scheme } from '../../protocol/scheme.js';
import type { Home } from '../../terminal/home.js';
import { KeyringError } from './errors.js';
import { keeping } from './party-keys.js';
import { rootSigner } from './root.js';
import { acquirerKeyring, issuerKeyring } from './scheme-init.js';
import { unlockFile, unlocking } from './unlock.js';
import type { Party, Unlocking } from './unlock.js';

export type KeyHealth =
  /** Whole, sealed, opened and compared with the scheme. */
  | { readonly state: 'opens' }
  /** Whole and sealed; its secret is not here. */
  | { readonly state: 'locked' }
  /** In a hardware module. */
  | { readonly state: 'token' }
  /** In clear: a home from before keys were sealed. */
  | { readonly state: 'open' }
  /** This party works elsewhere. */
  | { readonly state: 'elsewhere' }
  | { readonly state: 'wrong'; readonly message: string };

export function keyHealth(home: Home, party: Party, scheme: Scheme): KeyHealth {
  // a party's folder goes with its keys; one without them has lost them
  if (!existsSync(home.path(party))) return { state: 'elsewhere' };
  try {
    const kept = keeping(home, party, scheme.id);
    if (kept === 'open') {
      opened(home, party, scheme, unlocking(home));
      return { state: 'open' };
    }
    // a PIN is not tried by whoever only looks
    if (kept === 'token') return { state: 'token' };
    if (!existsSync(unlockFile(home, party))) return { state: 'locked' };
    opened(home, party, scheme, unlocking(home));
    return { state: 'opens' };
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    return { state: 'wrong', message: error.message };
  }
}

function opened(home: Home, party: Party, scheme: Scheme, unlock: Unlocking): void {
  switch (party) {
    case 'root':
      rootSigner(home, scheme, unlock);
      return;
    case 'issuer':
      issuerKeyring(home, scheme, unlock);
      return;
    case 'acquirer':
      acquirerKeyring(home, scheme, unlock);
  }
}
