/** `epurse issuer case …`: what findings ask a person to decide. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { isFindingKind } from '../domain/findings.js';
import type { Measure } from '../domain/measures.js';
import { approveCase, dismissCase, listCases, proposeCase, showCase } from '../service/cases.js';
import type { CaseFile, CaseKey } from '../service/cases.js';
import { describeMeasure, measuresSchema } from '../service/measures.js';
import { withBooks, withIssuer } from './with-issuer.js';

export function caseList(run: Run): Promise<Outcome> {
  const { all } = run.options as { all?: boolean };
  return withIssuer(run, async ({ issuer }) => {
    const cases = await listCases(issuer, all === true ? undefined : 'open');
    for (const { party, kind, status, findings, title } of cases)
      run.out.say(`${status.padEnd(9)} ${party}/${kind}  (${findings})  ${title}`);
    if (cases.length === 0) run.out.say('No case is open.');
    return {
      cases: cases.map(({ openedAt, decidedAt, decidedBy, ...one }) => ({
        ...one,
        openedAt: formatTime(openedAt),
        decidedAt: decidedAt === undefined ? null : formatTime(decidedAt),
        decidedBy: decidedBy ?? null,
      })),
    };
  });
}

export function caseShow(run: Run): Promise<Outcome> {
  const key = caseIn(run);
  return withIssuer(run, async ({ issuer }) => told(run, await showCase(issuer, key)));
}

export function casePropose(run: Run): Promise<Outcome> {
  const key = caseIn(run);
  const { as, measures: file } = run.options as { as?: string; measures: string };
  const proposal = { operator: operatorName(as), measures: measuresIn(file) };
  return withIssuer(run, async ({ issuer }) => told(run, await proposeCase(issuer, key, proposal)));
}

function measuresIn(file: string): readonly Measure[] {
  try {
    return measuresSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : '';
    throw new Failure('usage', `The file ${file} holds no measures: ${why}`, {
      next: 'docs/ledger.md names them; nothing was proposed.',
      cause,
    });
  }
}

export function caseApprove(run: Run): Promise<Outcome> {
  const key = caseIn(run);
  const { as, revision } = run.options as { as?: string; revision?: string };
  return withBooks(run, async ({ issuer }) => {
    const answer = { operator: operatorName(as), ...(revision === undefined ? {} : { revision }) };
    return told(run, await approveCase(issuer, key, answer));
  });
}

export function caseDismiss(run: Run): Promise<Outcome> {
  const key = caseIn(run);
  const { as, reason } = run.options as { as?: string; reason: string };
  return withIssuer(run, async ({ issuer }) =>
    told(run, await dismissCase(issuer, key, { operator: operatorName(as), reason })),
  );
}

function told(run: Run, file: CaseFile): Outcome {
  const { party, kind, title, status, round, findings, proposal, proposedBy, decidedBy, decision, revision } = file;
  run.out.say(`${party}/${kind}: ${title}`);
  run.out.say(`  ${status}${decidedBy === undefined ? '' : ` by ${decidedBy}: ${decision ?? ''}`}`);
  for (const { detail, foundAt } of findings) run.out.say(`  ${formatTime(foundAt)}  ${detail}`);
  if (status === 'open') {
    run.out.say(`  proposed by ${proposedBy ?? 'the system'}:`);
    for (const measure of proposal) run.out.say(`    ${describeMeasure(measure)}`);
    if (proposal.length === 0) run.out.say('    nothing: know it, and close the case');
    run.out.say(`  approve it: ./epurse issuer case approve ${party}/${kind} --as NAME --revision ${revision}`);
  }
  return {
    party,
    kind,
    status,
    round,
    findings: findings.map(({ subject, detail, foundAt }) => ({ subject, detail, foundAt: formatTime(foundAt) })),
    proposal: proposal.map(describeMeasure),
    proposedBy: proposedBy ?? 'system',
    decidedBy: decidedBy ?? null,
    decision: decision ?? null,
    revision,
  };
}

/** As `case list` prints it: party/kind. */
function caseIn(run: Run): CaseKey {
  const [party = '', kind = '', more] = (run.args[0] ?? '').split('/');
  if (/^[0-9a-f]{16}$/.test(party) && isFindingKind(kind) && more === undefined) return { party, kind };
  throw new Failure('usage', `"${run.args[0] ?? ''}" is not a case: write it as the list does, PARTY/KIND.`);
}

function operatorName(name: string | undefined): string {
  if (name !== undefined && name.trim() !== '') return name.trim();
  throw new Failure('usage', 'Who decides? Name the operator with --as NAME.');
}
