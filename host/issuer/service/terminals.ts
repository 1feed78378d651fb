/** The terminals the issuer knows, by certificate. */
import type { Selectable } from 'kysely';
import { CertificateError } from '../../protocol/certificates/certificate.js';
import { parseTerminalCertificate, verifyTerminalCertificate } from '../../protocol/certificates/terminal.js';
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { concat, equalBytes, toHex } from '../../protocol/codec/bytes.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { Role, roleNames } from '../../protocol/generated/enums.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { Db } from '../store/database.js';
import type { TerminalTable } from '../store/schema.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';

export type TerminalRow = Selectable<TerminalTable>;

/**
 * Reads a terminal certificate and checks it as a card would, at a given time.
 *
 * @throws IssuerError rejected
 */
export function verifiedTerminal(issuer: Issuer, bytes: Uint8Array, at: number): TerminalCertificate {
  try {
    const certificate = parseTerminalCertificate(bytes);
    verifyTerminalCertificate(certificate, issuer.scheme.keys, at, verifyNative);
    return certificate;
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    throw rejected(`The terminal's certificate does not hold: ${cause.message}`, cause);
  }
}

/**
 * Enters a verified certificate in the register. A terminal id stays with its key, its role and its merchant for ever; only
 * the validity moves.
 *
 * @throws IssuerError conflict
 */
export async function registerTerminal(db: Db, certificate: TerminalCertificate): Promise<TerminalRow> {
  const terminalId = toHex(certificate.terminalId);
  const merchant = merchantOf(certificate);
  const row = await db
    .insertInto('terminal')
    .values({
      terminal_id: terminalId,
      role: certificate.role,
      merchant,
      point: certificate.point,
      certificate: certificate.bytes,
      effective: certificate.effective,
      expiry: certificate.expiry,
    })
    .onConflict((conflict) =>
      conflict
        .column('terminal_id')
        .doUpdateSet({ certificate: certificate.bytes, expiry: certificate.expiry })
        .whereRef('terminal.expiry', '<', 'excluded.expiry')
        .whereRef('terminal.point', '=', 'excluded.point'),
    )
    .returningAll()
    .executeTakeFirst();
  const known = row ?? (await knownTerminal(db, terminalId));
  if (
    !equalBytes(new Uint8Array(known.point), certificate.point) ||
    known.role !== certificate.role ||
    known.merchant !== merchant
  )
    throw new IssuerError('conflict', `The terminal id ${terminalId} belongs to another key, role or merchant.`);
  return known;
}

/** @throws IssuerError unknown-terminal */
export async function knownTerminal(db: Db, terminalId: string): Promise<TerminalRow> {
  const row = await db.selectFrom('terminal').selectAll().where('terminal_id', '=', terminalId).executeTakeFirst();
  if (row === undefined)
    throw new IssuerError('unknown-terminal', `The terminal ${terminalId} is not registered here.`);
  return row;
}

/** A terminal that may ask this now. @throws IssuerError unknown-terminal, rejected */
export async function terminalInRole(issuer: Issuer, id: Uint8Array, ...roles: readonly Role[]): Promise<TerminalRow> {
  const row = await knownTerminal(issuer.store.db, toHex(id));
  if (row.revoked_at !== null)
    throw new IssuerError('unknown-terminal', `The terminal ${row.terminal_id} was revoked.`);
  // what a POS asks keeps its holders' money straight; a kiosk or desk under suspicion waits
  if (row.held_at !== null && row.role !== Role.pos) throw rejected(`The terminal ${row.terminal_id} is held.`);
  if (issuer.clock() >= Number(row.expiry))
    throw rejected(`The certificate of the terminal ${row.terminal_id} has run out.`);
  if (!roles.some((role) => role === row.role)) {
    const names = roles.map((role) => roleNames[role]).join(' or ');
    throw rejected(`The terminal ${row.terminal_id} has not the role ${names}.`);
  }
  return row;
}

/**
 * Takes a terminal out of service for ever: the issuer answers it no more. It may still hand in batches, for what a POS sold before
 * is owed; later sales are not paid. Cards keep no list of revoked terminals; until its certificate runs out (a POS within 90 days)
 * they still speak to it, within its limits.
 *
 * @returns false where it was revoked before
 * @throws IssuerError unknown-terminal, rejected
 */
export async function revokeTerminal(
  issuer: Issuer,
  terminalId: string,
  reason: string,
  actor: Actor,
): Promise<boolean> {
  if (reason.trim() === '' || reason.length > 200)
    throw rejected('A revocation has a reason of at most 200 characters.');
  return issuer.store.transaction(async (tx) => {
    const terminal = await knownTerminal(tx, terminalId);
    if (terminal.revoked_at !== null) return false;
    const at = issuer.clock();
    await tx
      .updateTable('terminal')
      .set({ revoked_at: at, revoked_reason: reason.trim() })
      .where('terminal_id', '=', terminalId)
      .execute();
    const detail = { role: terminal.role, merchant: terminal.merchant, reason: reason.trim() };
    await recordAudit(tx, { at, actor, action: 'terminal-revoked', subject: `terminal/${terminalId}`, detail });
    return true;
  });
}

export function merchantOf({ acquirerId, merchantId }: Pick<TerminalCertificate, 'acquirerId' | 'merchantId'>): string {
  return toHex(concat(acquirerId, merchantId));
}
