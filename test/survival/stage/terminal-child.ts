/** A terminal in a process of its own, for one task with one card, that suffers what it is sent first. @see TerminalProcess */
import { Role } from '../../../host/protocol/generated/enums.js';
import { systemClock } from '../../../host/protocol/codec/time.js';
import { Home } from '../../../host/terminal/home.js';
import { httpsExchange } from '../../../host/terminal/https.js';
import { httpIssuer } from '../../../host/terminal/issuer-http.js';
import { Station } from '../../../host/terminal/station.js';
import { readTls } from '../../../host/terminal/tls.js';
import { watchDisk } from './disk.js';
import type { DiskFault } from './disk.js';
import { farCard } from './far-card.js';
import { Network } from './network.js';
import type { NetworkFault } from './network.js';
import { say } from './said.js';
import type { TerminalRole } from './said.js';
import { Steps } from './steps.js';
import { perform } from './tasks.js';

/** What the parent sends first. */
export interface TerminalOrders {
  readonly home: string;
  readonly url: string;
  readonly role: TerminalRole;
  readonly task: string;
  readonly pins: readonly [string, string];
  /** Step it does not survive. */
  readonly step?: number;
  readonly disk?: DiskFault;
  /** Seconds its clock is ahead. */
  readonly clock?: number;
  readonly network?: NetworkFault;
}

/** Milliseconds that a terminal of these waits for the issuer, which is on the same machine. */
const patience = 15_000;

const roles = { pos: Role.pos, kiosk: Role.load, desk: Role.perso } as const;

process.once('message', (orders: TerminalOrders) => void work(orders));
// nobody is left to work for
process.once('disconnect', () => process.exit(0));

async function work({ home: folder, url, role, task, pins, step, disk, clock = 0, network: fault }: TerminalOrders) {
  const steps = new Steps((name) => say({ say: 'died', step: name }));
  steps.dieAt(step ?? Infinity);
  watchDisk(disk, (change) => steps.pass(change));
  if (clock !== 0) setClock(clock);
  const home = new Home(folder);
  const network = new Network(
    fault,
    (late) => say({ say: 'late', role, ...late }),
    (path) => steps.pass(path.slice(path.lastIndexOf('/') + 1)),
  );
  const tls = readTls(home, role);
  const issuer = httpIssuer({ url, tls, patience, exchange: network.over(httpsExchange(tls)) });
  const station = Station.open({ home, name: role, role: roles[role], issuer, clock: systemClock });
  await station.refreshHotList();
  const channel = farCard((command) => steps.pass(`card ${command}`));
  const done = await perform(role, { station, channel, steps, say, pins }, task);
  station.close();
  say({ say: 'report', report: { ...done, disturbed: network.disturbed, steps: steps.names } });
  process.exit(0); // connections to the issuer may be kept open
}

function setClock(ahead: number): void {
  const right = Date.now;
  Date.now = () => right() + 1000 * ahead;
}
