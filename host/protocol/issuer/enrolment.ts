/** What a new terminal sends with its token, and what its keys sign to show that it holds them. */
import { concat } from '../codec/bytes.js';

export interface EnrolmentRequest {
  /** 32 bytes. */
  readonly token: Uint8Array;
  /** X ‖ Y of the key that signs batches and opens sessions with cards. */
  readonly cardLinkKey: Uint8Array;
  /** X ‖ Y of the key that opens connections. */
  readonly connectionKey: Uint8Array;
  /** Signatures of each key over {@link enrolmentMessage}. */
  readonly cardLinkProof: Uint8Array;
  readonly connectionProof: Uint8Array;
}

/** What both keys sign: ASCII "epurse-enrolment/1", token, card link key, connection key. */
export function enrolmentMessage({
  token,
  cardLinkKey,
  connectionKey,
}: Pick<EnrolmentRequest, 'token' | 'cardLinkKey' | 'connectionKey'>): Uint8Array {
  return concat(new TextEncoder().encode('epurse-enrolment/1'), token, cardLinkKey, connectionKey);
}
