/** What is done at a terminal in a process of its own, by people who do as they are told; each effect is a step. */
import { parseAmount } from '../../../host/protocol/codec/money.js';
import type { Money } from '../../../host/protocol/codec/money.js';
import { unitByName } from '../../../host/protocol/codec/units.js';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { RecordFields } from '../../../host/protocol/generated/structures.js';
import type { DeskOrder } from '../../../host/protocol/issuer/port.js';
import * as deskFlow from '../../../host/personalize/flow.js';
import { DeskTerminal } from '../../../host/personalize/terminal.js';
import type { DeskTask } from '../../../host/personalize/types.js';
import { closeBatch, resolveByIssuer, upload } from '../../../host/pos/day.js';
import * as posFlow from '../../../host/pos/flow.js';
import { PosTerminal } from '../../../host/pos/terminal.js';
import type { PosNotice, PosTask } from '../../../host/pos/types.js';
import * as kioskFlow from '../../../host/reload/flow.js';
import { KioskTerminal } from '../../../host/reload/terminal.js';
import type { ReloadNotice, ReloadOutcome, ReloadTask } from '../../../host/reload/types.js';
import { runFlow } from '../../../host/terminal/flow/machine.js';
import type { Perform, Step, StepFunction } from '../../../host/terminal/flow/machine.js';
import type { Station } from '../../../host/terminal/station.js';
import type { Said, TerminalReport, TerminalRole } from './said.js';
import type { Steps } from './steps.js';

export interface Workplace {
  readonly station: Station;
  readonly channel: CardChannel;
  readonly steps: Steps;
  readonly say: (said: Said) => void;
  /** What the holder types; the second is the one wanted. */
  readonly pins: readonly [string, string];
}

export type Done = Omit<TerminalReport, 'steps' | 'disturbed'>;

/** @param task such as `pay 3.50` */
export function perform(role: TerminalRole, at: Workplace, task: string): Promise<Done> {
  return { pos: atPos, kiosk: atKiosk, desk: atDesk }[role](at, task);
}

/** Runs a flow whose effects are steps, where nothing in them was one. */
async function live<State, Event, Effect extends { readonly do: string }>(
  { steps, station }: Workplace,
  first: Step<State, Effect>,
  step: StepFunction<State, Event, Effect>,
  perform_: Perform<Event, Effect>,
): Promise<State> {
  const stepping: Perform<Event, Effect> = async (effect) => {
    const before = steps.names.length;
    const event = await perform_(effect);
    if (steps.names.length === before) steps.pass(effect.do);
    return event;
  };
  return runFlow(first, step, stepping, station.clock);
}

async function atPos(at: Workplace, task: string): Promise<Done> {
  const pos = PosTerminal.open(at.station);
  try {
    const done = task === 'day' ? await posDay(at, pos) : await posVisit(at, pos, task);
    const orders = [...pos.journal.state.orders.values()].map(({ tn, end }) => [tn, end?.result ?? 'open'] as const);
    return { ...done, orders };
  } finally {
    pos.close();
  }
}

async function posVisit(at: Workplace, pos: PosTerminal, task: string): Promise<Done> {
  const wanted: PosTask = task === 'cancel' ? { task, slot: 0 } : { task: 'pay', ...amountIn(pos.station, task) };
  const performer = pos.performer(at.channel, {
    show: (notice) => tellOf(at, movedInSale(notice)),
    askPin: untilWrong(at.pins[0]),
    askEarlier: () => Promise.resolve('finish'),
  });
  const state = await live(at, posFlow.begin(pos.context, wanted), posFlow.step, performer);
  if (state.at !== 'finished') throw new Error(state.at);
  const { outcome } = state;
  return { ...refusedOrNot(outcome), ...('record' in outcome ? { balance: outcome.record.balance } : {}) };
}

/** Closes the day and hands it in. */
async function posDay(at: Workplace, pos: PosTerminal): Promise<Done> {
  await resolveByIssuer(pos);
  closeBatch(pos);
  const { waiting } = await upload(pos);
  at.steps.pass('totals shown');
  return { result: waiting.length === 0 ? 'handed in' : 'waiting' };
}

async function atKiosk(at: Workplace, task: string): Promise<Done> {
  const kiosk = new KioskTerminal(at.station);
  const [pin, wanted] = at.pins;
  const performer = kiosk.performer(at.channel, {
    show: (notice) => tellOf(at, movedAtKiosk(notice)),
    askPin: untilWrong(pin),
    askPinChange: untilWrong({ old: pin, wanted }),
  });
  const wantedTask = kioskTask(at.station, task);
  const state = await live(at, kioskFlow.begin(kiosk.context, wantedTask), kioskFlow.step, performer);
  if (state.at !== 'finished') throw new Error(state.at);
  return { ...refusedOrNot(state.outcome), ...balanceOf(state.outcome) };
}

function kioskTask(station: Station, task: string): ReloadTask {
  if (task === 'balance' || task === 'change-pin') return { task };
  if (task === 'give-up') return { task: 'cancel' };
  const type = task.startsWith('load') ? LoadType.load : LoadType.unload;
  return { task: 'load', type, ...amountIn(station, task) };
}

async function atDesk(at: Workplace, task: string): Promise<Done> {
  const desk = new DeskTerminal(at.station);
  const performer = desk.performer(at.channel, {
    show: () => undefined,
    print: (_sheet, _lines, pin) => at.say({ say: 'printed', pin }),
  });
  const wanted: DeskTask =
    task === 'issue' ? { task: 'issue', holder: 'Ada' } : { task: 'order', order: task as DeskOrder, reason: 'a test' };
  const state = await live(at, deskFlow.begin(desk.context, wanted), deskFlow.step, performer);
  if (state.at !== 'finished') throw new Error(state.at);
  return refusedOrNot(state.outcome);
}

/** Nobody types a PIN again that was wrong. */
function untilWrong<T>(typed: T): (triesLeft: number) => Promise<T | undefined> {
  let tries = 0;
  return (triesLeft) => {
    const wasWrong = triesLeft < tries;
    tries = triesLeft;
    return Promise.resolve(wasWrong ? undefined : typed);
  };
}

function tellOf({ say }: Workplace, record: RecordFields | undefined): void {
  if (record !== undefined) say({ say: 'told', nt: record.nt });
}

/** What the cashier is told of: a payment or a cancel that was done, now or earlier. */
function movedInSale(notice: PosNotice): RecordFields | undefined {
  if (notice.notice !== 'outcome') return undefined;
  return 'record' in notice.outcome ? notice.outcome.record : undefined;
}

function movedAtKiosk(notice: ReloadNotice): RecordFields | undefined {
  if (notice.notice === 'finished') return notice.record;
  if (notice.notice !== 'outcome') return undefined;
  return notice.outcome.result === 'loaded' ? notice.outcome.record : undefined;
}

/** Of a task such as "pay 3.50", in euros, or "pay 3.50 USD". */
function amountIn({ scheme }: Station, task: string): { readonly slot: number; readonly amount: Money } {
  const [, amount = '', unit = 'EUR'] = task.split(' ');
  const slot = scheme.units.findIndex(({ name }) => name === unit);
  return { slot, amount: parseAmount(amount, unitByName(unit)) };
}

function refusedOrNot(outcome: { readonly result: string; readonly refusal?: { readonly code: string } }): Done {
  const { result, refusal } = outcome;
  return { result, ...(refusal === undefined ? {} : { code: refusal.code }) };
}

function balanceOf(outcome: ReloadOutcome): { readonly balance?: number } {
  if (outcome.result === 'loaded') return { balance: outcome.record.balance };
  const balance = outcome.result === 'balance' ? outcome.log.totals.balances[0]?.balance : undefined;
  return balance === undefined ? {} : { balance };
}
