/** The issuer of a home folder: its scheme, keys and terminals, on the embedded store or on a PostgreSQL server. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseTerminalCertificate } from '../protocol/certificates/terminal.js';
import { systemClock } from '../protocol/codec/time.js';
import type { Clock } from '../protocol/codec/time.js';
import type { IssuerPort } from '../protocol/issuer/port.js';
import { readIfThere } from '../terminal/files.js';
import type { Home } from '../terminal/home.js';
import { readSettings } from './settings.js';
import type { FundingPort } from './funding/port.js';
import { fundingOf } from './funding/from-settings.js';
import { SimulatedBank } from './funding/simulated-bank.js';
import { asIssuerError, localIssuer } from './local.js';
import type { Keyring } from './pki/keyring.js';
import { issuerKeyring, schemeOf } from './pki/scheme-init.js';
import { registerFolder } from './pki/terminals.js';
import type { Unlocking } from './pki/unlock.js';
import { ClockGuard, clockedPort } from './service/clock-guard.js';
import type { Issuer } from './service/context.js';
import { SigningKeys } from './service/signing-keys.js';
import { ensureParameters } from './service/parameters.js';
import { registerTerminal, verifiedTerminal } from './service/terminals.js';
import { openEmbeddedStore } from './store/embedded.js';
import type { Store } from './store/database.js';
import { openServerStore } from './store/server.js';
import { bulkVerifier } from './verify/pool.js';
import type { Policy } from './domain/policy.js';
import type { Scheme } from '../protocol/scheme.js';

export interface OpenOptions {
  /** postgres://…; default: EPURSE_DATABASE_URL, else the embedded store in the home. */
  readonly databaseUrl?: string;
  /** A store that is open already, such as one in memory. */
  readonly store?: Store;
  readonly clock?: Clock;
  /** Default: the bank of the settings, or a simulated one that says yes. */
  readonly funding?: FundingPort;
  /** Default: the unlock file of the home. */
  readonly unlock?: Unlocking;
}

export interface OpenedIssuer {
  readonly issuer: Issuer;
  readonly port: IssuerPort;
  close(): Promise<void>;
}

/** The issuer of a home: its port refuses under a clock that went back. */
export interface HomeIssuer extends OpenedIssuer {
  /** For what books without the port. @throws LedgerError clock */
  checkClock(): Promise<void>;
}

/**
 * Opens the issuer of a home. An embedded store is locked until `close`.
 *
 * @throws LedgerError busy, unreachable
 * @throws KeyringError, SchemeError, SettingsError
 */
export async function openIssuer(home: Home, options: OpenOptions = {}): Promise<HomeIssuer> {
  const scheme = schemeOf(home);
  const keys = issuerKeyring(home, scheme, options.unlock);
  const { policy, bank } = readSettings(home);
  const funding = options.funding ?? fundingOf(home, bank);
  const url = options.databaseUrl ?? process.env['EPURSE_DATABASE_URL'];
  const store = options.store ?? (await openStore(home, url));
  try {
    const opened = await startIssuer({ ...options, store, scheme, keys, policy, funding });
    await registerKnownTerminals(opened.issuer, home);
    const guard = new ClockGuard(opened.issuer);
    const port = clockedPort(opened.port, guard, asIssuerError);
    return { ...opened, port, checkClock: () => guard.check() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function openStore(home: Home, url: string | undefined): Promise<Store> {
  return url === undefined ? openEmbeddedStore(home.path('issuer')) : openServerStore(url);
}

/** The issuer on a store that is open already. */
export async function startIssuer(parts: {
  readonly store: Store;
  readonly scheme: Scheme;
  readonly keys: Keyring;
  readonly policy: Policy;
  readonly clock?: Clock;
  readonly funding?: FundingPort;
}): Promise<OpenedIssuer> {
  const { store, scheme, keys, policy, clock = systemClock, funding = new SimulatedBank() } = parts;
  const verifier = bulkVerifier();
  const signingKeys = new SigningKeys(store.db);
  const issuer: Issuer = { store, scheme, keys, policy, funding, clock, verifier, signingKeys };
  await ensureParameters(store.db, scheme.units, clock());
  const close = async (): Promise<void> => {
    await verifier.close();
    await store.close();
  };
  return { issuer, port: localIssuer(issuer), close };
}

/** Certificates that the ceremony or a renewal put into the register folder since it was last read. */
export async function registerKnownTerminals(issuer: Issuer, home: Home): Promise<void> {
  const folder = registerFolder(home);
  for (const name of filesIn(folder)) {
    const content = readIfThere(join(folder, name));
    if (content === undefined) continue;
    // whether it has run out is asked when its terminal asks something; here it only has to be genuine
    const { effective } = parseTerminalCertificate(content);
    await registerTerminal(issuer.store.db, verifiedTerminal(issuer, content, effective));
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.bin'));
  } catch {
    return [];
  }
}
