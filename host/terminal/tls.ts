/** How a terminal opens connections to the issuer: `tls-key.json` (secret), `tls.pem` and `ca.pem` in the terminal's folder. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import { nativePrivateKey } from '../protocol/crypto/native.js';
import { readIfThere, replaceFile } from './files.js';
import type { Home } from './home.js';
import { terminalFolder } from './identity.js';
import type { TerminalName } from './identity.js';
import { Failure } from './outcome.js';

/** PEM throughout, as node:tls takes it. */
export interface TerminalTls {
  readonly key: string;
  readonly certificate: string;
  /** The one CA whose servers this terminal believes. */
  readonly ca: string;
}

const keyFile = z.strictObject({
  format: z.literal('epurse-terminal-key/1'),
  privateKey: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The connection key of a terminal, if it has one. @returns 32 bytes */
export function readTlsKey(home: Home, name: TerminalName): Uint8Array | undefined {
  const content = readIfThere(home.path(...terminalFolder(name), 'tls-key.json'));
  if (content === undefined) return undefined;
  return fromHex(keyFile.parse(JSON.parse(new TextDecoder().decode(content))).privateKey);
}

/** @param privateKey 32 bytes @param certificate of the terminal and @param ca of the back office, PEM */
export function writeTls(
  home: Home,
  name: TerminalName,
  privateKey: Uint8Array,
  certificate: string,
  ca: string,
): void {
  home.makeFolder(...terminalFolder(name));
  const path = (file: string): string => home.path(...terminalFolder(name), file);
  const key = { format: 'epurse-terminal-key/1', privateKey: toHex(privateKey) };
  replaceFile(path('tls-key.json'), `${JSON.stringify(key)}\n`);
  replaceFile(path('tls.pem'), certificate, 0o644);
  replaceFile(path('ca.pem'), ca, 0o644);
}

/** @throws Failure home-empty, keys-unreadable */
export function readTls(home: Home, name: TerminalName): TerminalTls {
  const text = (file: string): string => {
    const content = readIfThere(home.path(...terminalFolder(name), file));
    if (content === undefined) throw missing(name, file);
    return new TextDecoder().decode(content);
  };
  const [certificate, ca] = [text('tls.pem'), text('ca.pem')];
  try {
    const key = readTlsKey(home, name);
    if (key === undefined) throw missing(name, 'tls-key.json');
    const privateKey = nativePrivateKey(key);
    const own = new X509Certificate(certificate);
    if (!own.checkPrivateKey(privateKey) || !own.checkIssued(new X509Certificate(ca)))
      throw new Error('they do not belong together');
    return { key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, certificate, ca };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'keys-unreadable',
      `The key and certificates with which the terminal "${name}" reaches its issuer cannot be read: they were changed or damaged.`,
      { next: `./epurse scheme renew ${name} makes them anew.`, cause },
    );
  }
}

function missing(name: TerminalName, file: string): Failure {
  return new Failure('home-empty', `The terminal "${name}" has no ${file} to reach an issuer with.`, {
    next: `./epurse scheme renew ${name} makes it.`,
  });
}
