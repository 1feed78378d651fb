/** `POST /v1/enrol`: the one thing a terminal without a certificate may ask, and only with a token. */
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problems.js';
import { enrolPath, enrolWire } from '../../protocol/issuer/wire.js';
import { schemeToJson } from '../../protocol/scheme.js';
import { toPem } from '../pki/x509.js';
import type { Issuer } from '../service/context.js';
import { enrolTerminal } from '../service/enrolment.js';
import type { Enroller } from '../service/enrolment.js';
import { decoded, encoded, jsonIn } from './validate.js';

/** @param enroller throws where the keys that certify are not kept here */
export function enrolmentRoute(server: FastifyInstance, issuer: Issuer, enroller: (() => Enroller) | undefined): void {
  server.post(enrolPath, async ({ body }, reply) => {
    if (enroller === undefined)
      throw new HttpProblem('not-found', 'Terminals are not enrolled here: the acquirer keeps his keys elsewhere.');
    const request = decoded(enrolWire.request, jsonIn(Buffer.isBuffer(body) ? body : new Uint8Array()));
    const certifying = enroller();
    const { terminalId, terminalCertificate, connectionCertificate } = await enrolTerminal(issuer, certifying, request);
    const answer = {
      terminalId,
      terminalCertificate,
      connectionCertificate: toPem('CERTIFICATE', connectionCertificate),
      ca: toPem('CERTIFICATE', certifying.authority.certificate),
      scheme: { ...schemeToJson(issuer.scheme) },
    };
    return reply.send(encoded(enrolWire.answer, answer));
  });
}
