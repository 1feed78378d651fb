/** The card's signed statements: what they prove, and the log they seal. */
import { equalBytes, fromHex, toHex } from '../../protocol/codec/bytes.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { LifeCycle, LoadState, StatementPurpose } from '../../protocol/generated/enums.js';
import { statementCodec } from '../../protocol/generated/structures.js';
import type { StatementFields } from '../../protocol/generated/structures.js';
import type { SignedStatement, UploadedLog } from '../../protocol/issuer/port.js';
import { statementMessage, verifyStatement } from '../../protocol/signed/signed-statement.js';
import type { RecordFacts } from '../domain/records.js';
import { hashAt, nextHash } from '../store/books.js';
import type { CardBook } from '../store/books.js';
import type { CardRow } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import { recordFacts } from '../store/record-facts.js';
import type { Offered } from '../store/kept-books.js';
import { takeCancelOrders } from './cancel-orders.js';
import { noteParameters, noteTaken } from './card-keys.js';
import { reading, rejected } from './context.js';
import type { Issuer } from './context.js';
import { breakCard, cardBook, keepBook, lockedCard } from './keep.js';
import { noteSignatures } from './seen-signatures.js';
import { closeLoad } from './close-load.js';
import { stockFollows } from './stock-state.js';

/**
 * Decodes and verifies a statement.
 *
 * @throws IssuerError rejected
 */
export function openStatement({ scheme }: Issuer, card: CardRow, proof: SignedStatement): StatementFields {
  const statement = reading('statement', () => statementCodec.decode(proof.statement));
  if (
    !verifyStatement(
      signedFields(scheme.id, card, statement),
      proof.signature,
      new Uint8Array(card.sign_point),
      verifyNative,
    )
  )
    throw rejected(`The statement is not signed by the card ${card.card_id}.`);
  return statement;
}

function signedFields(scheme: number, card: CardRow, statement: StatementFields) {
  return { scheme, cardId: fromHex(card.card_id), keyVersion: card.key_version, statement };
}

export interface TakenLog {
  readonly open: CardBook;
  readonly statement: StatementFields;
}

/**
 * Takes the log after A under its statement: every record between A and NT, their running hash, the balances they lead to, the
 * cancel orders among them, and how the loads stand that the statement names.
 *
 * @throws IssuerError unknown-card, rejected: then nothing was taken
 */
export async function takeLog(issuer: Issuer, tx: Tx, log: UploadedLog): Promise<TakenLog> {
  const nts = reading('statement', () => loggedNumbers(statementCodec.decode(log.statement)));
  const cardId = toHex(log.cardId);
  const card = await lockedCard(tx, cardId);
  const statement = openStatement(issuer, card, log);
  const facts = await sealedRecords(issuer, tx, card, statement, log.records);
  const counters = facts.filter(({ kind }) => kind === 'load' || kind === 'unload').map(({ ref }) => ref);
  const open = await cardBook(tx, cardId, { nts, counters });
  await takeCancelOrders(issuer, tx, open, facts, log.cancelOrders);
  const offered = new Map<number, Offered>();
  for (const [i, one] of facts.entries()) {
    offered.set(open.book.take(one), { content: log.records[i] ?? new Uint8Array(), s3: new Uint8Array() });
  }
  const message = statementMessage(signedFields(issuer.scheme.id, open.card, statement));
  await noteSignatures(tx, [{ open, offered, seen: [{ signature: log.signature, message }] }]);
  compareBalances(open, statement);
  await keepBook(issuer, tx, open, offered);
  await noteCounters(issuer, tx, open.card, statement);
  await takeRegister(issuer, tx, open, statement);
  return { open, statement };
}

function loggedNumbers({ nt, acknowledged }: StatementFields): number[] {
  // a card keeps 32 records; what a statement claims beyond is found out when the records are counted
  return Array.from({ length: Math.max(0, Math.min(nt - acknowledged, 64)) }, (_, i) => acknowledged + 1 + i);
}

/** The records are those the card hashed: complete, in order, unchanged. */
async function sealedRecords(
  { scheme }: Issuer,
  tx: Tx,
  card: CardRow,
  { nt, acknowledged, runningHash }: StatementFields,
  records: readonly Uint8Array[],
): Promise<readonly RecordFacts[]> {
  if (records.length !== nt - acknowledged)
    throw rejected(`The log holds ${records.length} records where the statement seals ${nt - acknowledged}.`);
  const facts = records.map((content, i) =>
    reading(`record ${acknowledged + 1 + i}`, () => recordFacts(content, scheme.units)),
  );
  const known = await hashAt(tx, card, acknowledged);
  if (known === undefined)
    throw rejected(`The card counts ${acknowledged} records as acknowledged; the issuer does not.`);
  const sealed = records.reduce(nextHash, new Uint8Array(known));
  if (!equalBytes(sealed, runningHash)) throw rejected('The records are not those that the statement seals.');
  const gap = facts.findIndex((one, i) => one.nt !== acknowledged + 1 + i);
  if (gap >= 0) throw rejected(`The log's record ${gap + 1} has another number than the statement gives it.`);
  return facts;
}

/** A statement swears to balances and to a history; if they differ, the card swore falsely. */
function compareBalances({ book, rows }: CardBook, statement: StatementFields): void {
  if (book.fault !== undefined) return;
  if (book.nt === statement.nt) {
    const same = statement.balances.every(({ balance }, slot) => BigInt(balance) === book.balances[slot]);
    if (!same)
      book.breakWith('statement-balances', `At NT ${statement.nt} the card swears to other balances than its records.`);
  }
  const held = rows.get(statement.nt)?.running_hash;
  if (held !== undefined && held !== null && !equalBytes(new Uint8Array(held), statement.runningHash))
    book.breakWith('forked-log', `Two histories lead to NT ${statement.nt}.`);
}

async function noteCounters(
  issuer: Issuer,
  tx: Tx,
  card: CardRow,
  { orderCounter, register }: StatementFields,
): Promise<void> {
  if (BigInt(orderCounter) > card.order_counter) {
    await noteTaken(issuer, tx, card.card_id, orderCounter);
    await noteParameters(tx, card.card_id, orderCounter);
  }
  if (BigInt(orderCounter) <= card.order_counter && BigInt(register.counter) <= card.load_counter) return;
  await tx
    .updateTable('card')
    .set({
      order_counter: Math.max(orderCounter, Number(card.order_counter)),
      load_counter: Math.max(register.counter, Number(card.load_counter)),
    })
    .where('card_id', '=', card.card_id)
    .execute();
}

/** How this load and the one before ended, as the card signs it. */
export async function takeRegister(
  issuer: Issuer,
  tx: Tx,
  { card, units }: CardBook,
  { register }: StatementFields,
): Promise<void> {
  if (register.counter > 1 && register.previousState === LoadState.cancelled)
    await closeLoad(issuer, tx, card, units, register.counter - 1, undefined);
  if (register.state === LoadState.cancelled) await closeLoad(issuer, tx, card, units, register.counter, register);
  if (register.state === LoadState.credited && (await isGivenUp(tx, card.card_id, register.counter))) {
    const detail = `Load ${register.counter} is credited where the card gave it up before.`;
    await breakCard(issuer, tx, card.card_id, 'load-given-up-and-taken', detail);
  }
}

async function isGivenUp(tx: Tx, cardId: string, counter: number): Promise<boolean> {
  const row = await tx
    .selectFrom('load')
    .select('state')
    .where('card_id', '=', cardId)
    .where('counter', '=', BigInt(counter))
    .executeTakeFirst();
  return row?.state === 'given-up';
}

/** A closing statement freezes the book: what the card holds is owed to its holder. @throws IssuerError rejected */
export async function takeClosing(issuer: Issuer, tx: Tx, proof: SignedStatement): Promise<void> {
  const before = await cardBook(tx, toHex(proof.cardId));
  const statement = openStatement(issuer, before.card, proof);
  if (statement.purpose !== StatementPurpose.closing || statement.state !== LifeCycle.retired)
    throw rejected('This is not a closing statement.');
  await noteCounters(issuer, tx, before.card, statement);
  await takeRegister(issuer, tx, before, statement);
  // a load may have been given back by now, and the card may have contradicted itself
  const open = await cardBook(tx, toHex(proof.cardId));
  if (open.book.standing !== 'live' || open.book.fault !== undefined) return;
  compareBalances(open, statement);
  if (open.book.fault === undefined) open.book.retire();
  await keepBook(issuer, tx, open);
  await tx
    .updateTable('card')
    .set({ ended_at: issuer.clock(), closing: proof.statement, closing_signature: proof.signature })
    .where('card_id', '=', open.card.card_id)
    .execute();
  await stockFollows(issuer, tx, open.card.card_id, 'retired');
}
