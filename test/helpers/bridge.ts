/** The simulator that all tests of a process share, and the applet in it. */
import { startBridge } from 'jcardsim-ts-bridge';
import type { Bridge, BridgeOptions, CardSpec } from 'jcardsim-ts-bridge';
import { installParametersCodec } from '../../host/protocol/generated/structures.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import { simulatedPurse } from '../../host/readers/simulator-spec.js';
import { bytesFor } from './keys.js';
import { batchKey } from './personalize.js';
import { projectRoot } from './project.js';

let shared: Promise<Bridge> | undefined;

/** Started at first use; ends with the process, which it does not keep alive. */
export function sharedBridge(): Promise<Bridge> {
  return (shared ??= startBridge());
}

/** A bridge of one's own, which has to be closed. */
export function ownBridge(options: BridgeOptions): Promise<Bridge> {
  return startBridge(options);
}

/** Serial of the card with this name; another for each name. */
export function serialOf(name: string): Uint8Array {
  return bytesFor(`serial ${name}`, 8);
}

/** A raw card of the test batch. Its randomness repeats at each run, and differs from that of cards with other names. */
export function purseSpec(name: string, changes: Partial<CardSpec> = {}): CardSpec {
  const serial = serialOf(name);
  const { enc, mac } = transportKeys(batchKey, serial);
  return {
    ...simulatedPurse(
      projectRoot,
      installParametersCodec.encode({ serial, transportEnc: enc, transportMac: mac, options: 0 }),
    ),
    seed: bytesFor(`seed ${name}`, 32),
    ...changes,
  };
}
