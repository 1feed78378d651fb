/**
 * The suite on a real card in a real reader:
 *
 *     EPURSE_READER              part of the reader's name, or sim:CARD
 *     EPURSE_READER_MAY_WRITE=1  personalizes the card for a scheme of the tests, uses it up and retires it: it is then good
 *                                for nothing until the applet is installed anew
 *     EPURSE_BATCH_KEY           32 hexadecimal digits: the batch key with which the applet was installed
 *
 * Without the first there is no card to test; a reader that is named has to be there. Without the others only what changes
 * nothing is tested.
 */
import { join } from 'node:path';
import { fromHex } from '../../host/protocol/codec/bytes.js';
import { openPcscHub } from '../../host/readers/pcsc.js';
import { selectReader } from '../../host/readers/select.js';
import type { SelectedReader } from '../../host/readers/select.js';
import { SimulatorHub } from '../../host/readers/simulator.js';
import { batchKey } from '../helpers/personalize.js';
import { projectRoot } from '../helpers/project.js';
import { conformance } from './suite.js';
import type { Target } from './target.js';

const { EPURSE_READER: wanted, EPURSE_READER_MAY_WRITE: mayWrite, EPURSE_BATCH_KEY: key } = process.env;
const home = process.env['EPURSE_HOME'] ?? '.epurse';

const sources = {
  pcsc: () => openPcscHub(),
  simulator: () => Promise.resolve(new SimulatorHub({ cardsFolder: join(home, 'cards'), projectFolder: projectRoot })),
};

function physicalCard(): Target {
  let selected: SelectedReader | undefined;
  return {
    name: wanted === undefined ? 'physical card' : `card in "${wanted}"`,
    batchKey: key === undefined ? batchKey : fromHex(key),
    mayConsume: mayWrite === '1' && key !== undefined,
    prepare: async () => {
      if (wanted === undefined) return 'no physical card was named (EPURSE_READER)';
      selected = await selectReader(sources, wanted);
      await (await selected.reader.connect()).close();
      return undefined;
    },
    connect: async () => {
      if (!selected) throw new Error('there is no reader');
      return selected.reader.connect();
    },
    finish: async () => selected?.hub.close(),
  };
}

conformance(physicalCard());
