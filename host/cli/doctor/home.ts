/** The home folder: who may read it, what is in it, which cards are kept in a virtual reader. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { keeperPid } from 'jcardsim-ts-bridge';
import { systemClock } from '../../protocol/codec/time.js';
import { SettingsError } from '../../issuer/settings-error.js';
import { readSettings } from '../../issuer/settings.js';
import type { Home } from '../../terminal/home.js';
import type { Finding } from './finding.js';
import { keyFindings } from './keys.js';

export async function homeFindings(home: Home): Promise<Finding[]> {
  return [
    await folderFinding(home),
    ...(await keyFindings(home, systemClock())),
    ...bankFindings(home),
    ...(await keeperFindings(home)),
  ];
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

/** Where the issuer's own keys are, its settings say where the money comes from. */
export function bankFindings(home: Home): Finding[] {
  const name = 'bank';
  if (!existsSync(home.path('issuer', 'keys.json'))) return [];
  try {
    const { bank } = readSettings(home);
    if (bank !== undefined) return [{ name, state: 'fine', detail: bank.url }];
    return [
      {
        name,
        state: 'advice',
        detail: 'simulated: it says yes to every load, and no money is behind it',
        mend: 'Name the real one in issuer/config.json ("bank"): docs/operations.md',
      },
    ];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return [{ name, state: 'wrong', detail: error.message, mend: 'Mend the file, or delete it for the defaults.' }];
  }
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
