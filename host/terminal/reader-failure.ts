/** What a reader reports, as a failure with advice. */
import type { ReaderError, ReaderErrorCode } from '../readers/reader.js';
import { Failure } from './outcome.js';
import type { FailureCode } from './outcome.js';

/** Was the error found before a first command went to a card? Then nothing can have moved. */
export function isBeforeFirstCommand(code: ReaderErrorCode): boolean {
  switch (code) {
    case 'no-module':
    case 'no-pcsc':
    case 'no-reader':
    case 'ambiguous':
    case 'no-card':
    case 'sharing':
    case 'image-unfit':
      return true;
    case 'card-removed':
    case 'mute':
    case 'reader-removed':
    case 'closed':
    case 'simulator':
    case 'failed':
      return false;
  }
}

export function readerFailure(error: ReaderError): Failure {
  const [code, next] = adviceOn(error.code);
  return new Failure(code, error.message, { next, cause: error });
}

function adviceOn(code: ReaderErrorCode): readonly [FailureCode, string] {
  switch (code) {
    case 'no-module':
      return [
        'driver-missing',
        './epurse readers builds it where it can; simulated cards need none: --reader sim:NAME',
      ];
    case 'no-pcsc':
      return ['pcscd-missing', 'Start pcscd, as root: pcscd; simulated cards need none: --reader sim:NAME'];
    case 'no-reader':
      return ['no-reader', 'Plug in a reader, or take a simulated card: --reader sim:NAME'];
    case 'ambiguous':
      return ['choice-needed', 'Name one with --reader; part of its name will do.'];
    case 'no-card':
      return ['no-card', 'Put the card into the reader and call again.'];
    case 'sharing':
      return ['card-in-use', 'End the other program, or take the card out of its reader.'];
    case 'card-removed':
    case 'reader-removed':
      return ['card-removed', 'Put the card back and call again.'];
    case 'mute':
      return ['card-mute', 'Take the card out, clean its contacts, and put it back.'];
    case 'image-unfit':
      return [
        'card-unfit',
        'Make another with ./epurse card new; its balance follows by ./epurse personalize replace.',
      ];
    case 'simulator':
      return ['simulator-failed', './epurse card list tells which cards there are; ./epurse doctor may say more.'];
    case 'closed':
    case 'failed':
      return ['reader-failed', 'Unplug the reader and plug it in again; ./epurse doctor may say more.'];
  }
}
