/**
 * Do the books agree with themselves, and with what cards and terminals signed? One pass over everything in the order of the card
 * ids, a page at a time: time grows with the number of records, memory does not.
 *
 * Each page is read at one moment, so the issuer may go on working. Looks only, unless it is told to record: then each page's findings are kept, and open their cases, in a SQL transaction of
 * their own. A run that is cut short has recorded some of what is there; the next finds the rest, and nothing twice.
 */
import { sql } from 'kysely';
import { chart } from '../domain/accounts.js';
import type { Finding } from '../domain/findings.js';
import type { MoneyEquation } from '../domain/money-equation.js';
import type { Replay } from '../domain/replay.js';
import type { PointsRule } from '../domain/sequence.js';
import { conductOf } from '../reconcile/conduct.js';
import { replays } from '../reconcile/histories.js';
import { feeDifferences, merchantDifferences, merchantsInDebt, washSales } from '../reconcile/merchants.js';
import { boundsOf, cardPage } from '../reconcile/pages.js';
import { shadowDifferences, strayTransfers } from '../reconcile/shadows.js';
import type { Issuer } from '../service/context.js';
import { pointsRules } from '../store/books.js';
import type { Db, Tx } from '../store/database.js';
import { moneyEquations } from '../store/equation.js';
import { saveFindings } from '../store/save-book.js';

/** Records of a card that wait for an earlier one. */
export interface Gap {
  readonly cardId: string;
  /** Up to here everything is known. */
  readonly nt: number;
  readonly waiting: number;
  /** Seconds since the oldest of them came. */
  readonly age: number;
}

export interface ReconcileOptions {
  /** Keep what is found, and open cases. */
  readonly record?: boolean;
  /** Verify every stored S3 again. */
  readonly verifySignatures?: boolean;
  /** Called after each page with the records looked at so far. */
  readonly onProgress?: (records: number) => void;
}

export interface Reconciliation {
  /** M1, one per unit. */
  readonly equations: readonly MoneyEquation[];
  /** Sum over all accounts of the chart: zero. */
  readonly ledgerSum: bigint;
  /** One sentence for each place where two books differ; none when all is well. At most {@link shown}. */
  readonly differences: readonly string[];
  /** At most {@link shown}. */
  readonly gaps: readonly Gap[];
  /** What this pass found, at most {@link shown}. */
  readonly found: readonly Finding[];
  /** All findings on record, newest first; at most {@link shown}. */
  readonly findings: readonly ReportedFinding[];
  readonly counts: {
    readonly cards: number;
    readonly records: number;
    readonly differences: number;
    readonly gaps: number;
    readonly found: number;
    readonly findings: number;
  };
  readonly holds: boolean;
}

export interface ReportedFinding {
  readonly kind: string;
  readonly party: string;
  readonly subject: string;
  readonly detail: string;
  readonly foundAt: number;
}

/** Of each list; counts go on. */
export const shown = 1000;

export async function reconcile(issuer: Issuer, options: ReconcileOptions = {}): Promise<Reconciliation> {
  const { store } = issuer;
  const differences = new Sample<string>();
  const gaps = new Sample<Gap>();
  const found = new Sample<Finding>();
  const counts = { cards: 0, records: 0 };
  const equations = await store.snapshot((tx) => moneyEquations(tx, issuer.scheme.units));
  const rules = await pointsRules(store.db);
  for (let after = ''; ;) {
    const page = await store.snapshot((tx) => examine(issuer, tx, after, rules, options));
    if (page === undefined) break;
    counts.cards += page.cards;
    counts.records += page.records;
    differences.add(page.differences);
    gaps.add(page.gaps);
    found.add(await kept(issuer, options, page.findings));
    options.onProgress?.(counts.records);
    after = page.last;
  }
  differences.add(await store.snapshot(strayTransfers));
  differences.add(await store.snapshot(merchantDifferences));
  differences.add(await store.snapshot(feeDifferences));
  const debts = await store.snapshot((tx) => merchantsInDebt(tx, issuer));
  const washed = await store.snapshot((tx) => washSales(tx, issuer));
  found.add(await kept(issuer, options, [...debts, ...washed]));
  const ledgerSum = await store.snapshot(sumOfAccounts);
  const findings = await recorded(store.db);
  return {
    equations,
    ledgerSum,
    differences: differences.items,
    gaps: gaps.items,
    found: found.items,
    findings: findings.items,
    counts: {
      ...counts,
      differences: differences.count,
      gaps: gaps.count,
      found: found.count,
      findings: findings.count,
    },
    holds: ledgerSum === 0n && differences.count === 0 && equations.every(({ holds }) => holds),
  };
}

interface Examined {
  /** Id of the last card. */
  readonly last: string;
  readonly cards: number;
  readonly records: number;
  readonly differences: readonly string[];
  readonly gaps: readonly Gap[];
  readonly findings: readonly Finding[];
}

/** The page after a card, as it is at one moment: the issuer may go on working meanwhile. */
async function examine(
  issuer: Issuer,
  tx: Tx,
  after: string,
  rules: ReadonlyMap<number, PointsRule>,
  { verifySignatures = false }: ReconcileOptions,
): Promise<Examined | undefined> {
  const page = await cardPage(tx, after);
  if (page === undefined) return undefined;
  let records = 0;
  const history = {
    scheme: issuer.scheme.id,
    rules,
    verifySignatures,
    onRecords: (count: number): void => {
      records += count;
    },
  };
  const findings = await conductOf(issuer, tx, page);
  const differences: string[] = [];
  const gaps: Gap[] = [];
  for await (const replay of replays(tx, page, history)) {
    differences.push(...replay.differences);
    gaps.push(...gapOf(issuer, replay));
    findings.push(...replay.findings, ...missing(issuer, replay));
  }
  differences.push(...(await shadowDifferences(tx, page)));
  return { last: boundsOf(page).last, cards: page.size, records, differences, gaps, findings };
}

/** The first of many, and how many there are. */
class Sample<T> {
  readonly items: T[] = [];
  count = 0;

  add(more: readonly T[]): void {
    this.count += more.length;
    this.items.push(...more.slice(0, Math.max(0, shown - this.items.length)));
  }
}

function gapOf({ clock }: Issuer, { card, hole }: Replay): Gap[] {
  if (hole === undefined) return [];
  return [{ cardId: card.cardId, nt: hole.nt, waiting: hole.waiting, age: clock() - hole.since }];
}

/** A gap waits; one that is older than what a merchant may still present will stay. */
function missing({ clock, policy }: Issuer, { card, hole }: Replay): Finding[] {
  if (hole === undefined || clock() - hole.since <= policy.presentationWindow) return [];
  const detail = `Record ${hole.nt + 1} never came; ${hole.waiting} later ones have waited longer than the presentation window.`;
  return [{ kind: 'record-missing', party: card.cardId, subject: `record/${hole.nt + 1}`, detail }];
}

async function kept(
  issuer: Issuer,
  options: ReconcileOptions,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  if (options.record === true && findings.length > 0)
    await issuer.store.transaction((tx) => saveFindings(tx, [...findings], issuer.clock()));
  return findings;
}

/** Of the accounts the chart knows: a transfer from or to any other shows here. */
async function sumOfAccounts(db: Db): Promise<bigint> {
  const names = Object.keys(chart);
  const { rows } = await sql<{ sum: bigint | null }>`
    select sum(amount)::bigint as sum from (
      select amount from transfer where debit_account = any(${names})
      union all select -amount from transfer where credit_account = any(${names})
    ) as entry`.execute(db);
  return rows[0]?.sum ?? 0n;
}

async function recorded(db: Db): Promise<{ items: ReportedFinding[]; count: number }> {
  const rows = await db
    .selectFrom('finding')
    .selectAll()
    .orderBy('found_at', 'desc')
    .orderBy('party')
    .orderBy('kind')
    .orderBy('subject')
    .limit(shown)
    .execute();
  const { count } = await db
    .selectFrom('finding')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return {
    items: rows.map(({ found_at, ...finding }) => ({ ...finding, foundAt: Number(found_at) })),
    count: Number(count),
  };
}
