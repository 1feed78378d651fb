/**
 * A terminal in a process of its own that kills itself: `node killed-child.js HOME CARD ISSUER ROLE TASK EFFECT`. It does one task
 * with a simulated card from its image file and dies (SIGKILL) after effect number EFFECT; a number beyond the last lets it
 * live. The PIN that is typed there is in EPURSE_TEST_PIN. Says what came of it in one JSON line.
 */
import { join } from 'node:path';
import { parseAmount } from '../../host/protocol/codec/money.js';
import type { Money } from '../../host/protocol/codec/money.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { unitByName } from '../../host/protocol/codec/units.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import type { DeskOrder } from '../../host/protocol/issuer/port.js';
import { SimulatorHub } from '../../host/readers/simulator.js';
import * as deskFlow from '../../host/personalize/flow.js';
import { DeskTerminal } from '../../host/personalize/terminal.js';
import * as posFlow from '../../host/pos/flow.js';
import { PosTerminal } from '../../host/pos/terminal.js';
import * as kioskFlow from '../../host/reload/flow.js';
import { KioskTerminal } from '../../host/reload/terminal.js';
import type { ReloadOutcome } from '../../host/reload/types.js';
import { runFlow } from '../../host/terminal/flow/machine.js';
import type { Perform, Step, StepFunction } from '../../host/terminal/flow/machine.js';
import { Home } from '../../host/terminal/home.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import { Station } from '../../host/terminal/station.js';
import { readTls } from '../../host/terminal/tls.js';
import { projectRoot } from '../helpers/project.js';
import { TroubledProcess } from './killed-trouble.js';

export type ChildRole = 'pos' | 'kiosk' | 'desk';

/** What a child that lived says. */
export interface ChildReport {
  readonly result: string;
  /** Why it was refused. */
  readonly code?: string;
  readonly effects: number;
  /** Of the euro purse in minor units, where the outcome tells. */
  readonly balance?: number;
  /** Of a POS: each number and how it ended. */
  readonly orders?: readonly (readonly [number, string])[];
  /** Did a call or the card go away? */
  readonly disturbed?: boolean;
  /** PIN that the desk printed. */
  readonly pin?: string;
}

/** Dies after effect number `last`. @returns the last state, and how many effects there were */
async function live<State, Event, Effect>(
  first: Step<State, Effect>,
  step: StepFunction<State, Event, Effect>,
  perform: Perform<Event, Effect>,
  last: number,
): Promise<{ readonly state: State; readonly effects: number }> {
  let effects = 0;
  const dying: Perform<Event, Effect> = async (effect) => {
    const event = await perform(effect);
    if (effects++ === last) process.kill(process.pid, 'SIGKILL');
    return event;
  };
  return { state: await runFlow(first, step, dying, systemClock), effects };
}

/** Of a task such as "pay 3.50". */
function amountIn(task: string): Money {
  return parseAmount(task.split(' ')[1] ?? '', unitByName('EUR'));
}

function refusedOrNot(outcome: { readonly result: string; readonly refusal?: { readonly code: string } }): {
  readonly result: string;
  readonly code?: string;
} {
  const { result, refusal } = outcome;
  return { result, ...(refusal === undefined ? {} : { code: refusal.code }) };
}

async function atPos(station: Station, channel: CardChannel, task: string, last: number): Promise<ChildReport> {
  const pos = PosTerminal.open(station);
  const perform = pos.performer(channel, {
    show: () => undefined,
    askPin: () => Promise.resolve(process.env['EPURSE_TEST_PIN']),
    askEarlier: () => Promise.resolve('finish'),
  });
  const first = posFlow.begin(pos.context, { task: 'pay', slot: 0, amount: amountIn(task) });
  const { state, effects } = await live(first, posFlow.step, perform, last);
  if (state.at !== 'finished') throw new Error(state.at);
  const { outcome } = state;
  const orders = [...pos.journal.state.orders.values()].map(({ tn, end }) => [tn, end?.result ?? 'open'] as const);
  pos.close();
  return {
    ...refusedOrNot(outcome),
    effects,
    orders,
    ...('record' in outcome ? { balance: outcome.record.balance } : {}),
  };
}

async function atKiosk(station: Station, channel: CardChannel, task: string, last: number): Promise<ChildReport> {
  const kiosk = new KioskTerminal(station);
  const perform = kiosk.performer(channel, {
    show: () => undefined,
    askPin: () => Promise.resolve(process.env['EPURSE_TEST_PIN']),
    askPinChange: () => Promise.resolve(undefined),
  });
  const type = task.startsWith('load') ? LoadType.load : LoadType.unload;
  const first = kioskFlow.begin(
    kiosk.context,
    task === 'balance' ? { task } : { task: 'load', type, slot: 0, amount: amountIn(task) },
  );
  const { state, effects } = await live(first, kioskFlow.step, perform, last);
  if (state.at !== 'finished') throw new Error(state.at);
  return { ...refusedOrNot(state.outcome), effects, ...balanceOf(state.outcome) };
}

function balanceOf(outcome: ReloadOutcome): { readonly balance?: number } {
  if (outcome.result === 'loaded') return { balance: outcome.record.balance };
  const balance = outcome.result === 'balance' ? outcome.log.totals.balances[0]?.balance : undefined;
  return balance === undefined ? {} : { balance };
}

async function atDesk(station: Station, channel: CardChannel, task: string, last: number): Promise<ChildReport> {
  const desk = new DeskTerminal(station);
  let pin: string | undefined;
  const perform = desk.performer(channel, {
    show: () => undefined,
    print: (_sheet, _lines, printed) => void (pin = printed),
  });
  const first = deskFlow.begin(
    desk.context,
    task === 'issue' ? { task: 'issue', holder: 'Ada' } : { task: 'order', order: task as DeskOrder, reason: 'a test' },
  );
  const { state, effects } = await live(first, deskFlow.step, perform, last);
  if (state.at !== 'finished') throw new Error(state.at);
  return { ...refusedOrNot(state.outcome), effects, ...(pin === undefined ? {} : { pin }) };
}

const roles = { pos: Role.pos, kiosk: Role.load, desk: Role.perso } as const;

async function main([folder = '', card = '', url = '', name = '', task = '', number = '']: string[]): Promise<void> {
  const home = new Home(folder);
  const role = name as ChildRole;
  const trouble = new TroubledProcess(process.env);
  const issuer = trouble.issuer(httpIssuer({ url, tls: readTls(home, role) }));
  const station = Station.open({ home, name: role, role: roles[role], issuer });
  const hub = new SimulatorHub({ cardsFolder: join(folder, 'cards'), projectFolder: projectRoot });
  const reader = (await hub.list()).find((each) => each.name === `sim:${card}`);
  if (reader === undefined) throw new Error('no such card');
  const connection = await reader.connect();
  const last = Number(number);
  await station.refreshHotList();
  const report = await { pos: atPos, kiosk: atKiosk, desk: atDesk }[role](
    station,
    trouble.card(connection),
    task,
    last,
  );
  await trouble.end();
  process.stdout.write(`${JSON.stringify({ ...report, disturbed: trouble.isDisturbed })}\n`);
  await connection.close();
  await hub.close();
  station.close();
}

// the types are imported by the tests; the process is their child
if (process.argv[1]?.endsWith('killed-child.js') === true) {
  await main(process.argv.slice(2));
  process.exit(0); // connections to the issuer may be kept open
}
