/** What the bank says about a file, booked once: paid money leaves the float, returned money is owed again. */
import { formatAmount } from '../../protocol/codec/money.js';
import { recordAudit } from '../service/audit.js';
import type { Actor } from '../service/audit.js';
import { rejected } from '../service/context.js';
import type { Issuer } from '../service/context.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';
import { saveFindings } from '../store/save-book.js';
import { messageIdOf } from './files.js';
import type { PaymentAnswer, StatusReport } from './pain002.js';
import { moneyOf, owedAgain } from './payments.js';
import type { PaymentRow } from './payments.js';

export interface AnswersTaken {
  readonly file: number;
  readonly paid: number;
  readonly returned: number;
  /** Said before, or nothing that books. */
  readonly unchanged: number;
  /** The bank says paid after it said returned: a person has to look. */
  readonly contradictions: number;
}

/**
 * All of a report or nothing of it. The same report again changes nothing.
 *
 * @throws IssuerError rejected for a file or a payment that is not ours, or another amount
 */
export async function takeAnswers(issuer: Issuer, actor: Actor, report: StatusReport): Promise<AnswersTaken> {
  return issuer.store.transaction(async (tx) => {
    const number = await fileNumber(issuer, tx, report.messageId);
    const rows = await tx.selectFrom('payment').selectAll().where('file', '=', BigInt(number)).forUpdate().execute();
    const said = answersOf(report, rows, number);
    const taken = { file: number, paid: 0, returned: 0, unchanged: 0, contradictions: 0 };
    for (const row of rows) {
      const answer = said.get(row.reference);
      if (answer === undefined) continue;
      taken[await book(issuer, tx, row, answer)]++;
    }
    const { paid, returned, contradictions } = taken;
    const detail = { paid, returned, contradictions };
    const subject = `payout-file/${number}`;
    await recordAudit(tx, { at: issuer.clock(), actor, action: 'bank-answered', subject, detail });
    return taken;
  });
}

async function fileNumber(issuer: Issuer, tx: Tx, messageId: string): Promise<number> {
  const number = Number(/-(\d+)$/.exec(messageId)?.[1] ?? '0');
  const file = await tx
    .selectFrom('payout_file')
    .select('number')
    .where('number', '=', BigInt(number))
    .executeTakeFirst();
  if (file === undefined || messageIdOf(issuer, number) !== messageId)
    throw rejected(`The answer is about ${messageId.slice(0, 35)}, which is no pay-out file of this scheme.`);
  return number;
}

interface Answer {
  readonly answer: PaymentAnswer;
  readonly reason: string;
}

/** By reference. What is said about the file counts for every payment that is not named. */
function answersOf(report: StatusReport, rows: readonly PaymentRow[], number: number): ReadonlyMap<string, Answer> {
  const byReference = new Map(rows.map((row) => [row.reference, row]));
  const said = new Map<string, Answer>();
  if (report.group !== undefined) for (const reference of byReference.keys()) said.set(reference, report.group);
  const named = new Set<string>();
  for (const { endToEndId, answer, reason, amount } of report.payments) {
    const row = byReference.get(endToEndId);
    if (row === undefined) throw rejected(`The answer names payment ${endToEndId}, which is not in file ${number}.`);
    if (named.has(endToEndId)) throw rejected(`The answer names payment ${endToEndId} twice.`);
    const ours = moneyOf(row);
    if (amount !== undefined && (amount.currency !== ours.unit.name || amount.value !== formatAmount(ours)))
      throw rejected(
        `The answer says ${amount.value} ${amount.currency} to payment ${endToEndId}, which is ${formatAmount(ours)} ${ours.unit.name}.`,
      );
    named.add(endToEndId);
    said.set(endToEndId, { answer, reason });
  }
  return said;
}

async function book(
  issuer: Issuer,
  tx: Tx,
  row: PaymentRow,
  { answer, reason }: Answer,
): Promise<Exclude<keyof AnswersTaken, 'file'>> {
  const now = issuer.clock();
  const { owner, reference } = row;
  switch (answer) {
    case 'pending':
      return 'unchanged';
    case 'paid':
      if (row.state === 'returned') return contradiction(issuer, tx, row, reason);
      if (row.state === 'paid') return 'unchanged';
      await post(tx, [{ kind: 'payment-made', owner, reference, money: moneyOf(row) }], now);
      await answered(tx, row, 'paid', reason, now);
      return 'paid';
    case 'returned':
      if (row.state === 'returned') return 'unchanged';
      await owedAgain(tx, row, now);
      await answered(tx, row, 'returned', reason, now);
      return 'returned';
  }
}

async function answered(
  tx: Tx,
  row: PaymentRow,
  state: 'paid' | 'returned',
  reason: string,
  now: number,
): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ state, answered_at: now, answer: reason })
    .where('owner', '=', row.owner)
    .where('reference', '=', row.reference)
    .execute();
}

/** Nothing is booked: the money is owed again already, and may be gone as well. */
async function contradiction(issuer: Issuer, tx: Tx, row: PaymentRow, reason: string): Promise<'contradictions'> {
  const detail = `The bank says ${reason} to payment ${row.reference}, which it had sent back (${row.answer ?? 'returned'}).`;
  const finding = { kind: 'payment-contradiction', party: row.owner, subject: row.reference, detail } as const;
  await saveFindings(tx, [finding], issuer.clock());
  return 'contradictions';
}
