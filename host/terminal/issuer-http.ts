/**
 * The issuer over HTTPS. The connection proves the terminal to the issuer and the issuer to the terminal; what matters in the
 * answers is signed by the issuer's own keys besides, and checked by the flows. Repeating a call is harmless, so one that got
 * no answer is tried again.
 */
import { z } from 'zod';
import { systemRandom } from '../protocol/crypto/random.js';
import type { Random } from '../protocol/crypto/random.js';
import type { EnrolmentRequest } from '../protocol/issuer/enrolment.js';
import { IssuerError } from '../protocol/issuer/port.js';
import type { IssuerPort } from '../protocol/issuer/port.js';
import { newTraceId, traceHeader, traceparent } from '../protocol/issuer/trace-context.js';
import {
  enrolPath,
  enrolWire,
  issuerMethods,
  issuerPath,
  issuerWire,
  portCode,
  problem,
} from '../protocol/issuer/wire.js';
import type { IssuerMethod } from '../protocol/issuer/wire.js';
import { httpsExchange } from './https.js';
import type { Exchange, HttpAnswer } from './https.js';
import type { TerminalTls } from './tls.js';

export interface HttpIssuerOptions {
  /** Such as https://127.0.0.1:8420. */
  readonly url: string;
  readonly tls: TerminalTls;
  readonly random?: Random;
  /** Milliseconds for one attempt; longer than the issuer waits for its bank. */
  readonly patience?: number;
  /** Attempts where no answer came. */
  readonly attempts?: number;
  /** In place of the network, for tests. */
  readonly exchange?: Exchange;
}

/** The port of an issuer that runs elsewhere. Every method may fail with IssuerError. */
export function httpIssuer(options: HttpIssuerOptions): IssuerPort {
  const exchange = options.exchange ?? httpsExchange(options.tls);
  const methods = issuerMethods.map(
    (method) => [method, (request: unknown) => call(options, exchange, method, request)] as const,
  );
  // the table of the wire names each method of the port, with the types of both sides
  return Object.fromEntries(methods) as unknown as IssuerPort;
}

/** A new terminal, which has a token and no certificate yet. @throws IssuerError */
export async function enrolOverHttp(
  { ca, ...options }: Omit<HttpIssuerOptions, 'tls'> & { readonly ca: string },
  request: EnrolmentRequest,
): Promise<z.output<typeof enrolWire.answer>> {
  const exchange = options.exchange ?? httpsExchange({ ca });
  const answer = await post(options, exchange, enrolPath, enrolWire, request);
  return answer as z.output<typeof enrolWire.answer>;
}

function call(options: Posting, exchange: Exchange, method: IssuerMethod, request: unknown): Promise<unknown> {
  return post(options, exchange, issuerPath(method), issuerWire[method], request);
}

type Posting = Omit<HttpIssuerOptions, 'tls'>;

async function post(
  { url, random = systemRandom, patience = 20_000, attempts = 2 }: Posting,
  exchange: Exchange,
  path: string,
  wire: { readonly request: z.ZodType; readonly answer: z.ZodType },
  request: unknown,
): Promise<unknown> {
  const body = new TextEncoder().encode(JSON.stringify(z.encode(wire.request, request)));
  if (!URL.canParse(path, url)) throw new IssuerError('unreachable', `"${url}" is not the address of an issuer.`);
  const target = new URL(path, url);
  // attempts of one call are one story
  const trace = newTraceId(random);
  for (let attempt = 1; ; attempt++) {
    const headers = { 'content-type': 'application/json', [traceHeader]: traceparent(trace, random) };
    try {
      return answered(await exchange({ target, headers, body, patience }), wire.answer);
    } catch (error) {
      const again = error instanceof IssuerError && error.code === 'unreachable' && attempt < attempts;
      if (!again) throw error;
    }
  }
}

function answered({ status, text }: HttpAnswer, schema: z.ZodType): unknown {
  if (status < 200 || status > 299) throw problemIn(status, text);
  if (status === 204) return undefined;
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
    return new IssuerError(portCode(code, status), detail ?? title);
  } catch {
    return new IssuerError(
      status >= 500 ? 'unreachable' : 'internal',
      `The issuer answered with HTTP status ${status}.`,
    );
  }
}
