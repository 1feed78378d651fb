/** Issuing cards: from a raw card's public keys to somebody's purse. */
import { equalBytes, fromHex, toHex } from '../../protocol/codec/bytes.js';
import { issueCardCertificate } from '../../protocol/certificates/card.js';
import { isOnCurve } from '../../protocol/crypto/ecdsa.js';
import { Authority, KeyRef, Role, StatementPurpose, LifeCycle } from '../../protocol/generated/enums.js';
import { cardDataCodec, keyDataCodec } from '../../protocol/generated/structures.js';
import { keysOf } from '../../protocol/scheme.js';
import type { Scheme, SchemeKey } from '../../protocol/scheme.js';
import type { CardKey, IssueRequest, IssuedCard, SignedStatement } from '../../protocol/issuer/port.js';
import { openHead } from '../store/card-rows.js';
import type { WholeCard } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import { schemeKey } from '../pki/keyring.js';
import { cardIdOf } from './card-id.js';
import { issuedVersions } from './card-keys.js';
import type { Versions } from './card-keys.js';
import { conflict, rejected } from './context.js';
import type { Issuer } from './context.js';
import { ensureHolder, holderOfCard, nameFlaw } from './holders.js';
import { lockedCard } from './keep.js';
import { markLost } from './listing.js';
import { currentParameters, parametersOf, standardProduct } from './parameters.js';
import { openProduct } from './products.js';
import { takeFromStock } from './stock.js';
import { openStatement } from './statements.js';
import { terminalInRole } from './terminals.js';

const firstKeyVersion = 1;

/** Same serial and points give the same card again. @throws IssuerError rejected, conflict, unknown-terminal, unknown-card */
export async function issueCard(issuer: Issuer, request: IssueRequest): Promise<IssuedCard> {
  await terminalInRole(issuer, request.deskId, Role.perso);
  checkRequest(request);
  const cardId = cardIdOf(issuer, request.serial);
  const card = await issuer.store.transaction(async (tx) => {
    const known = await tx.selectFrom('card').selectAll().where('card_id', '=', cardId).forUpdate().executeTakeFirst();
    return known === undefined ? newCard(issuer, tx, cardId, request) : sameCard(tx, known, request);
  });
  const { parameters } = await parametersOf(issuer.store.db, card.parameters_version);
  return {
    cardId: fromHex(cardId),
    cardData: new Uint8Array(card.card_data),
    certificate: new Uint8Array(card.certificate),
    parameters,
    keys: cardKeys(issuer, card),
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
  const flaw = nameFlaw(holder);
  if (flaw !== undefined) throw rejected(flaw);
}

/** Holder and card replaced are part of what was asked; a name is compared as people do. */
async function sameCard(tx: Tx, card: WholeCard, request: IssueRequest): Promise<WholeCard> {
  const keys =
    equalBytes(new Uint8Array(card.serial), request.serial) &&
    equalBytes(new Uint8Array(card.sign_point), request.signPoint) &&
    equalBytes(new Uint8Array(card.agree_point), request.agreePoint);
  const replaces = request.replaces === undefined ? null : toHex(request.replaces);
  const holder = await holderOfCard(tx, card.card_id, request.holder);
  const [wrong] = [
    ...(keys ? [] : ['other keys']),
    ...(card.replaces === replaces ? [] : ['another card to replace']),
    ...(holder === undefined ? ['another holder'] : []),
  ];
  if (wrong === undefined) return card;
  throw conflict(`A card with the serial ${toHex(request.serial)} was issued before, with ${wrong}.`);
}

async function newCard(issuer: Issuer, tx: Tx, cardId: string, request: IssueRequest): Promise<WholeCard> {
  const { scheme, keys, clock, policy } = issuer;
  const now = clock();
  const assigned = await takeFromStock(issuer, tx, cardId, request.holder);
  const product = await openProduct(tx, assigned?.product ?? standardProduct);
  const expiry = yearsAfter(now, product.lifetime_years ?? policy.cardLifetimeYears);
  const { version } = await currentParameters(tx, product.name);
  const replaces = request.replaces === undefined ? null : toHex(request.replaces);
  const holder =
    assigned?.holder ??
    (replaces === null ? undefined : await holderOfCard(tx, replaces, request.holder)) ??
    (await ensureHolder(tx, request.holder, cardId));
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
      replaces,
      product: product.name,
      ...issuedVersions(issuer),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await openHead(
    tx,
    cardId,
    units.map(({ unit }) => unit),
  );
  return card;
}

/** R8: by the calendar, so that five years are five years. */
function yearsAfter(time: number, years: number): number {
  const date = new Date(time * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return Math.floor(date.getTime() / 1000);
}

/** The keys that were current when the card was registered, and their successors: the same again after a rotation. */
function cardKeys({ scheme }: Issuer, card: Versions): CardKey[] {
  const pair = (ref: number, authority: Authority, version: number): CardKey[] =>
    [version, version + 1].map((one, turn) => {
      const { keyId, roles, point } = keyOfVersion(scheme, authority, one);
      return { ref: ref + turn, data: keyDataCodec.encode({ keyId, roles, point }) };
    });
  return [
    ...pair(KeyRef.terminalCa, Authority.terminalCa, card.terminal_ca_version),
    ...pair(KeyRef.posCa, Authority.posCa, card.pos_ca_version),
    ...pair(KeyRef.credit, Authority.credit, card.credit_version),
    ...pair(KeyRef.order, Authority.order, card.order_version),
  ];
}

function keyOfVersion(scheme: Scheme, authority: Authority, version: number): SchemeKey {
  const key = keysOf(scheme, authority).find(({ keyId }) => keyId.version === version);
  if (key !== undefined) return key;
  throw rejected('The card was registered under keys that the scheme has dropped since: take another raw card.');
}
