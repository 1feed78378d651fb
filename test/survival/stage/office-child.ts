/** The office in a process of its own, beside the issuer on the same database: it settles, or tells the books again. @see TerminalProcess */
import { reconcile } from '../../../host/issuer/jobs/reconcile.js';
import { settle } from '../../../host/issuer/jobs/settle.js';
import { openIssuer } from '../../../host/issuer/open.js';
import type { Issuer } from '../../../host/issuer/service/context.js';
import { Home } from '../../../host/terminal/home.js';
import { say } from './said.js';
import { watchStatements } from './statements.js';
import { Steps } from './steps.js';

/** What the parent sends first. */
export interface OfficeOrders {
  readonly home: string;
  /** postgres://… */
  readonly database: string;
  readonly task: string;
  /** Step it does not survive. */
  readonly step?: number;
}

process.once('message', (orders: OfficeOrders) => void work(orders));
// nobody is left to work for
process.once('disconnect', () => process.exit(0));

async function work({ home, database, task, step }: OfficeOrders): Promise<void> {
  const opened = await openIssuer(new Home(home), { databaseUrl: database });
  const steps = new Steps((name) => say({ say: 'died', step: name }));
  steps.dieAt(step ?? Infinity);
  watchStatements((verb) => steps.pass(verb));
  const done = await (task === 'settle' ? settled(opened.issuer) : reconciled(opened.issuer));
  steps.pass('shown');
  say({ say: 'report', report: { ...done, disturbed: false, steps: steps.names } });
  await opened.close();
  process.exit(0);
}

/** Paid, in minor units of all currencies together. */
async function settled(issuer: Issuer): Promise<{ result: string; balance: number }> {
  const { merchants } = await settle(issuer);
  return { result: 'settled', balance: merchants.reduce((sum, { paid }) => sum + Number(paid.amount), 0) };
}

async function reconciled(issuer: Issuer): Promise<{ result: string }> {
  const { holds, differences, findings } = await reconcile(issuer);
  const wrong = [...differences, ...findings.map((finding) => JSON.stringify(finding))];
  return { result: holds && wrong.length === 0 ? 'the books hold' : `wrong: ${wrong.join('; ')}` };
}
