/** Who a terminal is: `terminals/NAME/key.json` (secret) and `certificate.bin`, written when the scheme is made. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { parseTerminalCertificate, verifyTerminalCertificate } from '../protocol/certificates/terminal.js';
import type { TerminalCertificate } from '../protocol/certificates/terminal.js';
import { CertificateError } from '../protocol/certificates/certificate.js';
import { equalBytes, fromHex, toHex } from '../protocol/codec/bytes.js';
import type { Seconds } from '../protocol/codec/time.js';
import { softwareSigner } from '../protocol/crypto/ecdsa.js';
import { SchemeError, parseScheme } from '../protocol/scheme.js';
import type { Scheme } from '../protocol/scheme.js';
import type { TerminalIdentity } from '../protocol/session/session.js';
import { readIfThere, replaceFile } from './files.js';
import type { Home } from './home.js';
import { Failure } from './outcome.js';

/** The terminals of a home. */
export type TerminalName = 'desk' | 'kiosk' | 'pos' | (string & {});

const hex = (length: number): z.ZodType<string> => z.string().regex(new RegExp(`^[0-9a-f]{${2 * length}}$`));
const keyFile = z.strictObject({ format: z.literal('epurse-terminal-key/1'), privateKey: hex(32) });

/** Folder of a terminal, below the home. */
export function terminalFolder(name: TerminalName): readonly [string, string] {
  return ['terminals', name];
}

/** The terminals of a home, in alphabetical order. */
export function terminalNames(home: Home): string[] {
  const folder = home.path('terminals');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(home.path(...terminalFolder(name), 'certificate.bin')))
    .sort();
}

/** @param privateKey 32 bytes @param certificate as the CA issued it */
export function writeIdentity(home: Home, name: TerminalName, privateKey: Uint8Array, certificate: Uint8Array): void {
  home.makeFolder(...terminalFolder(name));
  const path = (file: string): string => home.path(...terminalFolder(name), file);
  replaceFile(
    path('key.json'),
    `${JSON.stringify({ format: 'epurse-terminal-key/1', privateKey: toHex(privateKey) })}\n`,
  );
  replaceFile(path('certificate.bin'), certificate, 0o644);
}

/** The certificate under the CA key before; none where there is no such key. */
export function writeEarlier(home: Home, name: TerminalName, certificate: Uint8Array | undefined): void {
  const path = home.path(...terminalFolder(name), earlierFile);
  if (certificate === undefined) rmSync(path, { force: true });
  else replaceFile(path, certificate, 0o644);
}

const earlierFile = 'certificate-earlier.bin';

/**
 * Reads key and certificate and checks that they belong together, to this scheme, and to this day.
 *
 * @param now undefined asks nothing of the day
 * @throws Failure home-empty, keys-unreadable, terminal-expired
 */
export function readIdentity(
  home: Home,
  name: TerminalName,
  scheme: Scheme,
  now: Seconds | undefined,
): TerminalIdentity {
  const key = readPart(home, name, 'key.json', (bytes) => keyFile.parse(JSON.parse(new TextDecoder().decode(bytes))));
  const certificate = readPart(home, name, 'certificate.bin', parseTerminalCertificate);
  const signer = softwareSigner(fromHex(key.privateKey));
  if (!equalBytes(signer.point, certificate.point)) {
    throw unreadable(`Key and certificate of the terminal "${name}" do not belong together.`);
  }
  judge(name, certificate, scheme, now ?? certificate.effective);
  const earlier = earlierOf(home, name, certificate, scheme, now ?? certificate.effective);
  return { certificate, signer, ...(earlier === undefined ? {} : { earlier }) };
}

/** Of use only while it holds: cards that need it then say that they do not know the terminal's CA. */
function earlierOf(
  home: Home,
  name: TerminalName,
  certificate: TerminalCertificate,
  scheme: Scheme,
  now: Seconds,
): TerminalCertificate | undefined {
  if (readIfThere(home.path(...terminalFolder(name), earlierFile)) === undefined) return undefined;
  const earlier = readPart(home, name, earlierFile, parseTerminalCertificate);
  if (!equalBytes(earlier.point, certificate.point) || !equalBytes(earlier.terminalId, certificate.terminalId))
    throw unreadable(`The two certificates of the terminal "${name}" do not belong together.`);
  try {
    verifyTerminalCertificate(earlier, scheme.keys, now);
    return earlier;
  } catch (cause) {
    if (cause instanceof CertificateError) return undefined;
    throw cause;
  }
}

/** `scheme.json` of a home, verified. @throws Failure home-empty, keys-unreadable */
export function readScheme(home: Home): Scheme {
  const content = readIfThere(home.path('scheme.json'));
  if (content === undefined) {
    throw new Failure('home-empty', `There is no scheme in ${home.folder} yet.`, {
      next: './epurse scheme init makes one.',
    });
  }
  try {
    return parseScheme(new TextDecoder().decode(content));
  } catch (cause) {
    if (cause instanceof SchemeError) throw unreadable(cause.message, cause);
    throw cause;
  }
}

function judge(name: TerminalName, certificate: TerminalCertificate, scheme: Scheme, now: Seconds): void {
  try {
    verifyTerminalCertificate(certificate, scheme.keys, now);
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    switch (cause.code) {
      case 'expired':
        throw new Failure(
          'terminal-expired',
          `The certificate of the terminal "${name}" has run out, or the clock of this terminal is ahead. ${cause.message}`,
          {
            next: `Look at the clock; where it is right, ./epurse scheme renew ${name} makes a new certificate.`,
            cause,
          },
        );
      case 'not-yet-valid':
        throw new Failure('clock-implausible', `The clock of this terminal is behind. ${cause.message}`, {
          next: 'Set the clock.',
          cause,
        });
      case 'encoding':
      case 'field':
      case 'authority':
      case 'signature':
        throw unreadable(`The certificate of the terminal "${name}" does not hold. ${cause.message}`, cause);
    }
  }
}

function readPart<T>(home: Home, name: TerminalName, file: string, read: (bytes: Uint8Array) => T): T {
  const path = home.path(...terminalFolder(name), file);
  let content: Uint8Array | undefined;
  try {
    content = readIfThere(path);
  } catch (cause) {
    throw unreadable(`${path} cannot be read.`, cause);
  }
  if (content === undefined) {
    throw new Failure('home-empty', `The terminal "${name}" has no ${file}.`, {
      next: './epurse scheme init makes the terminals.',
    });
  }
  try {
    return read(content);
  } catch (cause) {
    throw unreadable(`${path} cannot be read: it was changed or damaged.`, cause);
  }
}

function unreadable(message: string, cause?: unknown): Failure {
  return new Failure('keys-unreadable', message, {
    next: 'Restore the home folder from a copy.',
    ...(cause === undefined ? {} : { cause }),
  });
}
