/** The issuer's port, one POST for each method. Nothing here can create money: every method needs what cards and banks signed. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import { issuerMethods, issuerPath, issuerWire, requestLimit } from '../../protocol/issuer/wire.js';
import type { IssuerMethod } from '../../protocol/issuer/wire.js';
import type { RateCheck } from './limits.js';
import { checkOwnName, checkPermission } from './permissions.js';
import type { AuthenticatedTerminal, TerminalAuthenticator } from './terminal-auth.js';
import { decoded, encoded, jsonIn } from './validate.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the connection's certificate was judged. */
    terminal?: AuthenticatedTerminal;
  }
}

/** Everything but a batch fits easily, bytes. */
export const smallLimit = 64 * 1024;

export function terminalRoutes(
  server: FastifyInstance,
  port: IssuerPort,
  authenticator: TerminalAuthenticator,
  rate: RateCheck,
): void {
  for (const method of issuerMethods) {
    server.route({
      method: 'POST',
      url: issuerPath(method),
      bodyLimit: method === 'uploadBatch' ? requestLimit : smallLimit,
      // before the body is read: a stranger's megabytes are nobody's business
      onRequest: async (request) => {
        const terminal = authenticator.identify(request.raw.socket);
        request.terminal = terminal;
        await rate(request);
        checkPermission(method, terminal);
        await authenticator.admit(terminal, method);
      },
      handler: async (request, reply) => {
        const answer = await call(port, method, request);
        return answer === undefined ? reply.code(204).send() : reply.send(answer);
      },
    });
  }
}

/** Decodes, calls, encodes: the schemas of the wire stand on both sides of the port. */
async function call(port: IssuerPort, method: IssuerMethod, { body, terminal }: FastifyRequest): Promise<unknown> {
  if (terminal === undefined) throw new IssuerError('unknown-terminal', 'The request is that of no terminal.');
  const { request: requestSchema, answer: answerSchema } = issuerWire[method];
  const json = jsonIn(Buffer.isBuffer(body) ? body : new Uint8Array());
  const request: unknown = decoded(requestSchema, json);
  checkOwnName(request, terminal);
  const ask = port[method] as (request: unknown) => Promise<unknown>;
  return encoded(answerSchema, await ask(request));
}
