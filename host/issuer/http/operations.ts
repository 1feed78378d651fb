/** For whoever runs the server: is it alive, can it work, and its figures. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { requirePermission } from '../operator/permissions.js';
import { authenticated } from '../operator/server.js';
import type { Metrics } from '../ops/metrics.js';
import type { Issuer } from '../service/context.js';
import type { ClockGuard } from '../service/clock-guard.js';
import { checkClock } from './limits.js';

export function operationRoutes(server: FastifyInstance, issuer: Issuer, guard: ClockGuard, metrics: Metrics): void {
  // the process answers: whether it can work is another question, and no reason to end it
  server.get('/health/live', () => Promise.resolve({ status: 'ok' }));
  server.get('/health/ready', async () => {
    await sql`select 1`.execute(issuer.store.db);
    await checkClock(guard);
    return { status: 'ok' };
  });
  server.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) requirePermission((await authenticated(issuer, request)).role, 'metrics.read');
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** On this machine, where no proxy stands in between and speaks for others. */
function isLocal({ ip, headers }: FastifyRequest): boolean {
  const proxied = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return !proxied && (ip === '127.0.0.1' || ip === '::1' || ip === '::ffff:127.0.0.1');
}
