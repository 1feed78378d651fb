/** A single record with its S3: the credit that a kiosk reports. */
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { recordCodec } from '../../protocol/generated/structures.js';
import type { SignedRecord } from '../../protocol/issuer/port.js';
import { recordMessage, verifyRecord } from '../../protocol/signed/signed-record.js';
import type { CardRow } from '../store/card-rows.js';
import { recordFacts } from '../store/record-facts.js';
import { cardBook, keepBook } from './keep.js';
import { reading, rejected } from './context.js';
import type { Issuer } from './context.js';
import { noteSignatures } from './seen-signatures.js';

/** What the card signed for a record. */
export function signedRecordFields(
  { scheme }: Issuer,
  card: Pick<CardRow, 'card_id' | 'key_version'>,
  content: Uint8Array,
) {
  return {
    scheme: scheme.id,
    cardId: fromHex(card.card_id),
    keyVersion: card.key_version,
    record: recordCodec.decode(content),
  };
}

/** The load or unload is on the card. @throws IssuerError unknown-card, rejected */
export async function loadCredited(issuer: Issuer, proof: SignedRecord): Promise<void> {
  const cardId = toHex(proof.cardId);
  const record = reading('record', () => recordCodec.decode(proof.record));
  await issuer.store.transaction(async (tx) => {
    const open = await cardBook(tx, cardId, { nts: [record.nt], counters: [record.ref] });
    const facts = reading('record', () => recordFacts(proof.record, open.units));
    const fields = signedRecordFields(issuer, open.card, proof.record);
    if (!verifyRecord(fields, proof.s3, new Uint8Array(open.card.sign_point), verifyNative))
      throw rejected(`The record is not signed by the card ${cardId}.`);
    if (facts.kind !== 'load' && facts.kind !== 'unload') throw rejected('The record is not that of a load.');
    const offer = { content: proof.record, s3: proof.s3 };
    const seen = [{ signature: proof.s3, message: recordMessage(fields), record: proof.record }];
    await noteSignatures(tx, [{ open, seen, offered: new Map([[facts.nt, offer]]) }]);
    const nt = open.book.take(facts);
    await keepBook(issuer, tx, open, new Map([[nt, offer]]));
  });
}
