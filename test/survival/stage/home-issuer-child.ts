/** The issuer of a home in a process of its own, to be killed at any step of a request. @see HomeIssuer */
import type { FastifyInstance } from 'fastify';
import { issuerServer } from '../../../host/issuer/http/server.js';
import { reconcile } from '../../../host/issuer/jobs/reconcile.js';
import { openIssuer } from '../../../host/issuer/open.js';
import { schemeOf } from '../../../host/issuer/pki/scheme-init.js';
import { serverCredentials, tlsKeys } from '../../../host/issuer/pki/tls.js';
import { systemClock } from '../../../host/protocol/codec/time.js';
import { Home } from '../../../host/terminal/home.js';
import { watchStatements } from './statements.js';
import { Steps } from './steps.js';

/** What the parent sends first. */
export interface IssuerOrders {
  readonly home: string;
  /** postgres://…; the embedded store of the home without it. */
  readonly database?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What it is asked later. */
export type IssuerQuestion =
  /** Steps count from now; killed at that one, or at none. */
  | { readonly ask: 'steps'; readonly dieAt?: number }
  /** Which were passed since? */
  | { readonly ask: 'passed' }
  | { readonly ask: 'books' };

export type IssuerWord =
  | { readonly tell: 'listening'; readonly url: string }
  | { readonly tell: 'steps' }
  | { readonly tell: 'passed'; readonly names: readonly string[] }
  /** What does not agree; empty where all does. */
  | { readonly tell: 'books'; readonly wrong: readonly string[] }
  | { readonly tell: 'died'; readonly step: string };

const tell = (word: IssuerWord): void => void process.send?.(word);
const steps = new Steps((step) => tell({ tell: 'died', step }));
/** What is asked just now: terminals of one installation ask one after the other. */
let request = '';

process.once('message', (orders: IssuerOrders) => void serve(orders));
// nobody is left to serve
process.once('disconnect', () => process.exit(0));

async function serve({ home: folder, database, port }: IssuerOrders): Promise<void> {
  const home = new Home(folder);
  const opened = await openIssuer(home, database === undefined ? {} : { databaseUrl: database });
  const now = systemClock();
  const tls = serverCredentials(home, tlsKeys(home, schemeOf(home).id, now), ['127.0.0.1'], now);
  const server = issuerServer(opened.issuer, opened.port, { tls });
  watchRequests(server);
  watchStatements((verb) => {
    if (request !== '') steps.pass(`${request}: ${verb}`);
  });
  const url = await server.listen({ host: '127.0.0.1', port });
  process.on('message', (question: IssuerQuestion) => {
    switch (question.ask) {
      case 'steps':
        steps.dieAt(question.dieAt ?? Infinity);
        return tell({ tell: 'steps' });
      case 'passed':
        return tell({ tell: 'passed', names: [...steps.names] });
      case 'books':
        return void reconcile(opened.issuer).then((books) => tell({ tell: 'books', wrong: wrongIn(books) }));
    }
  });
  tell({ tell: 'listening', url });
}

type Books = Awaited<ReturnType<typeof reconcile>>;

function wrongIn({ holds, differences, findings, equations }: Books): string[] {
  const unequal = equations.filter((one) => !one.holds).map((one) => `${one.unit.name}: ${one.owed}, held ${one.held}`);
  const found = findings.map((finding) => JSON.stringify(finding));
  return [...differences, ...found, ...unequal, ...(holds || unequal.length > 0 ? [] : ['the books do not hold [M1]'])];
}

/** A question is there; its answer is about to leave; it has left. */
function watchRequests(server: FastifyInstance): void {
  server.addHook('preHandler', (asked, _reply, done) => {
    request = asked.url.slice(asked.url.lastIndexOf('/') + 1);
    steps.pass(`${request}: arrived`);
    done();
  });
  server.addHook('onSend', (_request, _reply, payload, done) => {
    if (request !== '') steps.pass(`${request}: about to answer`);
    done(null, payload);
  });
  server.addHook('onResponse', (_request, _reply, done) => {
    if (request !== '') steps.pass(`${request}: answered`);
    request = '';
    done();
  });
}
