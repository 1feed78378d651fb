/** Is everything that may only be added to still as it was written? Looks only. */
import { toHex } from '../../protocol/codec/bytes.js';
import type { Issuer } from '../service/context.js';
import { auditFlaw, auditHead } from '../store/audit-chain.js';
import type { ChainHead } from '../store/audit-chain.js';

export interface Verification {
  readonly entries: bigint;
  /** Of the audit log, in hexadecimal: noted elsewhere, it proves later that nothing before it was changed. */
  readonly head: string;
  /** One sentence that names the first entry that does not hold; undefined when all do. */
  readonly flaw: string | undefined;
}

/** @param noted a head that was noted earlier: the log has to contain it */
export async function verify({ store }: Issuer, noted?: ChainHead): Promise<Verification> {
  let isThere = noted === undefined || noted.seq === 0n;
  const flaw = await auditFlaw(store.db, ({ seq, hash }) => {
    if (seq === noted?.seq) isThere = toHex(new Uint8Array(hash)) === toHex(noted.hash);
  });
  const { seq, hash } = await auditHead(store.db);
  const lost = isThere ? undefined : `Audit entry ${noted?.seq ?? 0n} is not the one that was noted.`;
  return { entries: seq, head: toHex(hash), flaw: flaw ?? lost };
}
