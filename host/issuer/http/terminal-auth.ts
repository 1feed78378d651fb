/**
 * Who is asking: a terminal with a certificate of this scheme, proved by its signature over this very request. Plain HTTP shows
 * requests to whoever listens, so a TLS proxy belongs in front; mutual TLS with X.509 certificates takes this place later.
 */
import { verifyNative } from '../../protocol/crypto/native.js';
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { toHex } from '../../protocol/codec/bytes.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import { readCredentials, requestTolerance, verifyRequest } from '../../protocol/issuer/request-auth.js';
import type { HttpRequest, RequestCredentials } from '../../protocol/issuer/request-auth.js';
import type { Issuer } from '../service/context.js';
import { registerTerminal, verifiedTerminal } from '../service/terminals.js';

/** Before the body is read: certificate and time; the signature is still to be checked. */
export interface ClaimedTerminal {
  readonly certificate: TerminalCertificate;
  readonly credentials: RequestCredentials;
}

/** Nonces remembered at once; beyond that the issuer is flooded and says so. */
const mostNonces = 100_000;

export class TerminalAuthenticator {
  /** "terminal id nonce" → time after which the request would be too old anyway. */
  readonly #nonces = new Map<string, number>();
  readonly #registered = new Set<string>();

  constructor(private readonly issuer: Issuer) {}

  /** @throws IssuerError unknown-terminal */
  claim(header: (name: string) => string | undefined): ClaimedTerminal {
    const credentials = readCredentials(header);
    if (credentials === undefined) throw unauthenticated('The request carries no proof of a terminal.');
    const now = this.issuer.clock();
    if (Math.abs(credentials.time - now) > requestTolerance)
      throw unauthenticated(`The request's time is more than ${requestTolerance} seconds away from the issuer's.`);
    try {
      return { certificate: verifiedTerminal(this.issuer, credentials.certificate, now), credentials };
    } catch (cause) {
      throw unauthenticated(cause instanceof Error ? cause.message : 'The certificate does not hold.', cause);
    }
  }

  /** The signature over the whole request, once. @throws IssuerError unknown-terminal, conflict, rejected, busy */
  async prove({ certificate, credentials }: ClaimedTerminal, request: HttpRequest): Promise<void> {
    const { terminalId, point } = certificate;
    const sender = { scheme: this.issuer.scheme.id, terminalId, point };
    if (!verifyRequest(request, credentials, sender, verifyNative))
      throw unauthenticated('The signature of the request does not hold.');
    this.#useNonce(toHex(terminalId), toHex(credentials.nonce));
    await this.#register(certificate);
  }

  #useNonce(terminalId: string, nonce: string): void {
    const now = this.issuer.clock();
    const name = `${terminalId} ${nonce}`;
    if (this.#nonces.has(name)) throw unauthenticated('This request was sent before.');
    // insertion order is time order: the oldest come first
    for (const [old, until] of this.#nonces) {
      if (until > now) break;
      this.#nonces.delete(old);
    }
    if (this.#nonces.size >= mostNonces) throw new IssuerError('busy', 'Too many requests at once.');
    this.#nonces.set(name, now + 2 * requestTolerance);
  }

  async #register(certificate: TerminalCertificate): Promise<void> {
    const known = toHex(certificate.bytes);
    if (!this.#registered.has(known)) await registerTerminal(this.issuer.store.db, certificate);
    this.#registered.add(known);
    const { revoked_at } = await this.issuer.store.db
      .selectFrom('terminal')
      .select('revoked_at')
      .where('terminal_id', '=', toHex(certificate.terminalId))
      .executeTakeFirstOrThrow();
    if (revoked_at !== null) throw unauthenticated('The terminal was revoked.');
  }
}

function unauthenticated(message: string, cause?: unknown): IssuerError {
  return new IssuerError('unknown-terminal', message, cause === undefined ? undefined : { cause });
}
