/** Is everything that may only be added to still as it was written? Looks only. */
import { toHex } from '../../protocol/codec/bytes.js';
import type { Issuer } from '../service/context.js';
import { auditFlaw, auditHead } from '../store/audit-chain.js';
import type { ChainHead } from '../store/audit-chain.js';
import type { Db } from '../store/database.js';
import { ledgerFlaw } from '../store/ledger-verify.js';
import { sealFlaw } from '../store/seal-rows.js';

export interface Verification {
  /** Of the audit log. */
  readonly entries: bigint;
  /** Of the audit log, in hexadecimal: noted elsewhere, it proves later that nothing before it was changed. */
  readonly head: string;
  /** One sentence that names the first entry, seal or event that does not hold; undefined when all do. */
  readonly flaw: string | undefined;
}

/**
 * The audit log, the seals it names, then the chains of ledger events, as they stood at one moment; others go on working.
 *
 * @param noted a head that was noted earlier: the log has to contain it
 */
export function verify({ store }: Issuer, noted?: ChainHead): Promise<Verification> {
  return store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => verifyIn(tx, noted));
}

/** The same in a SQL transaction of the caller's. */
export async function verifyIn(db: Db, noted?: ChainHead): Promise<Verification> {
  let isThere = noted === undefined || noted.seq === 0n;
  const logFlaw = await auditFlaw(db, (row) => {
    if (row.seq === noted?.seq) isThere = toHex(new Uint8Array(row.hash)) === toHex(noted.hash);
    return sealFlaw(db, row);
  });
  const { seq, hash } = await auditHead(db);
  const lost = isThere ? undefined : `Audit entry ${noted?.seq ?? 0n} is not the one that was noted.`;
  return { entries: seq, head: toHex(hash), flaw: logFlaw ?? lost ?? (await ledgerFlaw(db)) };
}
