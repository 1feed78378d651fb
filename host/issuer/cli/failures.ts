/** What goes wrong in the back office, as a person is told. */
import { SchemeError } from '../../protocol/scheme.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import { Failure } from '../../terminal/outcome.js';
import { LedgerError } from '../errors.js';
import { KeyringError } from '../pki/keyring.js';
import { SchemeExists } from '../pki/scheme-init.js';
import { SettingsError } from '../settings-error.js';

/** Runs `work`; errors the issuer knows come out as failures, others as they are. */
export async function withIssuerFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw issuerFailure(error);
  }
}

function issuerFailure(cause: unknown): unknown {
  if (cause instanceof LedgerError) return ledgerFailure(cause);
  if (cause instanceof IssuerError) return new Failure(codeOf(cause), cause.message, { cause });
  if (cause instanceof SettingsError)
    return new Failure('settings-unreadable', cause.message, {
      next: 'Mend the file, or delete it for the defaults.',
      cause,
    });
  if (cause instanceof SchemeExists)
    return new Failure('scheme-exists', cause.message, {
      next: 'Nothing was changed. Another home can have another scheme: --home DIR.',
      cause,
    });
  if (cause instanceof KeyringError) return keyFailure(cause);
  if (cause instanceof SchemeError)
    return new Failure('keys-unreadable', cause.message, { next: 'Restore the home folder from a copy.', cause });
  return cause;
}

function keyFailure(cause: KeyringError): Failure {
  const failure = (code: 'home-empty' | 'keys-unreadable' | 'keys-locked' | 'key-refused', next: string): Failure =>
    new Failure(code, cause.message, { next, cause });
  switch (cause.code) {
    case 'missing':
      return failure(
        'home-empty',
        './epurse scheme init makes a scheme where there is none; what was moved away is brought back (scheme root import) or put back from its copy.',
      );
    case 'open-to-others':
      return failure('keys-unreadable', 'Mend its permissions, and find out who has read it.');
    case 'damaged':
    case 'other-file':
    case 'mismatch':
      return failure('keys-unreadable', 'Restore it from a copy.');
    case 'locked':
      return failure(
        'keys-locked',
        'Put the secret there, name another file as it says, or call this at a console and type it.',
      );
    case 'wrong-secret':
      return failure('keys-locked', 'Nothing was changed. Try the right one.');
    case 'token':
      return failure('keys-locked', 'Plug the token in, or mend the module path in the key file.');
    case 'token-pin':
      return failure('keys-locked', 'Check the PIN before the next try: a few wrong ones lock the token.');
    case 'not-held':
    case 'rotation':
      return failure('key-refused', 'Nothing was changed.');
  }
}

function ledgerFailure(cause: LedgerError): Failure {
  switch (cause.code) {
    case 'busy':
      return new Failure('store-busy', cause.message, {
        next: 'Wait for it to end, stop it, or run on a PostgreSQL server (EPURSE_DATABASE_URL), which serves several at once.',
        cause,
      });
    case 'unreachable':
      return new Failure('store-unreachable', cause.message, {
        next:
          process.env['EPURSE_DATABASE_URL'] === undefined
            ? 'Restore the folder from a copy.'
            : 'Check EPURSE_DATABASE_URL and the server.',
        cause,
      });
    case 'clock':
      return new Failure('clock-implausible', cause.message, {
        next: 'No money moved. Set the clock of this machine, then call this again.',
        cause,
      });
    case 'conflict':
    case 'rule':
      return new Failure('issuer-refused', cause.message, { cause });
  }
}

function codeOf({ code }: IssuerError) {
  switch (code) {
    case 'unknown-card':
      return 'card-unknown' as const;
    case 'busy':
      return 'store-busy' as const;
    case 'unreachable':
      return 'issuer-unreachable' as const;
    case 'unknown-terminal':
    case 'conflict':
    case 'rejected':
      return 'issuer-refused' as const;
    case 'internal':
      return 'defect' as const;
  }
}
