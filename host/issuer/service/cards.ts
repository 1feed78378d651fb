/** Issuing cards: from a raw card's public keys to somebody's purse. */
import { createHash } from 'node:crypto';
import { concat, equalBytes, fromHex, toHex, u16 } from '../../protocol/codec/bytes.js';
import { issueCardCertificate } from '../../protocol/certificates/card.js';
import { isOnCurve } from '../../protocol/crypto/ecdsa.js';
import { Authority, KeyRef, Role, StatementPurpose, LifeCycle } from '../../protocol/generated/enums.js';
import { cardDataCodec, keyDataCodec } from '../../protocol/generated/structures.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { CardKey, IssueRequest, IssuedCard, SignedStatement } from '../../protocol/issuer/port.js';
import type { CardRow } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { schemeKey } from '../pki/keyring.js';
import type { KeyTurn } from '../pki/keyring.js';
import { issuedVersions } from './card-keys.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { ensureHolder } from './holders.js';
import { lockedCard } from './keep.js';
import { markLost } from './listing.js';
import { currentParameters } from './parameters.js';
import { openStatement } from './statements.js';
import { terminalInRole } from './terminals.js';

const firstKeyVersion = 1;
const longestHolder = 80;

/** Same serial and points give the same card again. @throws IssuerError rejected, conflict, unknown-terminal, unknown-card */
export async function issueCard(issuer: Issuer, request: IssueRequest): Promise<IssuedCard> {
  await terminalInRole(issuer, request.deskId, Role.perso);
  checkRequest(request);
  const cardId = cardIdOf(issuer, request.serial);
  const card = await issuer.store.transaction(async (tx) => {
    const known = await tx.selectFrom('card').selectAll().where('card_id', '=', cardId).forUpdate().executeTakeFirst();
    return known === undefined ? newCard(issuer, tx, cardId, request) : sameCard(known, request);
  });
  const { parameters } = await currentParameters(issuer.store.db);
  return {
    cardId: fromHex(cardId),
    cardData: new Uint8Array(card.card_data),
    certificate: new Uint8Array(card.certificate),
    parameters,
    keys: cardKeys(issuer),
  };
}

/** The card answered for itself. @throws IssuerError unknown-card, rejected */
export async function cardActivated(issuer: Issuer, proof: SignedStatement): Promise<void> {
  await issuer.store.transaction(async (tx) => {
    const card = await lockedCard(tx, toHex(proof.cardId));
    const statement = openStatement(issuer, card, proof);
    if (statement.purpose !== StatementPurpose.log || statement.state !== LifeCycle.active)
      throw rejected('The statement does not say that the card is active.');
    if (card.state === 'issued')
      await tx.updateTable('card').set({ state: 'active' }).where('card_id', '=', card.card_id).execute();
  });
}

function checkRequest({ serial, signPoint, agreePoint, holder }: IssueRequest): void {
  if (serial.length !== 8) throw rejected('A serial has 8 bytes.');
  if (!isOnCurve(signPoint) || !isOnCurve(agreePoint)) throw rejected('A public key of the card is not on the curve.');
  if (equalBytes(signPoint, agreePoint)) throw rejected('The card uses one key for two purposes.');
  if (holder.length > longestHolder) throw rejected(`A holder's name has at most ${longestHolder} characters.`);
}

/** From scheme and serial, so that the same chip always gets the same id and no index over all cards is needed. */
function cardIdOf({ scheme }: Issuer, serial: Uint8Array): string {
  const input = concat(new TextEncoder().encode('epurse card'), u16(scheme.id), serial);
  return toHex(new Uint8Array(createHash('sha256').update(input).digest()).slice(0, 8));
}

function sameCard(card: CardRow, request: IssueRequest): CardRow {
  const same =
    equalBytes(new Uint8Array(card.serial), request.serial) &&
    equalBytes(new Uint8Array(card.sign_point), request.signPoint) &&
    equalBytes(new Uint8Array(card.agree_point), request.agreePoint);
  if (same) return card;
  throw new IssuerError(
    'conflict',
    `A card with the serial ${toHex(request.serial)} was issued before, with other keys.`,
  );
}

async function newCard(issuer: Issuer, tx: Tx, cardId: string, request: IssueRequest): Promise<CardRow> {
  const { scheme, keys, clock, policy } = issuer;
  const now = clock();
  const expiry = yearsAfter(now, policy.cardLifetimeYears);
  const { version } = await currentParameters(tx);
  const replaces = request.replaces === undefined ? null : toHex(request.replaces);
  const holder = await ensureHolder(tx, request.holder, cardId);
  if (replaces !== null) await markLost(issuer, tx, replaces, cardId, holder);
  const units = scheme.units.map(({ code }) => ({ unit: code }));
  const card = await tx
    .insertInto('card')
    .values({
      card_id: cardId,
      serial: request.serial,
      sign_point: request.signPoint,
      agree_point: request.agreePoint,
      key_version: firstKeyVersion,
      certificate: issueCardCertificate(
        {
          authority: schemeKey(scheme, Authority.cardCa).keyId,
          cardId: fromHex(cardId),
          keyVersion: firstKeyVersion,
          signPoint: request.signPoint,
          agreePoint: request.agreePoint,
          effective: now,
          expiry,
        },
        keys.signer(Authority.cardCa),
      ),
      card_data: cardDataCodec.encode({
        cardId: fromHex(cardId),
        scheme: scheme.id,
        keyVersion: firstKeyVersion,
        date: now,
        expiry,
        units,
      }),
      holder_id: holder,
      state: 'issued',
      issued_at: now,
      expiry,
      parameters_version: version,
      running_hash: new Uint8Array(32),
      replaces,
      ...issuedVersions(issuer),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('card_slot')
    .values(units.map(({ unit }, slot) => ({ card_id: cardId, slot, unit })))
    .execute();
  return card;
}

/** R8: by the calendar, so that five years are five years. */
function yearsAfter(time: number, years: number): number {
  const date = new Date(time * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return Math.floor(date.getTime() / 1000);
}

function cardKeys({ scheme }: Issuer): CardKey[] {
  const key = (ref: number, authority: Authority, turn: KeyTurn): CardKey => {
    const { keyId, roles, point } = schemeKey(scheme, authority, turn);
    return { ref, data: keyDataCodec.encode({ keyId, roles, point }) };
  };
  return [
    key(KeyRef.terminalCa, Authority.terminalCa, 'current'),
    key(KeyRef.terminalCaNext, Authority.terminalCa, 'next'),
    key(KeyRef.posCa, Authority.posCa, 'current'),
    key(KeyRef.posCaNext, Authority.posCa, 'next'),
    key(KeyRef.credit, Authority.credit, 'current'),
    key(KeyRef.creditNext, Authority.credit, 'next'),
    key(KeyRef.order, Authority.order, 'current'),
    key(KeyRef.orderNext, Authority.order, 'next'),
  ];
}
