/** The home folder: who may read it, what is in it, which cards are kept in a virtual reader. */
import { readdir, stat } from 'node:fs/promises';
import { keeperPid } from 'jcardsim-ts-bridge';
import { systemClock } from '../../protocol/codec/time.js';
import type { Home } from '../../terminal/home.js';
import type { Finding } from './finding.js';
import { keyFindings } from './keys.js';

export async function homeFindings(home: Home): Promise<Finding[]> {
  return [await folderFinding(home), ...(await keyFindings(home, systemClock())), ...(await keeperFindings(home))];
}

async function folderFinding(home: Home): Promise<Finding> {
  const { mode } = await stat(home.folder);
  return (mode & 0o077) === 0
    ? { name: 'home', state: 'fine', detail: home.folder }
    : {
        name: 'home',
        state: 'advice',
        detail: `${home.folder} can be entered by other users of this machine`,
        mend: `chmod 700 ${home.folder}`,
      };
}

async function keeperFindings(home: Home): Promise<Finding[]> {
  const files = (await readdir(home.path('cards')).catch(() => [])).filter((name) => name.endsWith('.pid'));
  const findings: Finding[] = [];
  for (const file of files) {
    const pid = await keeperPid(home.path('cards', file));
    const card = file.slice(0, -'.pid'.length);
    if (pid !== undefined) {
      findings.push({
        name: 'inserted card',
        state: 'fine',
        detail: `${card} is kept in the virtual reader by process ${pid}; ./epurse card eject ${card} ends it`,
      });
    }
  }
  return findings;
}
