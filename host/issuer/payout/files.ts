/** Pay-out files: made once from what is ordered, and again from the same rows, byte for byte, as often as somebody asks. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { equalBytes } from '../../protocol/codec/bytes.js';
import type { Money } from '../../protocol/codec/money.js';
import { recordAudit } from '../service/audit.js';
import type { Actor } from '../service/audit.js';
import { rejected } from '../service/context.js';
import type { Issuer } from '../service/context.js';
import type { Db } from '../store/database.js';
import { moneyOf } from './payments.js';
import type { PaymentRow } from './payments.js';
import { pain001, totalsOf } from './pain001.js';
import type { CreditTransferFile, Party } from './pain001.js';

export interface PayoutFile {
  readonly number: number;
  readonly messageId: string;
  readonly payments: number;
  readonly totals: readonly Money[];
  /** pain.001.001.09. */
  readonly content: string;
}

/**
 * Everything ordered and in no file yet goes into the next one.
 *
 * @returns undefined where nothing is ordered
 * @throws IssuerError rejected without an account of the scheme
 */
export async function makeFile(issuer: Issuer, actor: Actor): Promise<PayoutFile | undefined> {
  const { debtor } = issuer.policy;
  if (debtor === undefined)
    throw rejected('The settings (issuer/config.json) name no account to pay from: "debtor", with name and iban.');
  return issuer.store.transaction(async (tx) => {
    await sql`lock table payout_file in exclusive mode`.execute(tx);
    const rows = await tx.selectFrom('payment').selectAll().where('state', '=', 'ordered').forUpdate().execute();
    if (rows.length === 0) return undefined;
    const last = await tx
      .selectFrom('payout_file')
      .select('number')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    const number = Number(last?.number ?? 0n) + 1;
    const madeAt = issuer.clock();
    const file = fileOf(issuer, number, madeAt, debtor, rows);
    await tx
      .insertInto('payout_file')
      .values({
        number,
        made_at: madeAt,
        debtor_name: debtor.name,
        debtor_iban: debtor.iban,
        debtor_bic: debtor.bic ?? null,
        payments: rows.length,
        content_hash: hashOf(file.content),
      })
      .execute();
    for (const { owner, reference } of rows) {
      await tx
        .updateTable('payment')
        .set({ state: 'sent', file: number })
        .where('owner', '=', owner)
        .where('reference', '=', reference)
        .execute();
    }
    const detail = { payments: rows.length, sha256: hashOf(file.content) };
    await recordAudit(tx, { at: madeAt, actor, action: 'payout-file-made', subject: `payout-file/${number}`, detail });
    return file;
  });
}

/** A file that was made before. @throws IssuerError rejected where there is none, Error where its rows have changed */
export async function fileAgain(issuer: Issuer, number: number): Promise<PayoutFile> {
  const { db } = issuer.store;
  const row = await db.selectFrom('payout_file').selectAll().where('number', '=', BigInt(number)).executeTakeFirst();
  if (row === undefined) throw rejected(`There is no pay-out file ${number}.`);
  const payments = await db.selectFrom('payment').selectAll().where('file', '=', BigInt(number)).execute();
  const debtor = { name: row.debtor_name, iban: row.debtor_iban, bic: row.debtor_bic ?? undefined };
  const file = fileOf(issuer, number, Number(row.made_at), debtor, payments);
  if (!equalBytes(new Uint8Array(row.content_hash), hashOf(file.content)))
    throw rejected(`The payments of file ${number} are not those it was made with: the database was changed.`);
  return file;
}

export interface PayoutFileSummary {
  readonly number: number;
  readonly madeAt: number;
  readonly payments: number;
  /** Payments by state. */
  readonly states: Readonly<Record<string, number>>;
}

/** Newest first. */
export async function listFiles(db: Db, limit = 100): Promise<PayoutFileSummary[]> {
  const files = await db.selectFrom('payout_file').selectAll().orderBy('number', 'desc').limit(limit).execute();
  const states = await db
    .selectFrom('payment')
    .select(({ fn }) => ['file', 'state', fn.countAll<bigint>().as('count')])
    .where('file', 'is not', null)
    .groupBy(['file', 'state'])
    .execute();
  return files.map(({ number, made_at, payments }) => ({
    number: Number(number),
    madeAt: Number(made_at),
    payments,
    states: Object.fromEntries(
      states.filter(({ file }) => file === number).map(({ state, count }) => [state, Number(count)]),
    ),
  }));
}

/** Unique over all schemes that share a bank. */
export function messageIdOf({ scheme }: Issuer, number: number): string {
  return `EPURSE-${scheme.id}-${String(number).padStart(6, '0')}`;
}

function fileOf(
  issuer: Issuer,
  number: number,
  madeAt: number,
  debtor: Party,
  rows: readonly PaymentRow[],
): PayoutFile {
  const file: CreditTransferFile = {
    messageId: messageIdOf(issuer, number),
    madeAt,
    debtor,
    transfers: [...rows].sort(inOrder).map((row) => ({
      endToEndId: row.reference,
      money: moneyOf(row),
      creditor: { name: row.payee, iban: row.iban, bic: row.bic ?? undefined },
      remittance: remittanceOf(issuer, row),
    })),
  };
  const { messageId, transfers } = file;
  return { number, messageId, payments: rows.length, totals: totalsOf(transfers), content: pain001(file) };
}

/** In code points, whatever the database's collation. */
function inOrder(a: PaymentRow, b: PaymentRow): number {
  const [one, other] = [`${a.unit} ${a.reference}`, `${b.unit} ${b.reference}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function remittanceOf({ scheme }: Issuer, { kind, owner, ref }: PaymentRow): string {
  switch (kind) {
    case 'settlement':
      return `${scheme.name} settlement ${ref}`;
    case 'unload':
      return `${scheme.name} unload ${ref} of card ${owner}`;
    case 'holder':
      return `${scheme.name} purchase ${ref} of card ${owner} given back`;
    case 'closing':
      return `${scheme.name} balance of card ${owner}`;
  }
}

function hashOf(content: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(content).digest());
}
