/** How the terminals of a home reach its issuer: the server that EPURSE_ISSUER_URL names, the one that runs for this home, or none. */
import { LedgerError } from '../../issuer/errors.js';
import { announcedIssuer } from '../../issuer/http/announcement.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import type { Scheme } from '../../protocol/scheme.js';
import type { TerminalIdentity } from '../../protocol/session/session.js';
import type { Home } from '../../terminal/home.js';
import { httpIssuer } from '../../terminal/issuer-http.js';
import { LazyIssuer } from '../../terminal/lazy-issuer.js';
import type { IssuerAccess } from '../../terminal/lazy-issuer.js';

/** The terminal that asks, known once its files are read. */
export type Asker = () => { readonly scheme: Scheme; readonly identity: TerminalIdentity };

/** Chosen when the issuer is first asked; the ledger's code is loaded only where it is opened in this process. */
export function issuerOf(home: Home, asker: Asker): LazyIssuer {
  return new LazyIssuer(async () => {
    const url = process.env['EPURSE_ISSUER_URL'] ?? announcedIssuer(home);
    return url === undefined ? inProcess(home) : { port: served(url, asker()), close: () => Promise.resolve() };
  });
}

function served(url: string, { scheme, identity }: ReturnType<Asker>): IssuerPort {
  if (!URL.canParse(url)) throw new IssuerError('unreachable', `"${url}" is not the address of an issuer.`);
  return httpIssuer({ url, scheme: scheme.id, identity });
}

/** The ledger of the home, under its lock. */
async function inProcess(home: Home): Promise<IssuerAccess> {
  const { openIssuer } = await import('../../issuer/open.js');
  try {
    return await openIssuer(home);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new IssuerError(cause.code === 'busy' ? 'busy' : 'unreachable', cause.message, { cause });
  }
}
