/** The purse as a simulated card: which classes, under which AID, on how large a chip. */
import { join } from 'node:path';
import type { CardSpec } from 'jcardsim-ts-bridge';
import { aids } from '../protocol/generated/parameters.js';

/**
 * @param projectFolder the project's folder, which holds the compiled applet
 * @param installParameters of a card that is to be made, 41 bytes; one that is opened has them in its image
 */
export function simulatedPurse(projectFolder: string, installParameters?: Uint8Array): CardSpec {
  return {
    appletClasspath: join(projectFolder, 'applet', 'target', 'classes'),
    appletClass: 'epurse.PurseApplet',
    aid: aids.applet,
    ...(installParameters && { installParameters }),
  };
}
