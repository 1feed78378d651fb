/** HTTPS with the terminal's own certificate, to servers of the scheme's CA alone; what can go wrong, in words. */
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { IssuerError } from '../protocol/issuer/port.js';
import type { TerminalTls } from './tls.js';

/** An answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpQuestion {
  readonly target: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Milliseconds until the answer is there, connecting included. */
  readonly patience: number;
}

/** One POST. @throws IssuerError unreachable: nothing came back, or from somebody who is not the issuer */
export type Exchange = (question: HttpQuestion) => Promise<HttpAnswer>;

/** Largest answer read, bytes: a hot list of the largest size in hexadecimal. */
const answerLimit = 80 * 1024 * 1024;

/** A terminal without a certificate, which has a token instead, connects with the CA alone. */
export type Connecting = TerminalTls | Pick<TerminalTls, 'ca'>;

/** Connections stay open between questions, and keep no process alive. */
export function httpsExchange(tls: Connecting): Exchange {
  const own = 'key' in tls ? { key: tls.key, cert: tls.certificate } : {};
  const agent = new Agent({ ...own, ca: tls.ca, minVersion: 'TLSv1.3', keepAlive: true, maxSockets: 4 });
  return (question) => exchanged(agent, question);
}

function exchanged(agent: Agent, { target, headers, body, patience }: HttpQuestion): Promise<HttpAnswer> {
  if (target.protocol !== 'https:')
    return Promise.reject(new IssuerError('unreachable', `${target.origin} is no https address.`));
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(new IssuerError('unreachable', sentence(target, cause), { cause }));
    const length = String(body.length);
    const sent = request(
      target,
      {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': length },
        signal: AbortSignal.timeout(patience),
      },
      (response) => void whole(response).then(resolve, fail),
    );
    sent.on('error', fail);
    sent.end(body);
  });
}

async function whole(response: IncomingMessage): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > answerLimit) throw new Error('the answer is too long');
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') };
}

/** What OpenSSL and Node call it, and what it means to whoever stands at the terminal. */
function sentence({ origin }: URL, cause: unknown): string {
  const { code = '' } = cause as { code?: string };
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `The certificate of the issuer at ${origin} has run out, or the clock of this terminal is ahead. Nothing was sent.`;
    case 'CERT_NOT_YET_VALID':
      return `The certificate of the issuer at ${origin} is not valid yet: the clock of this terminal is behind. Nothing was sent.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of the issuer at ${origin} is for another host. Nothing was sent.`;
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'CERT_SIGNATURE_FAILURE':
    case 'INVALID_CA':
    case 'INVALID_PURPOSE':
      return `The server at ${origin} is not the issuer of this scheme, or somebody stands between. Nothing was sent.`;
    case 'EPROTO':
      return `The server at ${origin} does not speak HTTPS as an issuer does. Nothing was sent.`;
    default:
      return `The issuer at ${origin} does not answer.`;
  }
}
