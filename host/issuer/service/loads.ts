/**
 * Loads and unloads. One authorisation per (card, load counter): its bytes are made once and given again on every repeat. The
 * issuer asks the bank itself, under the key (card, load counter); a kiosk's word funds nothing.
 */
import { equalBytes, toHex } from '../../protocol/codec/bytes.js';
import { formatMoney, money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { LifeCycle, LoadState, LoadType, Role, StatementPurpose } from '../../protocol/generated/enums.js';
import type { StatementFields } from '../../protocol/generated/structures.js';
import type {
  Authorisation,
  LoadRefusal,
  LoadStatus,
  SignedStatement,
  UploadedLog,
} from '../../protocol/issuer/port.js';
import type { LoadRow, CardBook } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { findLoad, lockedLoad } from '../store/loads.js';
import { authorise } from './authorisation.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { fund, returnMoney } from './fund.js';
import { breakCard, cardBook, lockedCard } from './keep.js';
import { limitReached } from './limits.js';
import { isListed } from './listing.js';
import { lockHolder } from './holders.js';
import { openStatement, takeLog, takeRegister } from './statements.js';
import { terminalInRole } from './terminals.js';

type Refused = Extract<Authorisation, { status: 'refused' }>;

/** @throws IssuerError unknown-terminal, unknown-card, rejected */
export async function authoriseLoad(
  issuer: Issuer,
  { kioskId, log }: { readonly kioskId: Uint8Array; readonly log: UploadedLog },
): Promise<Authorisation> {
  await terminalInRole(issuer, kioskId, Role.load);
  const asked = await issuer.store.transaction(async (tx) => {
    const { open, statement } = await takeLog(issuer, tx, log);
    return askedFor(issuer, tx, open, statement, toHex(kioskId));
  });
  return 'status' in asked ? asked : decide(issuer, asked, kioskId);
}

/** What became of a load, asked by its counter. @throws IssuerError unknown-terminal, unknown-card, rejected */
export async function loadStatus(
  issuer: Issuer,
  { kioskId, cardId, counter }: { readonly kioskId: Uint8Array; readonly cardId: Uint8Array; readonly counter: number },
): Promise<LoadStatus> {
  await terminalInRole(issuer, kioskId, Role.load);
  const key = toHex(cardId);
  await issuer.store.transaction((tx) => lockedCard(tx, key));
  const load = await findLoad(issuer.store.db, key, counter);
  if (load === undefined) return { status: 'unknown' };
  if (load.state === 'given-up' || load.state === 'credited') return { status: 'settled' };
  if (await isListed(issuer.store.db, key)) return listed;
  return decide(issuer, load, kioskId);
}

/** The card gave a load up. @throws IssuerError unknown-card, rejected */
export async function loadCancelled(issuer: Issuer, proof: SignedStatement): Promise<void> {
  const cardId = toHex(proof.cardId);
  const counter = await issuer.store.transaction(async (tx) => {
    const open = await cardBook(tx, cardId);
    const statement = openStatement(issuer, open.card, proof);
    if (statement.purpose !== StatementPurpose.register) throw rejected('This statement is not about a load.');
    await takeRegister(issuer, tx, open, statement);
    return statement.register.counter;
  });
  const load = await findLoad(issuer.store.db, cardId, counter);
  if (load !== undefined) await returnMoney(issuer, load);
}

/** Answer or row to go on with. Only a statement made by INIT LOAD asks, and only for its newest counter. */
async function askedFor(
  issuer: Issuer,
  tx: Tx,
  open: CardBook,
  statement: StatementFields,
  kioskId: string,
): Promise<Refused | Authorisation | LoadRow> {
  const { register } = statement;
  if (statement.purpose !== StatementPurpose.initLoad || statement.state !== LifeCycle.active)
    return refused('statement-rejected', 'The statement does not ask for a load.');
  if (register.state !== LoadState.pending) return refused('statement-rejected', 'No load is pending on the card.');
  const { card_id } = open.card;
  if (open.book.fault !== undefined || (await isListed(tx, card_id))) return listed;
  const known = await findLoad(tx, card_id, register.counter);
  if (known !== undefined) return sameLoad(issuer, tx, known, statement);
  if (BigInt(register.counter) < open.card.load_counter)
    return refused('statement-rejected', 'The card has asked for a later load since.');
  return newLoad(issuer, tx, open, statement, kioskId);
}

/** The card signs one load under one counter; two would let the second be had for the price of the first. */
async function sameLoad(
  issuer: Issuer,
  tx: Tx,
  load: LoadRow,
  { register }: StatementFields,
): Promise<Refused | LoadRow> {
  if (load.state === 'given-up') return refused('load-cancelled', 'The card gave this load up before.');
  const same =
    load.kind === kindOf(register.type) &&
    load.slot === register.slot &&
    load.amount === BigInt(register.amount) &&
    equalBytes(new Uint8Array(load.random), register.random);
  if (same) return load;
  await breakCard(
    issuer,
    tx,
    load.card_id,
    'two-contents',
    `Load ${register.counter} was asked for with two contents.`,
  );
  return refused('statement-rejected', 'The card asks for another load under the number of an earlier one.');
}

async function newLoad(
  issuer: Issuer,
  tx: Tx,
  { card, book, units }: CardBook,
  { register, nt }: StatementFields,
  kioskId: string,
): Promise<Refused | LoadRow> {
  const unit = units[register.slot];
  if (unit === undefined || unit.code !== register.unit || register.amount === 0)
    return refused('statement-rejected', 'The card asks for a slot, unit or amount that it cannot have.');
  if (BigInt(issuer.clock()) >= card.expiry) return refused('statement-rejected', 'The card has expired.');
  const kind = kindOf(register.type);
  const amount = BigInt(register.amount);
  const holder = await lockHolder(tx, card.holder_id);
  if (holder.account === null && kind === 'unload')
    return refused('no-account', 'The holder has no account to pay an unload to.');
  const reached = await limitReached(issuer, tx, card, kind, money(amount, unit), register.slot, book.balances);
  if (reached !== undefined) return refused(reached.code, reached.message);
  return tx
    .insertInto('load')
    .values({
      card_id: card.card_id,
      counter: register.counter,
      kind,
      slot: register.slot,
      unit: unit.code,
      amount,
      random: register.random,
      kiosk_id: kioskId,
      holder_id: card.holder_id,
      state: 'asked',
      funding: 'none',
      asked_nt: nt,
      asked_at: issuer.clock(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * From a row to an answer; asks the bank where that is due, outside any SQL transaction. A kiosk that was revoked or held while the bank
 * was asked gets no answer: the card has its authorisation at another, or gives the load up.
 *
 * @throws IssuerError unknown-terminal, rejected
 */
async function decide(issuer: Issuer, load: LoadRow, kioskId: Uint8Array): Promise<Authorisation> {
  switch (load.state) {
    case 'authorised':
    case 'credited':
      return stored(load);
    case 'declined':
      return load.funding === 'none' ? bankDeclined(load) : listedMeanwhile;
    case 'lapsed':
      return lapsed;
    case 'given-up':
      return refused('load-cancelled', 'The card gave this load up before.');
    case 'asked':
      break;
  }
  const decided = load.kind === 'unload' ? await authoriseUnload(issuer, load) : await fund(issuer, load);
  await terminalInRole(issuer, kioskId, Role.load);
  if (decided.state !== 'asked') return decide(issuer, decided, kioskId);
  return (await isListed(issuer.store.db, load.card_id)) ? listed : { status: 'pending' };
}

async function authoriseUnload(issuer: Issuer, { card_id, counter }: LoadRow): Promise<LoadRow> {
  return issuer.store.transaction(async (tx) => {
    await lockedCard(tx, card_id);
    const load = await lockedLoad(tx, card_id, Number(counter));
    if (load.state !== 'asked' || (await isListed(tx, card_id))) return load;
    return authorise(issuer, tx, load, 'none');
  });
}

function stored({ authorisation, signature }: LoadRow): Authorisation {
  if (authorisation === null || signature === null) throw new Error('an authorised load without its authorisation');
  return { status: 'authorised', authorisation: new Uint8Array(authorisation), signature: new Uint8Array(signature) };
}

function refused(code: LoadRefusal, message: string): Refused {
  return { status: 'refused', code, message };
}

function bankDeclined({ amount, unit }: LoadRow): Refused {
  return refused('funding-declined', `The bank declined ${formatMoney(money(amount, unitByCode(unit)))}.`);
}

const listed = refused('card-listed', 'The card is blocked at the issuer.');
const listedMeanwhile = refused(
  'card-listed',
  'The card was blocked while the bank was asked for this load: what was paid goes back.',
);

const lapsed = refused(
  'funding-declined',
  'The bank did not answer for this load in time, so it was ended: what was paid for it goes back. Ask for another.',
);

function kindOf(type: number): 'load' | 'unload' {
  return type === LoadType.unload ? 'unload' : 'load';
}
