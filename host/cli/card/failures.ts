/** What the bridge reports, as a failure with advice for a person at the command line. */
import { isBridgeError } from 'jcardsim-ts-bridge';
import type { BridgeErrorCode } from 'jcardsim-ts-bridge';
import { Failure } from '../../terminal/outcome.js';
import type { FailureCode } from '../../terminal/outcome.js';

const install = 'On Debian: sudo apt-get install pcscd vsmartcard-vpcd';

const known: Partial<Record<BridgeErrorCode, readonly [FailureCode, string]>> = {
  JavaNotFound: ['tools-missing', './epurse doctor says what is missing.'],
  JavaTooOld: ['tools-missing', './epurse doctor says what is missing.'],
  ImageInUse: ['card-busy', 'Take it out first: ./epurse card eject'],
  KeeperRunning: ['card-busy', 'It is in the reader already; ./epurse card list tells.'],
  KeeperNotRunning: ['card-absent', './epurse card list tells which cards are in a reader.'],
  ImageExists: ['card-exists', 'Take another name, or destroy that card first.'],
  ImageMissing: ['card-unknown', './epurse card list tells which cards there are.'],
  ImageDamaged: ['card-unfit', 'Destroy it and make another.'],
  ImageOtherApplet: ['card-unfit', 'It was made by another version of the applet: destroy it and make another.'],
  ReaderUnreachable: ['pcscd-failed', './epurse doctor says whether pcscd has a virtual reader.'],
  ReaderOccupied: [
    'card-busy',
    'Eject the card that is in it: ./epurse card eject. card insert takes the other one with --slot.',
  ],
  PcscdNotInstalled: ['pcscd-missing', install],
  VpcdNotInstalled: ['pcscd-missing', install],
  PcscdNotReady: ['pcscd-failed', 'Start pcscd as root, or call this as root.'],
};

/** Runs an act on simulated cards. @throws Failure in place of whatever BridgeError it throws */
export async function withCardFailures<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isBridgeError(error)) throw error;
    const [code, next] = known[error.code] ?? ['simulator-failed', './epurse doctor may say more.'];
    throw new Failure(code, error.message, { next, cause: error });
  }
}
