/** The terminals the issuer knows, by certificate. */
import type { Selectable } from 'kysely';
import { CertificateError } from '../../protocol/certificates/certificate.js';
import { parseTerminalCertificate, verifyTerminalCertificate } from '../../protocol/certificates/terminal.js';
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { concat, equalBytes, toHex } from '../../protocol/codec/bytes.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { roleNames } from '../../protocol/generated/enums.js';
import type { Role } from '../../protocol/generated/enums.js';
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
  if (row.revoked_at !== null) throw rejected(`The terminal ${row.terminal_id} was revoked.`);
  if (issuer.clock() >= Number(row.expiry))
    throw rejected(`The certificate of the terminal ${row.terminal_id} has run out.`);
  if (!roles.some((role) => role === row.role)) {
    const names = roles.map((role) => roleNames[role]).join(' or ');
    throw rejected(`The terminal ${row.terminal_id} has not the role ${names}.`);
  }
  return row;
}

/** Operator: refused from now on, for ever; a terminal that was wrongly revoked is enrolled under a new id. @throws IssuerError unknown-terminal */
export async function revokeTerminal(issuer: Issuer, terminalId: string, reason: string, actor: Actor): Promise<void> {
  await issuer.store.transaction(async (tx) => {
    await knownTerminal(tx, terminalId);
    const at = issuer.clock();
    const revoked = await tx
      .updateTable('terminal')
      .set({ revoked_at: at })
      .where('terminal_id', '=', terminalId)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (revoked.numUpdatedRows > 0n)
      await recordAudit(tx, {
        at,
        actor,
        action: 'terminal-revoked',
        subject: `terminal/${terminalId}`,
        detail: { reason },
      });
  });
}

export function merchantOf({ acquirerId, merchantId }: Pick<TerminalCertificate, 'acquirerId' | 'merchantId'>): string {
  return toHex(concat(acquirerId, merchantId));
}
