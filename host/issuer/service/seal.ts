/**
 * A seal binds the ledger to the audit log: it writes down where the chain of every owner stands and puts one hash over all of
 * that into the log. Whoever rewrites an old event then has to rewrite its chain, the seal, and the log after it.
 */
import { sealAction, writeSeal } from '../store/seal-rows.js';
import type { SealContent } from '../store/seal-rows.js';
import { auditChain } from '../store/audit-chain.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import type { Issuer } from './context.js';

/**
 * One seal after the other: whoever holds the head of the log makes the next one. Its number is that of its entry in the log.
 *
 * @returns undefined where no chain has grown since the seal before
 */
export function sealLedger(issuer: Issuer, actor: Actor): Promise<SealContent | undefined> {
  return issuer.store.transaction(async (tx) => {
    const head = await tx
      .selectFrom('audit_head')
      .select('seq')
      .where('chain', '=', auditChain)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const content = await writeSeal(tx, Number(head.seq) + 1);
    if (content.owners === 0) return undefined;
    const { seal, owners, root } = content;
    const detail = { seal, owners, root };
    await recordAudit(tx, { at: issuer.clock(), actor, action: sealAction, subject: `seal/${seal}`, detail });
    return content;
  });
}
