/** Figures for Prometheus: requests as they are answered, the books when they are asked for. */
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Db } from '../store/database.js';
import { accountBalances } from '../store/ledger.js';
import { chart } from '../domain/accounts.js';
import type { Issuer } from '../service/context.js';
import { Kept } from './kept.js';

/** Sums over the whole ledger are made at most this often, milliseconds; more seldom where they take long. */
const bookInterval = 30_000;

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'route' | 'method' | 'status'>;
  readonly #books: Gauge<'figure' | 'unit'>;
  readonly #ledgerSum: Gauge<'unit'>;
  readonly #expiry: Gauge<'of' | 'id'>;
  readonly #added = new Kept(() => this.#readBooks(), { least: bookInterval });

  /** @param serverExpiry when the server's certificate runs out, seconds @param ofProcess memory and event loop too */
  constructor(
    private readonly issuer: Issuer,
    private readonly serverExpiry: () => number,
    ofProcess = false,
  ) {
    const registers = [this.#registry];
    if (ofProcess) collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'epurse_http_request_seconds',
      help: 'Requests by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
      registers,
    });
    this.#books = new Gauge({
      name: 'epurse_books',
      help: 'Counts in the books: batches, claims (open: not settled), findings, cases_open, loads_open, cards_listed.',
      labelNames: ['figure'],
      registers,
    });
    this.#ledgerSum = new Gauge({
      name: 'epurse_ledger_sum_minor_units',
      help: 'Debits less credits over all accounts, by unit: zero, or the books are wrong.',
      labelNames: ['unit'],
      registers,
    });
    this.#expiry = new Gauge({
      name: 'epurse_certificate_expiry_timestamp_seconds',
      help: 'When a certificate runs out: the server’s, and the next of the terminals that are not revoked.',
      labelNames: ['of', 'id'],
      registers,
    });
  }

  answered(route: string, method: string, status: number, milliseconds: number): void {
    this.#requests.observe({ route, method, status: String(status) }, milliseconds / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    await this.#added.get();
    return this.#registry.metrics();
  }

  #readBooks(): Promise<void> {
    return this.issuer.store.snapshot((tx) => this.#readFrom(tx));
  }

  async #readFrom(db: Db): Promise<void> {
    const sums = new Map(this.issuer.scheme.units.map(({ name }) => [name, 0n]));
    for (const { account, money } of await accountBalances(db)) {
      const signed = chart[account].side === 'debit' ? money.amount : -money.amount;
      sums.set(money.unit.name, (sums.get(money.unit.name) ?? 0n) + signed);
    }
    for (const [unit, sum] of sums) this.#ledgerSum.set({ unit }, Number(sum));
    for (const [figure, count] of Object.entries(await countsIn(db))) this.#books.set({ figure }, count);
    this.#expiry.reset();
    this.#expiry.set({ of: 'server', id: '' }, this.serverExpiry());
    const next = await db
      .selectFrom('terminal')
      .select(['terminal_id', 'expiry'])
      .where('revoked_at', 'is', null)
      .where('expiry', '>', BigInt(this.issuer.clock()))
      .orderBy('expiry')
      .limit(10)
      .execute();
    for (const { terminal_id, expiry } of next) this.#expiry.set({ of: 'terminal', id: terminal_id }, Number(expiry));
  }
}

async function countsIn(db: Db): Promise<Record<string, number>> {
  const row = await db
    .selectNoFrom(({ selectFrom, fn }) => [
      selectFrom('batch').select(fn.countAll<bigint>().as('n')).as('batches'),
      selectFrom('claim').select(fn.countAll<bigint>().as('n')).as('claims'),
      selectFrom('claim').select(fn.countAll<bigint>().as('n')).where('settlement', 'is', null).as('claims_open'),
      selectFrom('finding').select(fn.countAll<bigint>().as('n')).as('findings'),
      selectFrom('case_file').select(fn.countAll<bigint>().as('n')).where('status', '=', 'open').as('cases_open'),
      selectFrom('load').select(fn.countAll<bigint>().as('n')).where('state', '=', 'authorised').as('loads_open'),
      selectFrom('listing').select(fn.countAll<bigint>().as('n')).where('released_at', 'is', null).as('cards_listed'),
    ])
    .executeTakeFirstOrThrow();
  return Object.fromEntries(Object.entries(row).map(([figure, count]) => [figure, Number(count ?? 0n)]));
}
