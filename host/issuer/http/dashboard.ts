/**
 * The dashboard's files, as vite built them. Browsers are told to run what came from here and nothing else: no inline script or
 * style, no other host, no frame around it. A name in a card's data that is meant to be code stays a name.
 */
import staticFiles from '@fastify/static';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problems.js';

export const dashboardPath = '/dashboard/';

/** Where the build puts the files, seen from the compiled server. */
export const builtDashboard = fileURLToPath(new URL('../../../dashboard', import.meta.url));

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Names of files below assets/ carry a hash of what is in them. */
const forEver = 'public, max-age=31536000, immutable';

/** @param folder what `npm run build:dashboard` wrote; where it is missing, requests say so */
export async function dashboardPages(server: FastifyInstance, folder: string): Promise<void> {
  server.get('/', (_request, reply) => reply.redirect(dashboardPath));
  server.get(dashboardPath.slice(0, -1), (_request, reply) => reply.redirect(dashboardPath));
  if (!existsSync(join(folder, 'index.html'))) {
    server.get(`${dashboardPath}*`, () => {
      throw new HttpProblem(
        'not-found',
        'The dashboard is not built: ./epurse issuer serve builds it at its next start.',
      );
    });
    return;
  }
  await server.register(staticFiles, {
    root: folder,
    prefix: dashboardPath,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      for (const [name, value] of Object.entries(pageHeaders)) reply.setHeader(name, value);
      reply.setHeader('cache-control', path.includes(`${sep}assets${sep}`) ? forEver : 'no-cache');
    },
  });
}
