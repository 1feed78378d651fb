/** What a raw card is given when the applet is installed on it: a serial, and transport keys from the desk's batch key. */
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import { installParametersCodec } from '../protocol/generated/structures.js';
import { systemRandom } from '../protocol/crypto/random.js';
import type { Random } from '../protocol/crypto/random.js';
import { transportKeys } from '../protocol/session/keys.js';
import { readIfThere, replaceFile } from './files.js';
import type { Home } from './home.js';
import { Failure } from './outcome.js';

export const batchKeyLength = 16;
export const serialLength = 8;

const folder = ['terminals', 'desk'] as const;
const file = [...folder, 'batch.key'] as const;
const scheme = 'Make a scheme first: ./epurse scheme init';

/** Makes the batch key of this home where there is none, as `scheme init` does. @returns its 16 bytes */
export function makeBatchKey(home: Home, random: Random = systemRandom): Uint8Array {
  home.makeFolder(...folder);
  if (readIfThere(home.path(...file)) === undefined) {
    replaceFile(home.path(...file), `${toHex(random(batchKeyLength))}\n`);
  }
  return readBatchKey(home);
}

/** @throws Failure home-empty without a scheme, keys-unreadable for a damaged file */
export function readBatchKey(home: Home): Uint8Array {
  const content = readIfThere(home.path(...file));
  if (content === undefined) throw new Failure('home-empty', `There are no keys in ${home.folder}.`, { next: scheme });
  const text = new TextDecoder().decode(content).trim();
  if (!/^[0-9a-f]{32}$/.test(text)) {
    throw new Failure('keys-unreadable', `${home.path(...file)} is not a batch key.`, {
      next: 'Put it back from a copy.',
    });
  }
  return fromHex(text);
}

/** The serial of a new card: random, so that two desks need not agree on numbers. 8 bytes. */
export function newSerial(random: Random = systemRandom): Uint8Array {
  return random(serialLength);
}

/**
 * Application-specific install parameters (GlobalPlatform Card Specification, tag C9) of a raw card. Secret until the card
 * is personalized, which erases the transport keys.
 *
 * @param batchKey 16 bytes
 * @param serial 8 bytes
 */
export function installParameters(batchKey: Uint8Array, serial: Uint8Array): Uint8Array {
  const { enc, mac } = transportKeys(batchKey, serial);
  return installParametersCodec.encode({ serial, transportEnc: enc, transportMac: mac, options: 0 });
}
