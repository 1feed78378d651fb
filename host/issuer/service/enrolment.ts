/**
 * New terminals over the network. An operator invites one: id, merchant and limits are his to say, and a token that serves once
 * goes to the shop. The terminal makes its two keys itself, proves that it holds them, and gets both certificates. A repeat of
 * the same request gets the same answer; a token used with other keys is a conflict that somebody should look into.
 */
import { createHash, randomBytes } from 'node:crypto';
import { concat, fromHex, toHex, u16 } from '../../protocol/codec/bytes.js';
import { parseAmount } from '../../protocol/codec/money.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { isOnCurve } from '../../protocol/crypto/ecdsa.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { parseTerminalCertificate } from '../../protocol/certificates/terminal.js';
import { Role, roleNames } from '../../protocol/generated/enums.js';
import type { UnitLimitFields } from '../../protocol/generated/structures.js';
import { enrolmentMessage } from '../../protocol/issuer/enrolment.js';
import type { EnrolmentRequest } from '../../protocol/issuer/enrolment.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { Keyring } from '../pki/keyring.js';
import { certify } from '../pki/terminals.js';
import { certifyClient } from '../pki/tls.js';
import type { TlsAuthority } from '../pki/tls.js';
import type { Tx } from '../store/database.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { registerTerminal } from './terminals.js';

/** What certifies terminals besides the issuer's own keys. */
export interface Enroller {
  /** The acquirer's, read where a POS comes; throws where they are kept elsewhere. */
  readonly keys: Keyring;
  readonly authority: TlsAuthority;
}

export interface Invitation {
  readonly terminalId: string;
  /** 32 bytes in hexadecimal; the issuer keeps its hash alone. */
  readonly token: string;
  readonly expiresAt: Seconds;
}

export interface Enrolled {
  readonly terminalId: Uint8Array;
  /** Of the card link, at most 239 bytes. */
  readonly terminalCertificate: Uint8Array;
  /** X.509, DER. */
  readonly connectionCertificate: Uint8Array;
}

/** How long a token serves. */
const invitationLifetime: Seconds = 86_400;

/** Most it may debit at once, in the units of this scheme. @throws IssuerError rejected */
export function limitsOf({ scheme }: Issuer, limits: readonly { amount: string; unit: string }[]): UnitLimitFields[] {
  return limits.map(({ amount, unit: name }) => {
    const unit = scheme.units.find((one) => one.name === name);
    if (unit === undefined) throw rejected(`The cards of this scheme hold no ${name.slice(0, 20)}.`);
    try {
      const { amount: limit } = parseAmount(amount, unit);
      return { unit: unit.code, limit: Number(limit) };
    } catch (cause) {
      throw rejected(`The limit "${amount.slice(0, 30)}" is no amount of ${name}.`, cause);
    }
  });
}

/** A shop's POS, with acquirer and merchant, 4 bytes each, and what it may debit at once; or a kiosk or desk of the issuer. */
export type InvitedTerminal =
  | {
      readonly role: typeof Role.pos;
      readonly acquirerId: Uint8Array;
      readonly merchantId: Uint8Array;
      readonly limits: readonly UnitLimitFields[];
    }
  | { readonly role: typeof Role.load | typeof Role.perso };

const nobody = new Uint8Array(4);

export async function inviteTerminal(issuer: Issuer, invited: InvitedTerminal, actor: Actor): Promise<Invitation> {
  const { role } = invited;
  const shop = invited.role === Role.pos ? invited : { acquirerId: nobody, merchantId: nobody, limits: [] };
  const token = new Uint8Array(randomBytes(32));
  const terminalId = toHex(concat(u16(issuer.scheme.id), Uint8Array.of(role), new Uint8Array(randomBytes(5))));
  const now = issuer.clock();
  const expiresAt = now + invitationLifetime;
  await issuer.store.transaction(async (tx) => {
    await tx
      .insertInto('terminal_invitation')
      .values({
        token_hash: hashOf(token),
        terminal_id: terminalId,
        role,
        acquirer_id: shop.acquirerId,
        merchant_id: shop.merchantId,
        limits: JSON.stringify(shop.limits),
        invited_by: actor.kind === 'terminal' ? actor.id : actor.name,
        invited_at: now,
        expires_at: expiresAt,
      })
      .execute();
    const merchant = toHex(concat(shop.acquirerId, shop.merchantId));
    await audited(tx, now, actor, 'terminal-invited', terminalId, { role: roleNames[role], merchant });
  });
  return { terminalId, token: toHex(token), expiresAt };
}

/** @throws IssuerError unknown-terminal, rejected, conflict */
export async function enrolTerminal(issuer: Issuer, enroller: Enroller, request: EnrolmentRequest): Promise<Enrolled> {
  checkKeys(request);
  const requestHash = hashOf(concat(request.cardLinkKey, request.connectionKey));
  return issuer.store.transaction(async (tx) => {
    const invitation = await tx
      .selectFrom('terminal_invitation')
      .selectAll()
      .where('token_hash', '=', hashOf(request.token))
      .forUpdate()
      .executeTakeFirst();
    const now = issuer.clock();
    if (invitation === undefined || (invitation.used_at === null && now > Number(invitation.expires_at)))
      throw new IssuerError('unknown-terminal', 'The token is not one of this issuer, or has run out.');
    const terminalId = fromHex(invitation.terminal_id);
    const { certificate, connection, request_hash: used } = invitation;
    if (certificate !== null && connection !== null && used !== null) {
      if (toHex(new Uint8Array(used)) !== toHex(requestHash))
        throw new IssuerError('conflict', 'The token was used before, with other keys.');
      const [terminalCertificate, connectionCertificate] = [new Uint8Array(certificate), new Uint8Array(connection)];
      return { terminalId, terminalCertificate, connectionCertificate };
    }
    const role = invitation.role as Role;
    const order = {
      name: invitation.terminal_id,
      role,
      terminalId,
      acquirerId: new Uint8Array(invitation.acquirer_id),
      merchantId: new Uint8Array(invitation.merchant_id),
      limits: JSON.parse(invitation.limits) as UnitLimitFields[],
    };
    // shops are the acquirer's, kiosks and desks the issuer's own
    const keys = role === Role.pos ? enroller.keys : issuer.keys;
    const { certificate: made } = certify(issuer.scheme, keys, order, request.cardLinkKey, now);
    const client = { terminalId, role, point: request.connectionKey };
    const enrolled = {
      terminalId,
      terminalCertificate: made,
      connectionCertificate: certifyClient(enroller.authority, client, now),
    };
    await registerTerminal(tx, parseTerminalCertificate(made));
    await tx
      .updateTable('terminal_invitation')
      .set({
        used_at: now,
        request_hash: requestHash,
        certificate: made,
        connection: enrolled.connectionCertificate,
      })
      .where('token_hash', '=', invitation.token_hash)
      .execute();
    const actor = { kind: 'terminal', id: invitation.terminal_id } as const;
    await audited(tx, now, actor, 'terminal-enrolled', invitation.terminal_id, { point: request.cardLinkKey });
    return enrolled;
  });
}

/** @throws IssuerError rejected */
function checkKeys(request: EnrolmentRequest): void {
  const { cardLinkKey, connectionKey, cardLinkProof, connectionProof } = request;
  if (!isOnCurve(cardLinkKey) || !isOnCurve(connectionKey)) throw rejected('A public key is not on the curve P-256.');
  if (toHex(cardLinkKey) === toHex(connectionKey)) throw rejected('The terminal uses one key for two purposes.');
  const message = enrolmentMessage(request);
  if (!verifyNative(message, cardLinkProof, cardLinkKey)) throw rejected('cardLinkProof does not hold.');
  if (!verifyNative(message, connectionProof, connectionKey)) throw rejected('connectionProof does not hold.');
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

async function audited(
  tx: Tx,
  at: Seconds,
  actor: Actor,
  action: string,
  terminalId: string,
  detail: Parameters<typeof recordAudit>[1]['detail'],
): Promise<void> {
  await recordAudit(tx, { at, actor, action, subject: `terminal/${terminalId}`, detail });
}
