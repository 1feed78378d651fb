/** `epurse issuer settle|reconcile|export`: what the books say, and the end of the day. */
import { writeFileSync } from 'node:fs';
import { formatMoney, moneyToJson } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { describeFinding } from '../domain/findings.js';
import type { FindingKind } from '../domain/findings.js';
import { exportLines } from '../jobs/export.js';
import { reconcile } from '../jobs/reconcile.js';
import type { Reconciliation } from '../jobs/reconcile.js';
import { settle } from '../jobs/settle.js';
import type { Unsettled } from '../jobs/settle.js';
import { withBooks, withIssuer } from './with-issuer.js';

export function issuerSettle(run: Run): Promise<Outcome> {
  return withBooks(run, async ({ issuer }) => {
    const done = await settle(issuer);
    const { number, merchants, unsettled, forfeited, closed, loadsLapsed, givenBack } = done;
    const { paidToHolders, holdersWithoutAccount, pointsLapsed } = done;
    if (merchants.length === 0) run.out.say('No merchant is owed anything.');
    else run.out.say(`Settlement ${number}:`);
    for (const line of merchants) {
      const back =
        line.reversals === 0 ? '' : `, less ${formatMoney(line.reversed)} of ${count(line.reversals, 'cancel')}`;
      const fee = line.fee.amount === 0n ? '' : `, less ${formatMoney(line.fee)} commission`;
      run.out.say(
        `  merchant ${line.merchant}  ${formatMoney(line.paid)}  (${count(line.sales, 'sale')}${back}${fee})`,
      );
    }
    for (const { merchant, owed, why } of unsettled)
      run.out.say(`  merchant ${merchant}  ${formatMoney(owed)} not settled: ${whyNot[why]}`);
    if (forfeited > 0)
      run.out.say(`${count(forfeited, 'purchase')} went back to the holders: no merchant claimed them in time.`);
    if (closed > 0) run.out.say(`${count(closed, 'card')} closed: the presentation window is over.`);
    for (const paid of paidToHolders) run.out.say(`Paid to holders: ${formatMoney(paid)}.`);
    for (const owed of holdersWithoutAccount)
      run.out.say(`Not paid to holders: ${formatMoney(owed)}; their account is no IBAN.`);
    for (const lapsed of pointsLapsed) run.out.say(`Lapsed with closed cards: ${formatMoney(lapsed)}.`);
    if (loadsLapsed > 0) run.out.say(`${count(loadsLapsed, 'load')} that the bank never answered for ended.`);
    if (givenBack > 0) run.out.say(`Money of ${count(givenBack, 'load')} that was given up went back.`);
    return {
      settlement: number,
      merchants: merchants.map(({ merchant, sales, sold, reversals, reversed, fee, paid }) => ({
        merchant,
        sales,
        sold: moneyJson(sold),
        reversals,
        reversed: moneyJson(reversed),
        fee: moneyJson(fee),
        paid: moneyJson(paid),
      })),
      unsettled: unsettled.map(({ merchant, owed, why }) => ({ merchant, owed: moneyJson(owed), why })),
      forfeited,
      closed,
      paidToHolders: paidToHolders.map(moneyJson),
      holdersWithoutAccount: holdersWithoutAccount.map(moneyJson),
      pointsLapsed: pointsLapsed.map(moneyJson),
      loadsLapsed,
      givenBack,
    };
  });
}

const whyNot: Readonly<Record<Unsettled['why'], string>> = {
  held: 'pay-outs are held by a decision on a case',
  'terminal-held': 'claims of a terminal that is held; ./epurse issuer terminal release TERMINAL',
  'no-account': 'no account is registered; ./epurse issuer merchant set MERCHANT --iban IBAN',
  'in-debt': 'gave back more than was sold since the last settlement',
};

export function issuerReconcile(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const { look, verifySignatures } = run.options as { look?: boolean; verifySignatures?: boolean };
    const result = await reconcile(issuer, { record: look !== true, verifySignatures: verifySignatures === true });
    sayReconciliation(run, result);
    for (const finding of result.findings)
      run.out.event('finding', { ...finding, foundAt: formatTime(finding.foundAt) });
    if (!result.holds)
      throw new Failure('books-differ', 'The books do not agree.', {
        next: 'Stop settlement and look at the differences above; the ledger itself can only be added to.',
      });
    return {
      ledgerSum: Number(result.ledgerSum),
      equations: result.equations.map(({ unit, owed, held }) => ({
        owed: moneyJson({ amount: owed, unit }),
        held: moneyJson({ amount: held, unit }),
      })),
      differences: [...result.differences],
      gaps: result.gaps.map((gap) => ({ ...gap })),
      findings: result.counts.findings,
      counts: { ...result.counts },
    };
  });
}

function sayReconciliation(
  run: Run,
  { equations, ledgerSum, differences, gaps, findings, counts }: Reconciliation,
): void {
  for (const { unit, owed, held, holds } of equations) {
    const sides = `owed ${formatMoney({ amount: owed, unit })}, held ${formatMoney({ amount: held, unit })}`;
    run.out.say(`${holds ? '✓' : '✗'} ${unit.name}: ${sides}`);
  }
  run.out.say(`${ledgerSum === 0n ? '✓' : '✗'} sum over all accounts: ${ledgerSum}`);
  for (const line of differences) run.out.say(`✗ ${line}`);
  for (const { cardId, nt, waiting, age } of gaps)
    run.out.say(
      `! card ${cardId}: ${count(waiting, 'record')} wait for record ${nt + 1}, since ${Math.floor(age / 3600)} h`,
    );
  for (const { kind, party, detail } of findings)
    run.out.say(`! ${party}: ${describeFinding(kind as FindingKind)}. ${detail}`);
  if (findings.length === 0) run.out.say('No findings.');
  else run.out.say('What to do about them: ./epurse issuer case list');
  run.out.say(`${count(counts.cards, 'card')} and ${count(counts.records, 'record')} looked at.`);
}

/** CSV of all transfers; to a file, or to standard output for a pipe. */
export function issuerExport(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const file = run.args[0];
    const lines = await exportLines(issuer);
    if (file !== undefined) {
      writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
      run.out.say(`${count(lines.length - 1, 'transfer')} written to ${file}.`);
      return { transfers: lines.length - 1, file };
    }
    for (const line of lines) run.out.say(line);
    for (const line of lines) run.out.event('line', { csv: line });
    return { transfers: lines.length - 1 };
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function moneyJson(value: Money): { amount: string; unit: string } {
  return { ...moneyToJson(value) };
}
