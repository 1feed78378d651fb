/** S3 over a record the card gave. */
import type { CardCertificate } from '../certificates/card.js';
import type { Verifier } from '../crypto/ecdsa.js';
import { CardError } from '../errors.js';
import { LoadType, RecordType } from '../generated/enums.js';
import { recordCodec } from '../generated/structures.js';
import type { CreditAuthorisationFields, RecordFields, SignedRecordFields } from '../generated/structures.js';
import { equalBytes } from '../codec/bytes.js';
import { verifyRecord } from '../signed/signed-record.js';
import type { RecordWithProof } from '../commands/credit.js';

/** What the card of this certificate signs for a record. */
export function signedRecordOf(
  { authority, cardId, keyVersion }: CardCertificate,
  record: RecordFields,
): SignedRecordFields {
  return { scheme: authority.scheme, cardId, keyVersion, record };
}

/** Did the card of this certificate sign this record? */
export function isProved(card: CardCertificate, { record, s3 }: RecordWithProof, verifier?: Verifier): boolean {
  return verifyRecord(signedRecordOf(card, record), s3, card.signPoint, verifier);
}

/** @returns the proof itself @throws CardError proof (moneyMoved unknown) */
export function proveRecord(
  card: CardCertificate,
  proof: RecordWithProof,
  command: string,
  verifier?: Verifier,
): RecordWithProof {
  if (isProved(card, proof, verifier)) return proof;
  throw proofError('The signature of the card does not hold.', command);
}

/**
 * The answer to CREDIT (or to CANCEL LOAD after a credit): the record has to be the one the authorisation is for.
 *
 * @throws CardError proof
 */
export function proveCredit(
  card: CardCertificate,
  authorisation: CreditAuthorisationFields,
  proof: RecordWithProof,
): RecordWithProof {
  const { record } = proof;
  const same =
    record.type === recordTypeOf(authorisation) &&
    record.ref === authorisation.counter &&
    record.slot === authorisation.slot &&
    record.unit === authorisation.unit &&
    record.amount === authorisation.amount &&
    equalBytes(card.cardId, authorisation.cardId);
  if (!same) throw proofError('The card gave the record of another load.', 'CREDIT');
  return proveRecord(card, proof, 'CREDIT');
}

export function sameRecord(a: RecordFields, b: RecordFields): boolean {
  return equalBytes(recordCodec.encode(a), recordCodec.encode(b));
}

export function proofError(message: string, command: string): CardError {
  return new CardError('proof', message, { command, moneyMoved: 'unknown' });
}

function recordTypeOf({ type }: CreditAuthorisationFields): RecordType {
  return type === LoadType.load ? RecordType.load : RecordType.unload;
}
