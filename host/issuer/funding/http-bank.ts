/**
 * A bank behind an address: JSON over HTTPS (docs/operations.md has the wire). Every question carries the key of the deed as
 * `Idempotency-Key`, so it may be asked again; only an answer that names this key and says yes or no counts. Anything else,
 * silence, an error, another's answer, nonsense, is no answer: asked again, and in the end `unknown`, which leaves the load pending.
 */
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { moneyToJson } from '../../protocol/codec/money.js';
import { currentTrace } from '../ops/trace.js';
import { traceHeader, traceparent } from '../../protocol/issuer/trace-context.js';
import { systemRandom } from '../../protocol/crypto/random.js';
import type { FundingAnswer, FundingPort, FundingRequest } from './port.js';

export interface HttpBankOptions {
  /** https://…; the deeds are addresses below it. */
  readonly url: string;
  /** Sent as a bearer token (RFC 6750). */
  readonly token?: string;
  /** PEM; default: what Node trusts. */
  readonly ca?: string;
  /** Milliseconds for one attempt. All attempts together stay below the port's patience. */
  readonly timeout?: number;
  readonly attempts?: number;
}

type Deed = 'charges' | 'give-backs' | 'pay-outs';

/** Longest answer that is read, in bytes. */
const answerLimit = 16 * 1024;
/** Milliseconds before the second attempt; twice as long before each further one. */
const firstPause = 100;

const answerForm = z.object({ key: z.string(), answer: z.enum(['yes', 'no']) });

export class HttpBank implements FundingPort {
  readonly #agent: Agent;

  constructor(private readonly options: HttpBankOptions) {
    const { ca } = options;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 16,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
    });
  }

  charge(question: FundingRequest): Promise<FundingAnswer> {
    return this.#ask('charges', question);
  }

  giveBack(question: FundingRequest): Promise<FundingAnswer> {
    return this.#ask('give-backs', question);
  }

  payOut(question: FundingRequest): Promise<FundingAnswer> {
    return this.#ask('pay-outs', question);
  }

  async #ask(deed: Deed, question: FundingRequest): Promise<FundingAnswer> {
    const { attempts = 3 } = this.options;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#attempt(deed, question).catch((): FundingAnswer => 'unknown');
      if (answer !== 'unknown' || attempt >= attempts) return answer;
      await pause(firstPause * 2 ** (attempt - 1));
    }
  }

  async #attempt(deed: Deed, { key, account, money }: FundingRequest): Promise<FundingAnswer> {
    const body = JSON.stringify({ key, account, money: moneyToJson(money) });
    const { status, text } = await this.#post(deed, key, body);
    if (status !== 200) return 'unknown';
    const said = answerForm.parse(JSON.parse(text));
    return said.key === key ? said.answer : 'unknown';
  }

  #post(deed: Deed, key: string, body: string): Promise<{ status: number; text: string }> {
    const { url, token, timeout = 2_500 } = this.options;
    const trace = currentTrace();
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      // draft-ietf-httpapi-idempotency-key-header: a string of RFC 8941; keys are hexadecimal digits and a slash
      'idempotency-key': `"${key}"`,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(trace === undefined ? {} : { [traceHeader]: traceparent(trace, systemRandom) }),
    };
    const target = new URL(deed, url.endsWith('/') ? url : `${url}/`);
    const options = { method: 'POST', agent: this.#agent, headers, signal: AbortSignal.timeout(timeout) };
    return new Promise((resolve, reject) => {
      const sent = request(target, options, (response) => void whole(response).then(resolve, reject));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

async function whole(response: IncomingMessage): Promise<{ status: number; text: string }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > answerLimit) throw new Error('the answer is too long');
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') };
}
