/**
 * The issuer over HTTP. Every request carries the terminal's signature; what matters in the answers is signed by the issuer's
 * own keys and checked by the flows. Repeating a call is harmless, so one that got no answer is tried again.
 */
import { z } from 'zod';
import { systemClock } from '../protocol/codec/time.js';
import type { Clock } from '../protocol/codec/time.js';
import { systemRandom } from '../protocol/crypto/random.js';
import type { Random } from '../protocol/crypto/random.js';
import { IssuerError } from '../protocol/issuer/port.js';
import type { IssuerPort } from '../protocol/issuer/port.js';
import { signRequest } from '../protocol/issuer/request-auth.js';
import { issuerMethods, issuerPath, issuerWire, problem } from '../protocol/issuer/wire.js';
import type { IssuerMethod } from '../protocol/issuer/wire.js';
import type { TerminalIdentity } from '../protocol/session/session.js';

export interface HttpIssuerOptions {
  /** Such as http://127.0.0.1:8080. */
  readonly url: string;
  readonly scheme: number;
  readonly identity: TerminalIdentity;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Milliseconds for one attempt; longer than the issuer waits for its bank. */
  readonly patience?: number;
  /** Attempts where no answer came. */
  readonly attempts?: number;
  readonly fetch?: typeof fetch;
}

/** The port of an issuer that runs elsewhere. Every method may fail with IssuerError. */
export function httpIssuer(options: HttpIssuerOptions): IssuerPort {
  const methods = issuerMethods.map(
    (method) => [method, (request: unknown) => call(options, method, request)] as const,
  );
  // the table of the wire names each method of the port, with the types of both sides
  return Object.fromEntries(methods) as unknown as IssuerPort;
}

async function call(options: HttpIssuerOptions, method: IssuerMethod, request: unknown): Promise<unknown> {
  const { request: requestSchema, answer } = issuerWire[method];
  const body = new TextEncoder().encode(JSON.stringify(z.encode(requestSchema as z.ZodType, request)));
  const attempts = options.attempts ?? 2;
  for (let attempt = 1; ; attempt++) {
    try {
      return await answered(await send(options, issuerPath(method), body), answer as z.ZodType);
    } catch (error) {
      const again = error instanceof IssuerError && error.code === 'unreachable' && attempt < attempts;
      if (!again) throw error;
    }
  }
}

async function send(options: HttpIssuerOptions, path: string, body: Uint8Array): Promise<Response> {
  const { url, scheme, identity, clock = systemClock, random = systemRandom, patience = 20_000 } = options;
  const { terminalId, bytes: certificate } = identity.certificate;
  const sender = { scheme, terminalId, certificate, signer: identity.signer };
  const target = new URL(path, url);
  // a nonce serves one request, so each attempt has its own
  const headers = signRequest({ method: 'POST', target: target.pathname, body }, sender, clock(), random(16));
  try {
    return await (options.fetch ?? fetch)(target, {
      method: 'POST',
      body: Buffer.from(body),
      headers: { ...headers, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(patience),
      redirect: 'error',
    });
  } catch (cause) {
    throw new IssuerError('unreachable', `The issuer at ${url} does not answer.`, { cause });
  }
}

async function answered(response: Response, schema: z.ZodType): Promise<unknown> {
  const text = await response.text().catch((cause: unknown) => {
    throw new IssuerError('unreachable', 'The issuer’s answer broke off.', { cause });
  });
  if (!response.ok) throw problemIn(response.status, text);
  if (response.status === 204) return undefined;
  try {
    return z.decode(schema, JSON.parse(text));
  } catch (cause) {
    throw new IssuerError('internal', 'The issuer gave an answer that cannot be read.', { cause });
  }
}

/** A problem document of the issuer; anything else is some other server, or a proxy without an issuer behind it. */
function problemIn(status: number, text: string): IssuerError {
  try {
    const { code, detail, title } = problem.parse(JSON.parse(text));
    return new IssuerError(code, detail ?? title);
  } catch {
    return new IssuerError(
      status >= 500 ? 'unreachable' : 'internal',
      `The issuer answered with HTTP status ${status}.`,
    );
  }
}
