/** How the terminals of a home reach its issuer. */
import { LedgerError } from '../../issuer/errors.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { Home } from '../../terminal/home.js';
import { LazyIssuer } from '../../terminal/lazy-issuer.js';
import type { IssuerAccess } from '../../terminal/lazy-issuer.js';

/** The ledger of the home in this process, under its lock. The ledger is loaded when the issuer is first asked. */
export function issuerOf(home: Home): LazyIssuer {
  return new LazyIssuer(() => inProcess(home));
}

async function inProcess(home: Home): Promise<IssuerAccess> {
  const { openIssuer } = await import('../../issuer/open.js');
  try {
    return await openIssuer(home);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new IssuerError(cause.code === 'busy' ? 'busy' : 'unreachable', cause.message, { cause });
  }
}
