/**
 * A terminal in a home of its own, invited by the operator of an issuer elsewhere. It makes its two keys, proves that it holds them,
 * and gets its certificates and the scheme. The keys are on disk before they are sent: a token serves once, and whoever repeats
 * a call whose answer was lost has to repeat it with the same keys.
 */
import { X509Certificate } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { CertificateError } from '../protocol/certificates/certificate.js';
import { parseTerminalCertificate, verifyTerminalCertificate } from '../protocol/certificates/terminal.js';
import type { TerminalCertificate } from '../protocol/certificates/terminal.js';
import { equalBytes, fromHex, toHex } from '../protocol/codec/bytes.js';
import { systemClock } from '../protocol/codec/time.js';
import { generatePrivateKey, softwareSigner } from '../protocol/crypto/ecdsa.js';
import { nativePrivateKey } from '../protocol/crypto/native.js';
import type { Role } from '../protocol/generated/enums.js';
import { enrolmentMessage } from '../protocol/issuer/enrolment.js';
import { SchemeError, parseScheme, schemeToJson } from '../protocol/scheme.js';
import type { Scheme } from '../protocol/scheme.js';
import { readIfThere, replaceFile } from './files.js';
import type { Home } from './home.js';
import { readScheme, terminalFolder, writeIdentity } from './identity.js';
import type { TerminalName } from './identity.js';
import { writeIssuerAddress } from './issuer-address.js';
import { enrolOverHttp } from './issuer-http.js';
import { terminalKinds } from './kinds.js';
import { Failure } from './outcome.js';
import { writeTls } from './tls.js';

export interface Enrolment {
  readonly name: TerminalName;
  /** What it is to be: a token is for one role. */
  readonly role: Role;
  /** Address of the issuer. */
  readonly url: string;
  /** Certificate of the back office CA, PEM, as the operator handed it over with the token. */
  readonly ca: string;
  /** 32 bytes. */
  readonly token: Uint8Array;
}

const draftName = 'enrolment.json';
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const draftFile = z.strictObject({ format: z.literal('epurse-enrolment/1'), cardLink: hex32, connection: hex32 });

interface Keys {
  readonly cardLink: Uint8Array;
  readonly connection: Uint8Array;
}

/** @throws Failure terminal-exists, key-refused, usage; IssuerError */
export async function enrol(home: Home, { name, role, url, ca, token }: Enrolment): Promise<TerminalCertificate> {
  const path = (file: string): string => home.path(...terminalFolder(name), file);
  if (readIfThere(path('certificate.bin')) !== undefined)
    throw new Failure('terminal-exists', `This home has a terminal "${name}" already.`, {
      next: 'Nothing was sent. Another home can be another terminal: --home DIR.',
    });
  home.makeFolder(...terminalFolder(name));
  const { cardLink, connection } = keysIn(path(draftName));
  const [terminal, client] = [softwareSigner(cardLink), softwareSigner(connection)];
  const keys = { token, cardLinkKey: terminal.point, connectionKey: client.point };
  const message = enrolmentMessage(keys);
  const request = { ...keys, cardLinkProof: terminal.sign(message), connectionProof: client.sign(message) };
  const answer = await enrolOverHttp({ url, ca }, request);

  const scheme = schemeOf(home, answer.scheme);
  const certificate = certificateIn(answer.terminalCertificate, scheme, terminal.point);
  if (certificate.role !== role) throw wrongRole(home, name, certificate.role);
  const connected = new X509Certificate(answer.connectionCertificate);
  if (!connected.checkPrivateKey(nativePrivateKey(connection)) || !connected.checkIssued(new X509Certificate(ca)))
    throw wrongAnswer('the connection certificate is not for this terminal, or of another CA');
  if (readIfThere(home.path('scheme.json')) === undefined)
    replaceFile(home.path('scheme.json'), `${JSON.stringify(schemeToJson(scheme), undefined, 2)}\n`, 0o644);
  writeTls(home, name, connection, answer.connectionCertificate, ca);
  writeIssuerAddress(home, name, url);
  writeIdentity(home, name, cardLink, answer.terminalCertificate);
  rmSync(path(draftName));
  return certificate;
}

/** The token has served with these keys, so they go where the right call will find them: it gets the same answer. */
function wrongRole(home: Home, name: TerminalName, role: Role): Failure {
  const kind = Object.entries(terminalKinds).find(([, one]) => one.role === role);
  if (kind === undefined) throw wrongAnswer(`the certificate has the role ${role}`);
  const [right, { what, command }] = kind;
  home.makeFolder(...terminalFolder(right));
  const kept = home.path(...terminalFolder(right), draftName);
  if (readIfThere(kept) === undefined) renameSync(home.path(...terminalFolder(name), draftName), kept);
  return new Failure('usage', `This token is for ${what}.`, {
    next: `Nothing was kept but its keys. Say ./epurse ${command} enrol with the same token.`,
  });
}

/** Those of an earlier try, else new ones. */
function keysIn(path: string): Keys {
  const content = readIfThere(path);
  if (content !== undefined) {
    const { cardLink, connection } = draftFile.parse(JSON.parse(new TextDecoder().decode(content)));
    return { cardLink: fromHex(cardLink), connection: fromHex(connection) };
  }
  const keys = { cardLink: generatePrivateKey(), connection: generatePrivateKey() };
  const { cardLink, connection } = keys;
  const draft = { format: 'epurse-enrolment/1', cardLink: toHex(cardLink), connection: toHex(connection) };
  replaceFile(path, `${JSON.stringify(draft)}\n`);
  return keys;
}

/** A home that has a scheme takes no other. */
function schemeOf(home: Home, json: unknown): Scheme {
  const known = readIfThere(home.path('scheme.json')) === undefined ? undefined : readScheme(home);
  try {
    return parseScheme(JSON.stringify(json), known?.rootPoint);
  } catch (cause) {
    if (!(cause instanceof SchemeError)) throw cause;
    throw wrongAnswer(cause.message, cause);
  }
}

function certificateIn(bytes: Uint8Array, scheme: Scheme, point: Uint8Array): TerminalCertificate {
  try {
    const certificate = parseTerminalCertificate(bytes);
    verifyTerminalCertificate(certificate, scheme.keys, systemClock());
    if (equalBytes(certificate.point, point)) return certificate;
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    throw wrongAnswer(cause.message, cause);
  }
  throw wrongAnswer('the certificate is for another key');
}

function wrongAnswer(why: string, cause?: unknown): Failure {
  return new Failure('key-refused', `What the issuer answered is of no use here: ${why.replace(/\.$/, '')}.`, {
    next: 'Nothing was kept of it. Check this clock and the CA file, and show this to the operator of the issuer.',
    cause,
  });
}
