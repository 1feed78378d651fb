/** The npm module `pkcs11js`, whose only importer this is: one loaded library per path, and its errors as ours. */
import { createRequire } from 'node:module';
import { KeyringError } from '../errors.js';

type Handle = Buffer;
type Value = Buffer | number | boolean | string;
export type Template = readonly { readonly type: number; readonly value?: Value }[];

/** What of a loaded PKCS #11 library is used. */
export interface Cryptoki {
  load(path: string): void;
  close(): void;
  C_Initialize(options?: { flags?: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string; serialNumber: string; flags: number };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_CloseAllSessions(slot: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Template): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Template): { type: number; value: Buffer }[];
  C_GenerateKeyPair(
    session: Handle,
    mechanism: { mechanism: number },
    publicKey: Template,
    privateKey: Template,
  ): { publicKey: Handle; privateKey: Handle };
  C_SignInit(session: Handle, mechanism: { mechanism: number }, key: Handle): void;
  C_Sign(session: Handle, data: Buffer, signature: Buffer): Buffer;
}

export interface CryptokiModule {
  readonly PKCS11: new () => Cryptoki;
}

/** Values of PKCS #11 version 2.40, header pkcs11t.h. */
export const ck = {
  flagRwSession: 0x2,
  flagSerialSession: 0x4,
  flagOsLocking: 0x2,
  tokenFinalTry: 0x20000,
  tokenPinLocked: 0x40000,
  user: 1,
  ecKeyPairGen: 0x1040,
  ecdsa: 0x1041,
  publicKey: 2,
  privateKey: 3,
  typeEc: 3,
  attribute: {
    class: 0x0,
    token: 0x1,
    private: 0x2,
    label: 0x3,
    keyType: 0x100,
    id: 0x102,
    sensitive: 0x103,
    sign: 0x108,
    verify: 0x10a,
    extractable: 0x162,
    ecParams: 0x180,
    ecPoint: 0x181,
  },
  error: {
    deviceError: 0x30,
    deviceRemoved: 0x32,
    pinIncorrect: 0xa0,
    pinInvalid: 0xa1,
    pinLength: 0xa2,
    pinExpired: 0xa3,
    pinLocked: 0xa4,
    sessionClosed: 0xb0,
    sessionHandle: 0xb3,
    tokenAbsent: 0xe0,
    alreadyLoggedIn: 0x100,
    notLoggedIn: 0x101,
    notInitialized: 0x190,
    alreadyInitialized: 0x191,
  },
} as const;

const loaded = new Map<string, Cryptoki>();

/**
 * The library at a path, initialised once for this process.
 *
 * @param load gives the npm module; itself unless given
 * @throws KeyringError token
 */
export function cryptoki(path: string, load: () => CryptokiModule = requireModule): Cryptoki {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const library = opened(path, load);
  initialise(library);
  loaded.set(path, library);
  return library;
}

/** After the library lost itself: begins anew. @throws KeyringError token */
export function initialise(library: Cryptoki): void {
  try {
    library.C_Initialize({ flags: ck.flagOsLocking });
  } catch (cause) {
    if (codeOf(cause) === ck.error.alreadyInitialized) return;
    throw new KeyringError('token', `The PKCS #11 module does not start (${nameOf(cause)}).`, { cause });
  }
}

function opened(path: string, load: () => CryptokiModule): Cryptoki {
  const module = load();
  const library = new module.PKCS11();
  try {
    library.load(path);
    return library;
  } catch (cause) {
    throw new KeyringError('token', `The PKCS #11 module ${path} cannot be loaded.`, { cause });
  }
}

function requireModule(): CryptokiModule {
  try {
    return createRequire(import.meta.url)('pkcs11js') as CryptokiModule;
  } catch (cause) {
    throw new KeyringError(
      'token',
      'Keys in a token need the native module pkcs11js, which is not built here: npm rebuild --ignore-scripts=false pkcs11js',
      { cause },
    );
  }
}

/** CKR_… of an error the library gave; undefined for others. */
export function codeOf(cause: unknown): number | undefined {
  const code: unknown = cause instanceof Error ? (cause as Error & { code?: unknown }).code : undefined;
  return typeof code === 'number' ? code : undefined;
}

function nameOf(cause: unknown): string {
  return /CKR_\w+/.exec(cause instanceof Error ? cause.message : '')?.[0] ?? 'unknown error';
}

/** What the library says, in a sentence. @param token its label */
export function tokenError(cause: unknown, token: string): KeyringError {
  if (cause instanceof KeyringError) return cause;
  switch (codeOf(cause)) {
    case ck.error.pinIncorrect:
    case ck.error.pinInvalid:
    case ck.error.pinLength:
      return new KeyringError('token-pin', `The token "${token}" refuses the PIN; it was tried once.`, { cause });
    case ck.error.pinLocked:
      return new KeyringError('token-pin', `The PIN of the token "${token}" is locked.`, { cause });
    case ck.error.pinExpired:
      return new KeyringError('token-pin', `The PIN of the token "${token}" has expired.`, { cause });
    case ck.error.tokenAbsent:
    case ck.error.deviceRemoved:
      return new KeyringError('token', `The token "${token}" is not there.`, { cause });
    default:
      return new KeyringError('token', `The token "${token}" failed (${nameOf(cause)}).`, { cause });
  }
}
