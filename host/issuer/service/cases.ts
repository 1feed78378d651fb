/**
 * Cases: the findings of one kind about one party, what the system or a person proposes to do about them, and what an operator
 * decided. The database opens a case with its first finding, and again with one that comes after a decision. Approval books,
 * lists and records the decision in one SQL transaction; who proposed may not approve.
 */
import type { Selectable } from 'kysely';
import { toHex } from '../../protocol/codec/bytes.js';
import { money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { describeFinding, isFindingKind } from '../domain/findings.js';
import type { FindingKind } from '../domain/findings.js';
import { proposalFor } from '../domain/measures.js';
import type { Measure, Situation } from '../domain/measures.js';
import { contentHash } from '../store/canonical.js';
import type { Db, Tx } from '../store/database.js';
import { partyBalance } from '../store/ledger.js';
import { isHeld } from '../store/merchants.js';
import type { CaseFileTable } from '../store/schema-cases.js';
import { recordAudit } from './audit.js';
import { conflict, rejected } from './context.js';
import type { Issuer } from './context.js';
import { isListed } from './listing.js';
import { carryOut, describeMeasure, lossesOf, measuresFromJson, measuresToJson } from './measures.js';

export type CaseStatus = 'open' | 'approved' | 'dismissed';

export interface CaseKey {
  /** Card id, terminal id or merchant, 8 bytes in hexadecimal. */
  readonly party: string;
  readonly kind: FindingKind;
}

export interface CaseSummary extends CaseKey {
  /** What the kind means. */
  readonly title: string;
  readonly status: CaseStatus;
  /** How often it was opened. */
  readonly round: number;
  readonly findings: number;
  readonly openedAt: number;
  readonly decidedAt: number | undefined;
  readonly decidedBy: string | undefined;
}

export interface CaseFile extends Omit<CaseSummary, 'findings'> {
  readonly findings: readonly { readonly subject: string; readonly detail: string; readonly foundAt: number }[];
  readonly proposal: readonly Measure[];
  /** A person's name; undefined where the system proposes. */
  readonly proposedBy: string | undefined;
  /** What was carried out, or why it was dismissed. */
  readonly decision: string | undefined;
  /** Changes with findings and proposal: what an approval is given to. */
  readonly revision: string;
}

type CaseRow = Selectable<CaseFileTable>;

/** Cases named at once. */
const longestList = 500;

/** Open ones first, oldest first. @param status undefined for all */
export async function listCases(issuer: Issuer, status?: CaseStatus, limit = longestList): Promise<CaseSummary[]> {
  const rows = await issuer.store.db
    .selectFrom('case_file')
    .selectAll()
    .select(({ selectFrom, fn }) =>
      selectFrom('finding')
        .select(fn.countAll<bigint>().as('count'))
        .whereRef('finding.party', '=', 'case_file.party')
        .whereRef('finding.kind', '=', 'case_file.kind')
        .as('findings'),
    )
    .$if(status !== undefined, (query) => query.where('status', '=', status as CaseStatus))
    .orderBy((order) => order('status', '<>', 'open'))
    .orderBy('opened_at')
    .orderBy('party')
    .orderBy('kind')
    .limit(Math.min(limit, longestList))
    .execute();
  return rows.map((row) => ({ ...summary(row), findings: Number(row.findings ?? 0n) }));
}

/** @throws IssuerError rejected */
export function showCase(issuer: Issuer, key: CaseKey): Promise<CaseFile> {
  return issuer.store.transaction(async (tx) => caseOf(issuer, tx, await caseRow(tx, key)));
}

/** A person proposes something else than the system; nothing is done yet. @throws IssuerError rejected */
export async function proposeCase(
  issuer: Issuer,
  key: CaseKey,
  { operator, measures }: { readonly operator: string; readonly measures: readonly Measure[] },
): Promise<CaseFile> {
  return issuer.store.transaction(async (tx) => {
    await openRow(tx, key);
    const proposal = measuresToJson(measures);
    const row = await tx
      .updateTable('case_file')
      .set({ proposal, proposed_by: named(operator), proposed_at: issuer.clock() })
      .where('party', '=', key.party)
      .where('kind', '=', key.kind)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit(issuer, tx, operator, 'case-proposed', key, proposal);
    return caseOf(issuer, tx, row);
  });
}

/**
 * Four eyes: the system's proposal needs one operator, a person's another person.
 *
 * @param revision of the case as the operator saw it; where it has changed since, nothing is done
 * @throws IssuerError rejected; then nothing was booked
 */
export async function approveCase(
  issuer: Issuer,
  key: CaseKey,
  { operator, revision }: { readonly operator: string; readonly revision?: string },
): Promise<CaseFile> {
  return issuer.store.transaction(async (tx) => {
    const row = await openRow(tx, key);
    const file = await caseOf(issuer, tx, row);
    if (file.proposedBy === named(operator))
      throw rejected(`${operator} proposed this resolution: somebody else has to approve it.`);
    if (revision !== undefined && revision !== file.revision)
      throw rejected('The case has changed since it was shown: look at it again.');
    const reference = `case/${key.kind}/${key.party}/${row.round}`;
    await carryOut(issuer, tx, file.proposal, reference, `case ${key.kind}: approved by ${operator}`);
    return decided(issuer, tx, key, 'approved', operator, measuresToJson(file.proposal));
  });
}

/** Nothing is done about it. @throws IssuerError rejected */
export async function dismissCase(
  issuer: Issuer,
  key: CaseKey,
  { operator, reason }: { readonly operator: string; readonly reason: string },
): Promise<CaseFile> {
  return issuer.store.transaction(async (tx) => {
    await openRow(tx, key);
    if (reason.trim() === '') throw rejected('A dismissal needs a reason.');
    return decided(issuer, tx, key, 'dismissed', operator, reason.trim().slice(0, 500));
  });
}

async function decided(
  issuer: Issuer,
  tx: Tx,
  key: CaseKey,
  status: 'approved' | 'dismissed',
  operator: string,
  decision: string,
): Promise<CaseFile> {
  const row = await tx
    .updateTable('case_file')
    .set({ status, decided_at: issuer.clock(), decided_by: named(operator), decision })
    .where('party', '=', key.party)
    .where('kind', '=', key.kind)
    .returningAll()
    .executeTakeFirstOrThrow();
  await audit(issuer, tx, operator, `case-${status}`, key, decision);
  return caseOf(issuer, tx, row);
}

async function audit(issuer: Issuer, tx: Tx, name: string, action: string, key: CaseKey, what: string): Promise<void> {
  const actor = { kind: 'operator', name: named(name) } as const;
  const subject = `case/${key.party}/${key.kind}`;
  await recordAudit(tx, { at: issuer.clock(), actor, action, subject, detail: { what } });
}

async function caseRow(tx: Tx, { party, kind }: CaseKey): Promise<CaseRow> {
  const row = await tx
    .selectFrom('case_file')
    .selectAll()
    .where('party', '=', party)
    .where('kind', '=', kind)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw rejected(`There is no case ${kind} about ${party}.`);
  return row;
}

async function openRow(tx: Tx, key: CaseKey): Promise<CaseRow> {
  const row = await caseRow(tx, key);
  if (row.status !== 'open') throw conflict(`The case was ${row.status} by ${row.decided_by ?? 'nobody'} already.`);
  return row;
}

async function caseOf(issuer: Issuer, tx: Tx, row: CaseRow): Promise<CaseFile> {
  const findings = await tx
    .selectFrom('finding')
    .select(['subject', 'detail', 'found_at'])
    .where('party', '=', row.party)
    .where('kind', '=', row.kind)
    .orderBy('found_at')
    .orderBy('subject')
    .execute();
  const proposal =
    row.status === 'approved' && row.decision !== null
      ? measuresFromJson(row.decision)
      : row.proposal === null
        ? proposalFor(kindOf(row), await situationOf(issuer, tx, row.party))
        : measuresFromJson(row.proposal);
  return {
    ...summary(row),
    findings: findings.map(({ subject, detail, found_at }) => ({ subject, detail, foundAt: Number(found_at) })),
    proposal,
    proposedBy: row.proposed_by ?? undefined,
    decision: decisionText(row),
    revision: toHex(contentHash([row.round, findings.length, measuresToJson(proposal)])).slice(0, 16),
  };
}

function decisionText({ status, decision }: CaseRow): string | undefined {
  if (decision === null) return undefined;
  if (status !== 'approved') return decision;
  return measuresFromJson(decision).map(describeMeasure).join('; ') || 'nothing to do';
}

function summary(row: CaseRow): Omit<CaseSummary, 'findings'> {
  const kind = kindOf(row);
  return {
    party: row.party,
    kind,
    title: describeFinding(kind),
    status: row.status,
    round: row.round,
    openedAt: Number(row.opened_at),
    decidedAt: row.decided_at === null ? undefined : Number(row.decided_at),
    decidedBy: row.decided_by ?? undefined,
  };
}

function kindOf({ kind }: CaseRow): FindingKind {
  if (!isFindingKind(kind)) throw new Error(`a case of an unknown kind ${kind}`);
  return kind;
}

async function situationOf(issuer: Issuer, db: Db, party: string): Promise<Situation> {
  const card = await db.selectFrom('card').select('card_id').where('card_id', '=', party).executeTakeFirst();
  if (card !== undefined) return cardSituation(db, party);
  const terminal = await db
    .selectFrom('terminal')
    .select(['merchant', 'revoked_at'])
    .where('terminal_id', '=', party)
    .executeTakeFirst();
  const merchant = terminal?.merchant;
  return {
    party,
    merchant,
    stopped: terminal !== undefined && terminal.revoked_at !== null,
    held: merchant !== undefined && (await isHeld(db, merchant)),
    slots: [],
    debts: terminal === undefined ? await debtsOf(issuer, db, party) : [],
  };
}

async function cardSituation(db: Db, party: string): Promise<Situation> {
  const losses = await lossesOf(db, party);
  const slots = await db.selectFrom('card_slot').selectAll().where('card_id', '=', party).orderBy('slot').execute();
  return {
    party,
    merchant: undefined,
    stopped: await isListed(db, party),
    held: false,
    slots: slots.map(({ slot, unit, balance }) => {
      const of = unitByCode(unit);
      return { slot, loss: losses.get(unit) ?? money(0n, of), balance: money(balance, of) };
    }),
    debts: [],
  };
}

async function debtsOf({ scheme }: Issuer, db: Db, merchant: string) {
  const owed = await Promise.all(scheme.units.map((unit) => partyBalance(db, 'merchantsPayable', merchant, unit)));
  return owed.filter(({ amount }) => amount < 0n).map(({ amount, unit }) => money(-amount, unit));
}

function named(operator: string): string {
  const name = operator.trim();
  if (name === '' || name.length > 64) throw rejected('An operator has a name of at most 64 characters.');
  return name;
}
