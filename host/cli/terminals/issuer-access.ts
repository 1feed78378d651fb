/** How a terminal reaches its issuer: the server that EPURSE_ISSUER_URL names, that runs for this home, or that it enrolled at; else the ledger here. */
import { LedgerError } from '../../issuer/errors.js';
import { announcedIssuer } from '../../issuer/http/announcement.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import type { Home } from '../../terminal/home.js';
import type { TerminalName } from '../../terminal/identity.js';
import { httpIssuer } from '../../terminal/issuer-http.js';
import { readIssuerAddress } from '../../terminal/issuer-address.js';
import { LazyIssuer } from '../../terminal/lazy-issuer.js';
import type { IssuerAccess } from '../../terminal/lazy-issuer.js';
import { Failure } from '../../terminal/outcome.js';
import { readTls } from '../../terminal/tls.js';
import type { TerminalTls } from '../../terminal/tls.js';

/** The terminal that asks, known once its files are read. */
export type Asker = () => { readonly name: TerminalName };

/** Chosen when the issuer is first asked; the ledger's code is loaded only where it is opened in this process. */
export function issuerOf(home: Home, asker: Asker): LazyIssuer {
  return new LazyIssuer(async () => {
    const url = process.env['EPURSE_ISSUER_URL'] ?? announcedIssuer(home) ?? readIssuerAddress(home, asker().name);
    return url === undefined ? inProcess(home) : { port: served(home, url, asker()), close: () => Promise.resolve() };
  });
}

function served(home: Home, url: string, { name }: ReturnType<Asker>): IssuerPort {
  return httpIssuer({ url, tls: connectionOf(home, name) });
}

/** Asked for in the middle of a flow, where an issuer that cannot be reached is something a flow knows how to end with. */
function connectionOf(home: Home, name: TerminalName): TerminalTls {
  try {
    return readTls(home, name);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new IssuerError('unreachable', `${cause.message} ${cause.next}`, { cause });
  }
}

/** The ledger of the home, under its lock. */
async function inProcess(home: Home): Promise<IssuerAccess> {
  const [{ openIssuer }, { KeyringError }] = await Promise.all([
    import('../../issuer/open.js'),
    import('../../issuer/pki/keyring.js'),
  ]);
  try {
    return await openIssuer(home);
  } catch (cause) {
    if (cause instanceof KeyringError)
      throw new IssuerError('unreachable', `No issuer runs, and none can be opened here. ${cause.message}`, { cause });
    if (!(cause instanceof LedgerError)) throw cause;
    throw new IssuerError(cause.code === 'busy' ? 'busy' : 'unreachable', cause.message, { cause });
  }
}
