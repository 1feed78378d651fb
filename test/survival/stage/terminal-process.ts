/** One run of a terminal's process with the card in its reader. */
import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Command, CardAnswer } from './far-card.js';
import type { OfficeOrders } from './office-child.js';
import { programs } from './programs.js';
import type { Reader } from './reader.js';
import type { LateRequest, Said, TerminalReport } from './said.js';
import type { TerminalOrders } from './terminal-child.js';

/** What was heard of it, whatever its end. */
interface Heard {
  /** Numbers of the card's records whose movement people were told of. */
  readonly told: readonly number[];
  readonly late: readonly LateRequest[];
  /** The PIN printed last. */
  readonly pin?: string;
}

export type Ended = Heard &
  (
    | { readonly how: 'killed'; readonly step: string }
    | { readonly how: 'failed'; readonly words: string }
    | { readonly how: 'done'; readonly report: TerminalReport }
  );

/** Whatever becomes of the process, the card loses its power when it is gone. */
export async function runTerminal(orders: TerminalOrders, reader: Reader): Promise<Ended> {
  await reader.powerOn();
  let answering: Promise<void> = Promise.resolve();
  const ended = await runToEnd((await programs()).terminal, orders, (command, answer) => {
    answering = reader.answer(command).then(answer);
  });
  await answering;
  await reader.powerOff();
  return ended;
}

/** No card is met. */
export async function runOffice(orders: OfficeOrders): Promise<Ended> {
  return runToEnd((await programs()).office, orders, () => undefined);
}

async function runToEnd(
  program: string,
  orders: TerminalOrders | OfficeOrders,
  meet: (command: Command, answer: (answer: CardAnswer) => void) => void,
): Promise<Ended> {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'] });
  let words = '';
  child.stderr?.on('data', (part: Buffer) => (words += part.toString('utf8')));
  let lines = '';
  (child.stdio[4] as Readable).on('data', (part: Buffer) => (lines += part.toString('utf8')));
  child.on('message', (command: Command) =>
    meet(command, (answer) => {
      if (child.connected) child.send(answer, () => undefined);
    }),
  );
  child.send(orders);
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, name) => resolve([code, name]));
  });
  return endOf(status, signal, saidIn(lines), words);
}

function saidIn(lines: string): Said[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Said);
}

function endOf(status: number | null, signal: string | null, said: readonly Said[], words: string): Ended {
  const pin = said.flatMap((one) => (one.say === 'printed' ? [one.pin] : [])).at(-1);
  const heard: Heard = {
    told: said.flatMap((one) => (one.say === 'told' ? [one.nt] : [])),
    late: said.flatMap((one) => (one.say === 'late' ? [one] : [])),
    ...(pin === undefined ? {} : { pin }),
  };
  if (signal === 'SIGKILL') {
    const died = said.find((one) => one.say === 'died');
    if (died === undefined) throw new Error('a terminal was killed by somebody else');
    return { ...heard, how: 'killed', step: died.step };
  }
  const report = said.find((one) => one.say === 'report')?.report;
  if (status !== 0 || report === undefined) return { ...heard, how: 'failed', words };
  return { ...heard, how: 'done', report };
}
