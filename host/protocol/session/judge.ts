/** What a terminal asks of a card before it goes on: its certificate, and that S1 is its own. */
import { parseCardCertificate, verifyCardCertificate } from '../certificates/card.js';
import type { CardCertificate } from '../certificates/card.js';
import { CertificateError } from '../certificates/certificate.js';
import type { Seconds } from '../codec/time.js';
import { equalBytes } from '../codec/bytes.js';
import { malformed } from '../commands/exchange.js';
import { CardError } from '../errors.js';
import type { CommandName } from '../generated/commands.js';
import type { Scheme } from '../scheme.js';
import type { OpeningAnswer } from './opening-answer.js';
import type { PresentedCard, SessionOptions } from './session.js';

/**
 * Authority, signature and dates, then the caller's own rules (hot list). An expired card is not refused here: it still reads
 * and synchronises.
 *
 * @throws CardError foreign-scheme, card-certificate; whatever `admit` throws
 */
export async function judgeCard(bytes: Uint8Array, { scheme, clock, admit }: SessionOptions): Promise<PresentedCard> {
  const certificate = parse(bytes);
  if (certificate.authority.scheme !== scheme.id) {
    throw new CardError('foreign-scheme', 'The card belongs to another scheme.');
  }
  const presented = { certificate, expired: isExpired(certificate, scheme, clock()) };
  await admit?.(presented);
  return presented;
}

/**
 * S1 of the card whose certificate was shown, for the slot asked about.
 *
 * @throws CardError malformed; card-certificate when it is another card's
 */
export function openingAnswerFor(
  { certificate }: PresentedCard,
  { slot }: SessionOptions,
  command: { readonly name: CommandName },
  read: () => OpeningAnswer,
): OpeningAnswer {
  const s1 = orMalformed(command, read);
  if (s1.slot !== slot) throw malformed(command, new RangeError(`S1 tells about slot ${s1.slot}, not ${slot}`));
  if (equalBytes(s1.cardId, certificate.cardId)) return s1;
  throw new CardError('card-certificate', 'The card shows the certificate of another card.');
}

function orMalformed<T>(command: { readonly name: CommandName }, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw malformed(command, error);
  }
}

function parse(bytes: Uint8Array): CardCertificate {
  try {
    return parseCardCertificate(bytes);
  } catch (error) {
    throw new CardError('card-certificate', 'The certificate of the card cannot be read.', { cause: error });
  }
}

function isExpired(certificate: CardCertificate, scheme: Scheme, now: Seconds): boolean {
  try {
    verifyCardCertificate(certificate, scheme.keys, now);
    return false;
  } catch (error) {
    if (error instanceof CertificateError && error.code === 'expired') return true;
    const reason = error instanceof CertificateError ? ` ${error.message}` : '';
    throw new CardError('card-certificate', `The card cannot prove that it is one of this scheme.${reason}`, {
      cause: error,
    });
  }
}
