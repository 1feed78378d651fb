/** pcscd, the virtual reader and the native modules. None is needed for simulated cards, so what lacks is advice. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { defaultVpcdPort, findPcscd } from 'jcardsim-ts-bridge';
import type { Finding } from './finding.js';

const daemonPlaces = ['/usr/sbin/pcscd', '/usr/local/sbin/pcscd', '/sbin/pcscd'];

export async function readerFindings(): Promise<Finding[]> {
  return [await daemonFinding(), ...(await listeningFindings()), nativeFinding()];
}

async function daemonFinding(): Promise<Finding> {
  const pid = await findPcscd();
  if (pid !== undefined) {
    return (await answersProbe())
      ? { name: 'pcscd', state: 'fine', detail: `runs as process ${pid}` }
      : {
          name: 'pcscd',
          state: 'wrong',
          detail: `runs as process ${pid}, but has not answered for ${probeWithin / 1000} seconds`,
          mend: `Start it again, as root: kill -9 ${pid}; pcscd`,
        };
  }
  return daemonPlaces.some((place) => existsSync(place))
    ? { name: 'pcscd', state: 'fine', detail: 'installed, not running; --pcsc starts it and ends it again' }
    : {
        name: 'pcscd',
        state: 'advice',
        detail: 'not installed: no PC/SC readers, simulated cards only',
        mend: 'On Debian: sudo apt-get install pcscd vsmartcard-vpcd libpcsclite-dev',
      };
}

/** Milliseconds. */
const probeWithin = 5000;
const probe = "new (require('smartcard').Context)().listReaders()";

/** Asked by a process of its own: a call to a service that hangs never returns. Without the module there is nothing to ask with. */
async function answersProbe(): Promise<boolean> {
  const options = { cwd: import.meta.dirname, timeout: probeWithin, killSignal: 'SIGKILL' } as const;
  const ended = await promisify(execFile)(process.execPath, ['-e', probe], options).catch((error: unknown) => error);
  return !(ended instanceof Error && 'killed' in ended && ended.killed === true);
}

/** The virtual reader's driver accepts a card from any host that reaches the port; pcscd has no setting to bind it. */
async function listeningFindings(): Promise<Finding[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((table) => readFile(table, 'utf8').catch(() => '')),
  );
  return listensEverywhere(tables.join('\n'), defaultVpcdPort)
    ? [
        {
          name: 'virtual reader',
          state: 'advice',
          detail: `listens on every interface, port ${defaultVpcdPort}: whoever reaches it can insert a card`,
          mend: 'Use it on a machine of your own, or close the port to others in its firewall.',
        },
      ]
    : [];
}

/** Does a line of the kernel's socket table listen (state 0A) on the port at the unspecified address? */
export function listensEverywhere(table: string, port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').some((line) => {
    const [, address = '', , state] = line.trim().split(/\s+/);
    return state === '0A' && address.endsWith(local) && /^0+$/.test(address.slice(0, -local.length));
  });
}

function nativeFinding(): Finding {
  const require = createRequire(import.meta.url);
  for (const name of ['smartcard', 'pcsclite']) {
    try {
      require(name);
      return { name: 'pcsc module', state: 'fine', detail: name };
    } catch {
      continue;
    }
  }
  return {
    name: 'pcsc module',
    state: 'advice',
    detail: 'not built: no PC/SC readers, simulated cards only',
    mend: './epurse readers builds it.',
  };
}
