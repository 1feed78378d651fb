/**
 * Who is asking: the terminal of the client certificate with which the connection was opened. TLS has proved that the peer holds
 * the key; here it is judged whose key that is, by the issuer's own clock and for every request, so that neither an open
 * connection nor a resumed session outlives a revocation or the certificate.
 */
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { fromHex } from '../../protocol/codec/bytes.js';
import { formatTime } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { Role, roleNames } from '../../protocol/generated/enums.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { IssuerMethod } from '../../protocol/issuer/wire.js';
import { schemeName } from '../pki/tls.js';
import type { Issuer } from '../service/context.js';

export interface AuthenticatedTerminal {
  /** 8 bytes. */
  readonly terminalId: Uint8Array;
  readonly role: Role;
}

/** What a certificate of the back office's CA says. */
interface CertifiedTerminal extends AuthenticatedTerminal {
  readonly effective: Seconds;
  readonly expiry: Seconds;
}

/** Extended key usage clientAuth, RFC 5280 section 4.2.1.12. */
const clientAuth = '1.3.6.1.5.5.7.3.2';

export class TerminalAuthenticator {
  readonly #ca: X509Certificate;
  /** Certificates that hold but for time and revocation, by connection. */
  readonly #judged = new WeakMap<Socket, CertifiedTerminal>();

  /**
   * @param ca certificate of the back office's CA, PEM
   * @param refresh reads certificates that were issued since the server started; the terminal may be among them
   */
  constructor(
    private readonly issuer: Issuer,
    ca: string,
    private readonly refresh: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#ca = new X509Certificate(ca);
  }

  /** Certificate, signature and time, without asking the store. @throws IssuerError unknown-terminal */
  identify(socket: Socket): AuthenticatedTerminal {
    const terminal = this.#judged.get(socket) ?? this.#judge(socket);
    this.#judged.set(socket, terminal);
    const now = this.issuer.clock();
    if (now > terminal.expiry)
      throw unauthenticated(`The certificate of the connection ran out at ${formatTime(terminal.expiry)}.`);
    if (now < terminal.effective)
      throw unauthenticated(`The certificate of the connection is not valid before ${formatTime(terminal.effective)}.`);
    return terminal;
  }

  /**
   * Known here, in this role, and not revoked by now.
   *
   * @param method what a revoked terminal sold before is still owed: it may hand in batches
   * @throws IssuerError unknown-terminal
   */
  async admit(terminal: AuthenticatedTerminal, method: IssuerMethod): Promise<void> {
    const id = Buffer.from(terminal.terminalId).toString('hex');
    let row = await this.#row(id);
    if (row === undefined || this.issuer.clock() >= Number(row.expiry)) {
      await this.refresh();
      row = await this.#row(id);
    }
    if (row === undefined) throw unauthenticated(`The terminal ${id} is not registered here.`);
    if (row.role !== terminal.role) throw unauthenticated(`The terminal ${id} is registered in another role.`);
    if (row.revoked_at !== null && method !== 'uploadBatch') throw unauthenticated('The terminal was revoked.');
  }

  #row(id: string): Promise<{ role: number; expiry: bigint; revoked_at: bigint | null } | undefined> {
    return this.issuer.store.db
      .selectFrom('terminal')
      .select(['role', 'expiry', 'revoked_at'])
      .where('terminal_id', '=', id)
      .executeTakeFirst();
  }

  #judge(socket: Socket): CertifiedTerminal {
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    if (certificate === undefined) throw unauthenticated('The connection shows no certificate of a terminal.');
    if (!certificate.checkIssued(this.#ca) || !certificate.verify(this.#ca.publicKey))
      throw unauthenticated('The certificate of the connection is not of this scheme.');
    // a CA that is none is no terminal, nor is a server
    const uses: readonly string[] = certificate.keyUsage;
    if (certificate.ca || !uses.includes(clientAuth))
      throw unauthenticated('The certificate of the connection is none for terminals.');
    return { ...this.#subject(certificate), ...validityOf(certificate) };
  }

  #subject({ subject }: X509Certificate): AuthenticatedTerminal {
    const scheme = schemeName(this.issuer.scheme.id);
    const [, organization, unit, id] = /^O=(.*)\nOU=(.*)\nCN=([0-9a-f]{16})$/.exec(subject) ?? [];
    const role = Object.values(Role).find((value) => roleNames[value] === unit);
    if (organization !== scheme || role === undefined || id === undefined)
      throw unauthenticated('The certificate of the connection names no terminal of this scheme.');
    return { terminalId: fromHex(id), role };
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): { effective: Seconds; expiry: Seconds } {
  return { effective: Date.parse(validFrom) / 1000, expiry: Date.parse(validTo) / 1000 };
}

function unauthenticated(message: string): IssuerError {
  return new IssuerError('unknown-terminal', message);
}
