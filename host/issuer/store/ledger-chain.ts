/**
 * Ledger events as chains, one for each owner (card or merchant): hash(n) = SHA-256(JSON of hash(n-1), event n and its
 * transfers), hash(0) = 32 zero bytes. So no lock is shared between owners, and a chain stays where its owner's rows are.
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

/** An event as its row has it, hashes in hexadecimal. */
export interface EventRow {
  readonly owner: string;
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly inputHash: string;
  readonly bookedAt: number;
}

export const noHash = '0'.repeat(64);

/** @param previous in hexadecimal @param transfers in the order of their lines @returns in hexadecimal */
export function eventHash(previous: string, event: EventRow, transfers: readonly TransferRow[]): string {
  const { owner, seq, id, kind, inputHash, bookedAt } = event;
  const fields: (string | number)[] = ['epurse ledger event 1', previous, owner, seq, id, kind, inputHash, bookedAt];
  for (const { debit_account, debit_party, credit_account, credit_party, unit, amount } of transfers)
    fields.push(debit_account, debit_party, credit_account, credit_party, unit, String(amount));
  return hash('sha256', JSON.stringify(fields));
}
