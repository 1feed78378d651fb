/** What a card signs about itself. */
import type { CardCertificate } from '../certificates/card.js';
import type { BlockStatementWithSignature } from '../commands/bodies.js';
import type { StatementWithSignature } from '../commands/init-load.js';
import type { Verifier } from '../crypto/ecdsa.js';
import type { StatementPurpose } from '../generated/enums.js';
import type { SignedBlockStatementFields, SignedStatementFields } from '../generated/structures.js';
import { verifyBlockStatement } from '../signed/block-statement.js';
import { verifyStatement } from '../signed/signed-statement.js';
import { proofError } from './record.js';

export function signedStatementOf(
  { authority, cardId, keyVersion }: CardCertificate,
  { statement }: Pick<StatementWithSignature, 'statement'>,
): SignedStatementFields {
  return { scheme: authority.scheme, cardId, keyVersion, statement };
}

export function signedBlockStatementOf(
  { authority, cardId, keyVersion }: CardCertificate,
  { statement }: Pick<BlockStatementWithSignature, 'statement'>,
): SignedBlockStatementFields {
  return { scheme: authority.scheme, cardId, keyVersion, statement };
}

/**
 * @param purpose the one asked for: a statement made for one purpose serves no other
 * @returns the proof itself
 * @throws CardError proof
 */
export function proveStatement(
  card: CardCertificate,
  purpose: StatementPurpose,
  proof: StatementWithSignature,
  verifier?: Verifier,
): StatementWithSignature {
  if (proof.statement.purpose !== purpose)
    throw proofError('The card gave a statement for another purpose.', 'GET_PROOF');
  if (!verifyStatement(signedStatementOf(card, proof), proof.signature, card.signPoint, verifier)) {
    throw proofError('The signature of the card does not hold.', 'GET_PROOF');
  }
  return proof;
}

/** @throws CardError proof */
export function proveBlockStatement(
  card: CardCertificate,
  proof: BlockStatementWithSignature,
  verifier?: Verifier,
): BlockStatementWithSignature {
  if (!verifyBlockStatement(signedBlockStatementOf(card, proof), proof.signature, card.signPoint, verifier)) {
    throw proofError('The signature of the card does not hold.', 'GET_PROOF');
  }
  return proof;
}
