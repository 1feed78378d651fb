/** `epurse issuer show …`: one entry of the books, and what a request left in them. */
import { formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { showEvent } from '../operator/queries/ledger.js';
import { whatTraceLeft } from '../operator/queries/trace.js';
import { withIssuer } from './with-issuer.js';

export function issuerShowEvent(run: Run): Promise<Outcome> {
  const [owner = '', id = ''] = run.args;
  return withIssuer(run, async ({ issuer }) => {
    const { kind, bookedAt, seq, hash, trace, postings } = await showEvent(issuer.store.db, owner, id);
    run.out.say(`${id} of ${owner}: ${kind}, booked ${formatTime(bookedAt)}`);
    for (const { debit, credit, money } of postings)
      run.out.say(`  ${named(debit)} → ${named(credit)}  ${money.amount} ${money.unit}`);
    run.out.say(`  link ${seq} of its owner's chain, ${hash}`);
    run.out.say(`  trace ${trace ?? 'none: a command or a job booked it'}`);
    const transfers = postings.map(({ line, debit, credit, money }) => ({
      line,
      debit: { ...debit },
      credit: { ...credit },
      money: { ...money },
    }));
    return { owner, event: id, kind, bookedAt: formatTime(bookedAt), seq, hash, trace, transfers };
  });
}

function named({ account, party }: { readonly account: string; readonly party: string }): string {
  return party === '' ? account : `${account} ${party}`;
}

export function issuerShowTrace(run: Run): Promise<Outcome> {
  const trace = (run.args[0] ?? '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(trace))
    throw new Failure('usage', `"${run.args[0] ?? ''}" is no trace id: it has 32 hexadecimal digits.`, {
      next: 'Take it from a refusal, or from the log of issuer serve.',
    });
  return withIssuer(run, async ({ issuer }) => {
    const { events, entries, more } = await whatTraceLeft(issuer.store.db, trace);
    for (const { owner, id, bookedAt } of events) run.out.say(`ledger  ${formatTime(bookedAt)}  ${owner}  ${id}`);
    for (const { seq, at, action, subject } of entries)
      run.out.say(`audit   ${formatTime(at)}  ${seq}  ${action} ${subject}`);
    if (events.length + entries.length === 0) run.out.say('Nothing was booked or noted under this trace.');
    if (more) run.out.say('There is more than is shown.');
    return {
      trace,
      events: events.map((one) => ({ ...one, bookedAt: formatTime(one.bookedAt) })),
      entries: entries.map((one) => ({ ...one, at: formatTime(one.at) })),
      more,
    };
  });
}
