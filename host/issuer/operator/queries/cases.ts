/** Cases as the API shows them. */
import { moneyToJson } from '../../../protocol/codec/money.js';
import type { Measure } from '../../domain/measures.js';
import type { CaseFile, CaseStatus, CaseSummary } from '../../service/cases.js';
import { listCases } from '../../service/cases.js';
import type { Issuer } from '../../service/context.js';
import type { CaseRowView, CaseView, MeasureView } from '../views/cases.js';

export async function caseRows(issuer: Issuer, status?: CaseStatus): Promise<{ rows: CaseRowView[] }> {
  const found = await listCases(issuer, status);
  return { rows: found.map((one) => ({ ...common(one), findings: one.findings })) };
}

function common(one: Omit<CaseSummary, 'findings'>): Omit<CaseRowView, 'findings'> {
  const { party, kind, status, round, openedAt, decidedAt, decidedBy } = one;
  return { party, kind, status, round, openedAt, decidedAt: decidedAt ?? null, decidedBy: decidedBy ?? null };
}

/** A case as one of its operations answers it. */
export async function caseView({ store }: Issuer, file: CaseFile): Promise<CaseView> {
  const { kind, findings, proposal, proposedBy, decision, revision } = file;
  return {
    ...common(file),
    findings: findings.length,
    partyKind: await partyKind(store.db, file.party),
    found: findings.map(({ subject, detail, foundAt }) => ({ kind, subject, detail, foundAt })),
    proposal: proposal.map(measureView),
    proposedBy: proposedBy ?? null,
    decision: decision ?? null,
    revision,
  };
}

async function partyKind(db: Issuer['store']['db'], party: string): Promise<CaseView['partyKind']> {
  const card = await db.selectFrom('card').select('card_id').where('card_id', '=', party).executeTakeFirst();
  if (card !== undefined) return 'card';
  const terminal = await db
    .selectFrom('terminal')
    .select('terminal_id')
    .where('terminal_id', '=', party)
    .executeTakeFirst();
  return terminal === undefined ? 'merchant' : 'terminal';
}

function measureView(measure: Measure): MeasureView {
  switch (measure.do) {
    case 'list-card':
      return { do: measure.do, subject: measure.cardId, money: null };
    case 'revoke-terminal':
    case 'hold-terminal':
      return { do: measure.do, subject: measure.terminalId, money: null };
    case 'hold-merchant':
      return { do: measure.do, subject: measure.merchant, money: null };
    case 'book-loss':
    case 'recover-from-merchant':
      return { do: measure.do, subject: measure.merchant, money: moneyToJson(measure.money) };
    case 'recover-from-card':
      return { do: measure.do, subject: measure.cardId, money: moneyToJson(measure.money) };
  }
}
