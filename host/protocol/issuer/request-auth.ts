/**
 * How a terminal proves an HTTP request to the issuer: its certificate and a signature over method, target, body, time and a
 * nonce (structure `requestAuthentication`), in four headers. Answers need none of this: whatever matters in them is signed by
 * the issuer's own keys. Pure; both sides use it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, toHex } from '../codec/bytes.js';
import type { Seconds } from '../codec/time.js';
import { verifyEcdsa } from '../crypto/ecdsa.js';
import type { Signer, Verifier } from '../crypto/ecdsa.js';
import type { RequestAuthenticationFields } from '../generated/structures.js';
import { signRequestAuthentication, verifyRequestAuthentication } from '../signed/request-authentication.js';

/** Names of the headers, in lower case as HTTP/2 and Node have them. Byte strings are hexadecimal, the time is decimal seconds. */
export const requestHeaders = {
  certificate: 'epurse-certificate',
  time: 'epurse-time',
  nonce: 'epurse-nonce',
  signature: 'epurse-signature',
} as const;

/** A request's clock may be this far from the issuer's; a nonce is remembered for twice as long. */
export const requestTolerance: Seconds = 300;

export interface HttpRequest {
  /** Such as POST. */
  readonly method: string;
  /** Path with query, as sent. */
  readonly target: string;
  /** As sent; empty for none. */
  readonly body: Uint8Array;
}

export interface RequestSender {
  readonly scheme: number;
  /** 8 bytes. */
  readonly terminalId: Uint8Array;
  /** The terminal's certificate, at most 239 bytes. */
  readonly certificate: Uint8Array;
  readonly signer: Signer;
}

/** What the headers of a request say, not judged yet. */
export interface RequestCredentials {
  readonly certificate: Uint8Array;
  readonly time: Seconds;
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  readonly signature: Uint8Array;
}

/** @param nonce 16 fresh random bytes @returns headers by name */
export function signRequest(
  request: HttpRequest,
  { scheme, terminalId, certificate, signer }: RequestSender,
  time: Seconds,
  nonce: Uint8Array,
): Record<string, string> {
  const signature = signRequestAuthentication(fieldsOf(request, scheme, terminalId, time, nonce), signer);
  return {
    [requestHeaders.certificate]: toHex(certificate),
    [requestHeaders.time]: String(time),
    [requestHeaders.nonce]: toHex(nonce),
    [requestHeaders.signature]: toHex(signature),
  };
}

/** @param header gives a header's value by name @returns undefined where one is missing or malformed */
export function readCredentials(header: (name: string) => string | undefined): RequestCredentials | undefined {
  const time = header(requestHeaders.time);
  const certificate = hex(header(requestHeaders.certificate), 1, 239);
  const nonce = hex(header(requestHeaders.nonce), 16, 16);
  const signature = hex(header(requestHeaders.signature), 1, 72);
  if (time === undefined || !/^\d{1,10}$/.test(time)) return undefined;
  if (certificate === undefined || nonce === undefined || signature === undefined) return undefined;
  return { certificate, nonce, signature, time: Number(time) };
}

/** Does the signature hold? Certificate, time and nonce are the caller's to judge. @param point of the certificate */
export function verifyRequest(
  request: HttpRequest,
  credentials: RequestCredentials,
  sender: { readonly scheme: number; readonly terminalId: Uint8Array; readonly point: Uint8Array },
  verifier: Verifier = verifyEcdsa,
): boolean {
  const { time, nonce, signature } = credentials;
  if (time > 0xffff_ffff) return false;
  const fields = fieldsOf(request, sender.scheme, sender.terminalId, time, nonce);
  return verifyRequestAuthentication(fields, signature, sender.point, verifier);
}

function fieldsOf(
  { method, target, body }: HttpRequest,
  scheme: number,
  terminalId: Uint8Array,
  time: Seconds,
  nonce: Uint8Array,
): RequestAuthenticationFields {
  const targetHash = sha256(new TextEncoder().encode(`${method} ${target}`));
  return { scheme, terminalId, targetHash, bodyHash: sha256(body), time, nonce };
}

function hex(text: string | undefined, least: number, most: number): Uint8Array | undefined {
  if (text === undefined || !/^([0-9a-f]{2})*$/.test(text)) return undefined;
  return text.length < 2 * least || text.length > 2 * most ? undefined : fromHex(text);
}
