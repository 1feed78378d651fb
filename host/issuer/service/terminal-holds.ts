/**
 * A terminal under suspicion: nothing that a POS claims is settled, and a kiosk or desk is not answered, until somebody looked and
 * released it. Unlike a revocation it can be taken back.
 */
import type { Tx } from '../store/database.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { knownTerminal } from './terminals.js';

/** In the caller's SQL transaction, which notes who did it. @returns false where it was held before @throws IssuerError unknown-terminal */
export async function holdTerminalIn(tx: Tx, terminalId: string, reason: string, now: number): Promise<boolean> {
  await knownTerminal(tx, terminalId);
  const held = await tx
    .updateTable('terminal')
    .set({ held_at: now, held_reason: reason })
    .where('terminal_id', '=', terminalId)
    .where('held_at', 'is', null)
    .returning('terminal_id')
    .execute();
  return held.length > 0;
}

/** @returns false where it was held before @throws IssuerError unknown-terminal, rejected */
export async function holdTerminal(issuer: Issuer, terminalId: string, reason: string, actor: Actor): Promise<boolean> {
  const why = reason.trim();
  if (why === '' || why.length > 200) throw rejected('A hold has a reason of at most 200 characters.');
  return issuer.store.transaction(async (tx) => {
    const at = issuer.clock();
    if (!(await holdTerminalIn(tx, terminalId, why, at))) return false;
    const subject = `terminal/${terminalId}`;
    await recordAudit(tx, { at, actor, action: 'terminal-held', subject, detail: { reason: why } });
    return true;
  });
}

/** @returns false where it was not held @throws IssuerError unknown-terminal */
export function releaseTerminal(issuer: Issuer, terminalId: string, actor: Actor): Promise<boolean> {
  return issuer.store.transaction(async (tx) => {
    const { held_at: held } = await knownTerminal(tx, terminalId);
    if (held === null) return false;
    await tx
      .updateTable('terminal')
      .set({ held_at: null, held_reason: null })
      .where('terminal_id', '=', terminalId)
      .execute();
    const subject = `terminal/${terminalId}`;
    await recordAudit(tx, { at: issuer.clock(), actor, action: 'terminal-released', subject, detail: {} });
    return true;
  });
}
