/** A back office CA in memory, and requests by hand, so that any part of them can be wrong. */
import { request } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { certifyClient, certifyServer, makeAuthority, privatePem } from '../../host/issuer/pki/tls.js';
import type { TlsAuthority, TlsCredentials } from '../../host/issuer/pki/tls.js';
import { issueX509, toPem } from '../../host/issuer/pki/x509.js';
import type { CertificateOrder } from '../../host/issuer/pki/x509.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import type { Seconds } from '../../host/protocol/codec/time.js';
import { generatePrivateKey, pointOf } from '../../host/protocol/crypto/ecdsa.js';
import { nativeSigner } from '../../host/protocol/crypto/native.js';
import type { Role } from '../../host/protocol/generated/enums.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import type { TerminalTls } from '../../host/terminal/tls.js';

/** Servers are judged by the machine's clock, terminals by the issuer's. */
export class TestTls {
  readonly authority: TlsAuthority;
  readonly #clients = new Map<TerminalIdentity, TerminalTls>();

  constructor(readonly scheme: number) {
    this.authority = makeAuthority(scheme, nativeSigner(generatePrivateKey()), systemClock());
  }

  get ca(): string {
    return toPem('CERTIFICATE', this.authority.certificate);
  }

  server(names: readonly string[] = ['localhost', '127.0.0.1'], at = systemClock()): TlsCredentials {
    const key = generatePrivateKey();
    const certificate = certifyServer(this.authority, pointOf(key), names, at);
    return { key: privatePem(key), cert: toPem('CERTIFICATE', certificate), ca: this.ca };
  }

  /** The connection of a terminal, the same each time. @param at when it was certified */
  of(identity: TerminalIdentity, at: Seconds): TerminalTls {
    const { terminalId, role } = identity.certificate;
    const tls = this.#clients.get(identity) ?? this.client({ terminalId, role }, at);
    this.#clients.set(identity, tls);
    return tls;
  }

  client(terminal: { terminalId: Uint8Array; role: Role }, at: Seconds, lifetime?: Seconds): TerminalTls {
    const key = generatePrivateKey();
    const certificate = certifyClient(this.authority, { ...terminal, point: pointOf(key) }, at, lifetime);
    return { key: privatePem(key), certificate: toPem('CERTIFICATE', certificate), ca: this.ca };
  }

  /** A certificate of this CA that says whatever the test wants. */
  odd(at: Seconds, order: Pick<CertificateOrder, 'subject' | 'purpose'>): TerminalTls {
    const key = generatePrivateKey();
    const issuer = { organization: `epurse scheme ${this.scheme}`, common: 'back office CA' };
    const validity = { effective: at - 60, expiry: at + 3600 };
    const der = issueX509({ ...order, issuer, point: pointOf(key), ...validity }, this.authority.signer);
    return { key: privatePem(key), certificate: toPem('CERTIFICATE', der), ca: this.ca };
  }
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of JSON; empty for an empty body. */
  readonly json: Record<string, unknown>;
}

export interface Asked {
  readonly url: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: Partial<TerminalTls>;
}

/** One request on a connection of its own. */
export function ask({ url, method = 'POST', path, body = '', headers = {}, tls = {} }: Asked): Promise<Answered> {
  const options: RequestOptions = {
    method,
    headers,
    agent: false,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const type = response.headers['content-type'] ?? '';
        const json = /json/.test(type) && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
        resolve({ status: response.statusCode ?? 0, type, headers: response.headers, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
