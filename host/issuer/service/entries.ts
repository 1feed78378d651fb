/** What became of a debit or cancel whose answer never came. The issuer's word is signed and final; it is given once. */
import { toHex } from '../../protocol/codec/bytes.js';
import { Authority, Outcome, Role } from '../../protocol/generated/enums.js';
import { entryAnswerCodec } from '../../protocol/generated/structures.js';
import type { EntryAnswerFields } from '../../protocol/generated/structures.js';
import type { EntryAnswer } from '../../protocol/issuer/port.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import { signEntryAnswer } from '../../protocol/signed/entry-answer.js';
import type { Tx } from '../store/database.js';
import { cardBook } from './keep.js';
import type { Issuer } from './context.js';
import { terminalInRole } from './terminals.js';

export interface EntryQuestion {
  readonly terminalId: Uint8Array;
  readonly cardId: Uint8Array;
  readonly tn: number;
  readonly ntSeen: number;
}

/** @throws IssuerError unknown-terminal, unknown-card, rejected, conflict */
export async function entryAnswer(issuer: Issuer, question: EntryQuestion): Promise<EntryAnswer> {
  const terminal = await terminalInRole(issuer, question.terminalId, Role.pos);
  const cardId = toHex(question.cardId);
  return issuer.store.transaction(async (tx) => {
    const open = await cardBook(tx, cardId);
    const asked = await remember(issuer, tx, cardId, terminal.terminal_id, question);
    const known = await tx
      .selectFrom('record')
      .selectAll()
      .where('card_id', '=', cardId)
      .where((where) =>
        where.or([
          where('nt', '=', BigInt(question.ntSeen + 1)),
          where.and([where('terminal_id', '=', terminal.terminal_id), where('tn', '=', BigInt(question.tn))]),
        ]),
      )
      .execute();
    const record = known.find(
      ({ terminal_id, tn }) => terminal_id === terminal.terminal_id && Number(tn) === question.tn,
    );
    if (asked.answer !== null && asked.signature !== null) {
      return final(new Uint8Array(asked.answer), new Uint8Array(asked.signature), record?.s3 ?? null);
    }
    if (record !== undefined) return answer(issuer, tx, question, new Uint8Array(record.content), record.s3);
    const windowEnds = Number(asked.first_asked) + issuer.policy.presentationWindow;
    // the order carried ntSeen + 1 or nothing: another record there, or no record in time, and it never will be
    const never = known.length > 0 || open.book.standing === 'closed' || issuer.clock() >= windowEnds;
    if (!never) return { status: 'unknown', askAfter: windowEnds };
    await markAllVoid(issuer, tx, [{ cardId, terminalId: terminal.terminal_id, tn: question.tn }]);
    return answer(issuer, tx, question, undefined, null);
  });
}

/** The window runs from the first question. */
async function remember(issuer: Issuer, tx: Tx, cardId: string, terminalId: string, { tn, ntSeen }: EntryQuestion) {
  await tx
    .insertInto('entry_question')
    .values({ card_id: cardId, terminal_id: terminalId, tn, nt_seen: ntSeen, first_asked: issuer.clock() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tx
    .selectFrom('entry_question')
    .selectAll()
    .where('card_id', '=', cardId)
    .where('terminal_id', '=', terminalId)
    .where('tn', '=', BigInt(tn))
    .executeTakeFirstOrThrow();
  if (Number(row.nt_seen) !== ntSeen)
    throw new IssuerError(
      'conflict',
      `Transaction ${tn} was asked about before, with NT ${row.nt_seen} instead of ${ntSeen}.`,
    );
  return row;
}

/** A terminal's number with a card. */
export interface VoidOrder {
  readonly cardId: string;
  readonly terminalId: string;
  readonly tn: number;
}

/** From now on these numbers pay nobody but the holder. */
export async function markAllVoid(issuer: Issuer, tx: Tx, orders: readonly VoidOrder[]): Promise<void> {
  if (orders.length === 0) return;
  const at = issuer.clock();
  await tx
    .insertInto('voided')
    .values(orders.map(({ cardId, terminalId, tn }) => ({ card_id: cardId, terminal_id: terminalId, tn, at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function answer(
  issuer: Issuer,
  tx: Tx,
  { terminalId, cardId, tn, ntSeen }: EntryQuestion,
  record: Uint8Array | undefined,
  s3: Uint8Array | null,
): Promise<EntryAnswer> {
  const fields: EntryAnswerFields = {
    scheme: issuer.scheme.id,
    terminalId,
    cardId,
    tn,
    ntSeen,
    outcome: record === undefined ? Outcome.void : Outcome.sold,
    record: record ?? new Uint8Array(),
    answeredAt: issuer.clock(),
  };
  const bytes = entryAnswerCodec.encode(fields);
  const signature = signEntryAnswer(fields, issuer.keys.signer(Authority.order));
  await tx
    .updateTable('entry_question')
    .set({ answer: bytes, signature })
    .where('card_id', '=', toHex(cardId))
    .where('terminal_id', '=', toHex(terminalId))
    .where('tn', '=', BigInt(tn))
    .execute();
  return final(bytes, signature, s3);
}

function final(bytes: Uint8Array, signature: Uint8Array, s3: Uint8Array | null): EntryAnswer {
  const { outcome, cardId, record } = entryAnswerCodec.decode(bytes);
  if (outcome === Outcome.void) return { status: 'void', answer: bytes, signature };
  const proof = s3 === null ? new Uint8Array() : new Uint8Array(s3);
  return { status: 'executed', cardId, record, s3: proof, answer: bytes, signature };
}
