/**
 * Ledger events as chains, one for each owner (card or merchant): hash(n) = SHA-256(JSON of hash(n-1) and event n, which binds its
 * transfers by the hash of its content), hash(0) = 32 zero bytes. So no lock is shared between owners, and a chain stays where its owner's rows are.
 */
import { hash } from 'node:crypto';

/** A transfer as its row has it. */
export interface TransferRow {
  readonly debit_account: string;
  readonly debit_party: string;
  readonly credit_account: string;
  readonly credit_party: string;
  readonly unit: number;
  readonly amount: bigint;
}

/** A transfer as it is booked. */
export interface ChainedTransfer {
  readonly debit: { readonly name: string; readonly party: string };
  readonly credit: { readonly name: string; readonly party: string };
  readonly money: { readonly amount: bigint; readonly unit: { readonly code: number } };
}

/** An event as its row has it, hashes in hexadecimal. */
export interface EventRow {
  readonly owner: string;
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  /** {@link contentOf} the event. */
  readonly inputHash: string;
  readonly bookedAt: number;
}

export const noHash = '0'.repeat(64);

/**
 * What an event says, as far as the books are concerned: its kind and its transfers. The same key with the same content is the
 * same event; the chain binds the content by this hash.
 *
 * @param transfers in the order of their lines
 * @returns in hexadecimal
 */
export function contentOf(kind: string, transfers: readonly ChainedTransfer[]): string {
  const fields: (string | number)[] = ['epurse ledger content 1', kind];
  for (const { debit, credit, money } of transfers)
    fields.push(debit.name, debit.party, credit.name, credit.party, money.unit.code, String(money.amount));
  return hash('sha256', JSON.stringify(fields));
}

/** {@link contentOf} what stands in the rows. */
export function contentOfRows(kind: string, rows: readonly TransferRow[]): string {
  const transfers = rows.map((row) => ({
    debit: { name: row.debit_account, party: row.debit_party },
    credit: { name: row.credit_account, party: row.credit_party },
    money: { amount: row.amount, unit: { code: row.unit } },
  }));
  return contentOf(kind, transfers);
}

/** @param previous in hexadecimal @returns in hexadecimal */
export function eventHash(previous: string, { owner, seq, id, kind, inputHash, bookedAt }: EventRow): string {
  return hash('sha256', JSON.stringify(['epurse ledger event 1', previous, owner, seq, id, kind, inputHash, bookedAt]));
}
