/** `epurse pos …`: the cashier's loop, and one command for each thing a cashier does. */
import type { Command } from 'commander';
import type { CommandLine, Run } from '../cli/command-line.js';
import { Counter, amountOf, slotFor } from '../cli/terminals/counter.js';
import { registerEnrol } from '../cli/terminals/enrol.js';
import { Role } from '../protocol/generated/enums.js';
import { formatMoney } from '../protocol/codec/money.js';
import { pointsSlot } from '../protocol/generated/parameters.js';
import { IssuerError } from '../protocol/issuer/port.js';
import { counted } from '../terminal/counted.js';
import { openOrders } from '../terminal/journal/state.js';
import type { Order } from '../terminal/journal/state.js';
import { Failure } from '../terminal/outcome.js';
import { pinPrompt } from '../terminal/prompts.js';
import { asFailureOf, issuerRefusal } from '../terminal/refusal.js';
import { cashierLoop } from './loop.js';
import { closeBatch, resolveByIssuer, totals, upload, waitingBatches } from './day.js';
import type { UnitTotals } from './day.js';
import { PosTerminal } from './terminal.js';
import type { EarlierChoice, PosOutcome, PosTask } from './types.js';
import { moneyFields, noticeLine, orderFields, orderLine, receiptOf, resultFields, resultLines } from './words.js';
import type { Fields, PosResult } from './words.js';
import type { Receipt } from '../terminal/receipts.js';

export function register(program: Command, cli: CommandLine): void {
  const pos = program.command('pos').description('point of sale: without more words, the cashier’s loop');
  pos.action(cli.action('pos', (run) => atPos(run, cashierLoop), { movesMoney: true }));
  pos
    .command('pay')
    .description('take an amount from the card in the reader')
    .requiredOption('--amount <amount>', 'such as 3.50')
    .option('--unit <name>', 'currency; the scheme’s first without')
    .option('--earlier <choice>', 'an earlier sale that went through unseen: finish, cancel or go-on', 'finish')
    .action(cli.action('pay', (run) => atPos(run, pay), { movesMoney: true }));
  pos
    .command('points')
    .description('take points from the card in the reader')
    .requiredOption('--amount <points>', 'such as 12')
    .option('--earlier <choice>', 'an earlier sale that went through unseen: finish, cancel or go-on', 'finish')
    .action(cli.action('points', (run) => atPos(run, points), { movesMoney: true }));
  pos
    .command('cancel')
    .description('give back the card’s last payment here, whole')
    .option('--tn <number>', 'only this payment')
    .action(cli.action('cancel', (run) => atPos(run, cancel), { movesMoney: true }));
  pos
    .command('receipt')
    .description('print a receipt again')
    .option('--tn <number>', 'of this payment; the newest without')
    .action(cli.action('receipt', (run) => atPos(run, receipt, { looking: true })));
  pos
    .command('journal')
    .description('list the transactions of this terminal')
    .option('--open', 'only those whose end nobody knows')
    .action(cli.action('journal', (run) => atPos(run, journal, { looking: true })));
  pos
    .command('day')
    .description('totals since the last batch')
    .option('--close', 'close the batch and upload it')
    .action(cli.action('day', (run) => atPos(run, day, { looking: run.options['close'] !== true })));
  pos
    .command('upload')
    .description('send what waits for the issuer, fetch the hot list')
    .action(cli.action('upload', (run) => atPos(run, uploadAll)));
  registerEnrol(pos, cli, 'pos');
}

async function atPos<T>(
  run: Run,
  act: (pos: PosTerminal, counter: Counter) => Promise<T>,
  how: { readonly looking?: boolean } = {},
): Promise<T> {
  return Counter.at(run, { name: 'pos', role: Role.pos, ...how }, async (counter) => {
    const pos = PosTerminal.open(counter.station);
    if (pos.journal.healed > 0)
      counter.out.warn(
        `The journal had a torn last line (${pos.journal.healed} bytes); nothing was done on its strength.`,
      );
    try {
      return await act(pos, counter);
    } finally {
      pos.close();
    }
  });
}

function pay(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const { slot, unit } = slotFor(counter.station, counter.run.options['unit']);
  return sell(pos, counter, { task: 'pay', slot, amount: amountOf(counter.run.options['amount'], unit) });
}

function points(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const unit = counter.station.scheme.units[pointsSlot];
  if (unit === undefined)
    throw new Failure('usage', 'The cards of this scheme hold no points.', { next: 'Take money: ./epurse pos pay' });
  return sell(pos, counter, { task: 'pay', slot: pointsSlot, amount: amountOf(counter.run.options['amount'], unit) });
}

function cancel(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const tn = numberOf(counter.run, 'tn');
  return sell(pos, counter, { task: 'cancel', slot: 0, ...(tn === undefined ? {} : { tn }) });
}

/** One card, one task. @throws Failure for a refusal, or for an end that nobody knows yet */
async function sell(pos: PosTerminal, counter: Counter, task: PosTask): Promise<Fields> {
  const earlier = choiceOf(counter.run.options['earlier'] as string | undefined);
  await freshHotList(pos);
  const pins = counter.pins();
  const prompt = pinPrompt(task.task === 'pay' ? `PIN for ${formatMoney(task.amount)}` : 'PIN');
  const outcome = await counter.withCard((connection) =>
    pos.visit(connection, task, {
      // an outcome is shown before the journal notes that it was
      show: (notice) => {
        if (notice.notice === 'outcome') return show(pos, counter, notice.outcome);
        const line = noticeLine(notice);
        if (line !== undefined) counter.out.say(line);
      },
      askPin: (triesLeft) => pins.ask(prompt(triesLeft)),
      askEarlier: () => Promise.resolve(earlier),
    }),
  );
  if (outcome.result === 'refused' || outcome.result === 'unresolved') throw asFailureOf(outcome.refusal);
  return { result: outcome.result, ...fieldsOf(pos, outcome) };
}

function show(pos: PosTerminal, { out }: Counter, outcome: PosOutcome): void {
  if (outcome.result === 'refused' || outcome.result === 'unresolved') return; // thrown as a failure
  const { lines } = receiptFor(pos, outcome.tn);
  for (const line of [...resultLines(outcome), '', ...lines]) out.say(line);
  out.event(outcome.result, fieldsOf(pos, outcome));
}

function fieldsOf(pos: PosTerminal, outcome: PosResult): Fields {
  return resultFields(outcome, receiptFor(pos, outcome.tn));
}

function receiptFor(pos: PosTerminal, tn: number): Receipt {
  const order = pos.journal.state.orders.get(tn);
  const printed = order === undefined ? undefined : receiptOf(pos.station, order);
  if (printed === undefined) {
    throw new Failure('receipt-unknown', `Number ${tn} is no payment that was carried out.`, {
      next: './epurse pos journal lists them.',
    });
  }
  return printed;
}

/** An attempt only: whether an old list will do is the flow's question. */
export async function freshHotList(pos: PosTerminal): Promise<void> {
  const { issuedAt } = pos.station.hotList;
  const halfOld = issuedAt === undefined || pos.station.clock() - issuedAt > pos.context.listMaxAge / 2;
  if (halfOld) await pos.station.refreshHotList();
}

async function receipt(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const newest = [...pos.journal.state.orders.values()].findLast(({ end }) => end?.result === 'executed');
  const tn = numberOf(counter.run, 'tn') ?? newest?.tn;
  if (tn === undefined)
    throw new Failure('receipt-unknown', 'There is no payment yet.', { next: './epurse pos pay takes one.' });
  const { lines, record, signature } = receiptFor(pos, tn);
  for (const line of lines) counter.out.say(line);
  return { tn, lines: [...lines], record, signature };
}

async function journal(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const { state } = pos.journal;
  const orders: readonly Order[] =
    counter.run.options['open'] === true ? openOrders(state) : [...state.orders.values()];
  for (const order of orders) counter.out.say(orderLine(order));
  if (orders.length === 0) counter.out.say('No transactions.');
  return { orders: orders.map(orderFields), open: openOrders(state).length };
}

async function day(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const { out, run } = counter;
  if (run.options['close'] === true) {
    const closed = await asked(() => resolveByIssuer(pos)).catch((error: unknown) => {
      out.warn(`Open entries stay open: ${error instanceof Error ? error.message : String(error)}`);
      return 0;
    });
    if (closed > 0) out.say(`${counted(closed, 'open entry', 'open entries')} closed by the issuer’s word.`);
  }
  const { units, orders, open } = totals(pos);
  for (const unit of units) out.say(totalsLine(unit));
  out.say(`${counted(orders, 'transaction')} since the last batch, ${open} open.`);
  const fields = { units: units.map(totalsFields), orders, open };
  if (run.options['close'] !== true) {
    if (orders > 0) out.say('./epurse pos day --close closes the batch and sends it.');
    return fields;
  }
  const batch = closeBatch(pos);
  out.say(
    batch === undefined
      ? 'No batch: nothing happened.'
      : `Batch ${batch.number} closed: numbers ${batch.firstTn} to ${batch.lastTn}.`,
  );
  return { ...fields, batch: batch?.number ?? null, ...(await uploadAll(pos, counter)) };
}

async function uploadAll(pos: PosTerminal, { out }: Counter): Promise<Fields> {
  const sent = await asked(() => upload(pos));
  for (const number of sent.acknowledged) out.say(`Batch ${number} acknowledged.`);
  out.say(
    `Hot list ${pos.station.hotList.version}: ${sent.hotList}. ${counted(sent.blockProofs, 'block statement')} delivered.`,
  );
  if (sent.hotList === 'unreachable')
    throw new Failure('issuer-unreachable', 'The issuer cannot be reached for the hot list.', {
      next: 'Try again when it can; the terminal sells under the list it has until that is too old.',
    });
  return {
    acknowledged: [...sent.acknowledged],
    waiting: waitingBatches(pos).map(({ number }) => number),
    hotList: pos.station.hotList.version,
    blockProofs: sent.blockProofs,
  };
}

/** @throws Failure in place of the issuer's error */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error;
    const refusal = issuerRefusal(error);
    if (refusal.code !== 'issuer-refused') throw asFailureOf(refusal);
    throw asFailureOf({
      ...refusal,
      next: 'Asking again gets the same answer: ask the operator of the issuer. What was sold stays in the journal, and the batch is kept.',
    });
  }
}

function totalsLine({ sold, soldCount, cancelled, cancelCount }: UnitTotals): string {
  return `${formatMoney(sold).padStart(16)} in ${counted(soldCount, 'sale')}, ${formatMoney(cancelled)} in ${counted(cancelCount, 'cancel')}`;
}

function totalsFields({ sold, soldCount, cancelled, cancelCount }: UnitTotals): Fields {
  return { sold: moneyFields(sold), soldCount, cancelled: moneyFields(cancelled), cancelCount };
}

function choiceOf(text: string | undefined): EarlierChoice {
  if (text === undefined || text === 'finish') return 'finish';
  if (text === 'cancel' || text === 'go-on') return text;
  throw new Failure('usage', `--earlier cannot be "${String(text)}".`, { next: 'Say finish, cancel or go-on.' });
}

function numberOf({ options }: Run, name: string): number | undefined {
  const text: unknown = options[name];
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^[1-9]\d{0,9}$/.test(text))
    throw new Failure('usage', `--${name} is a number from 1 up.`, { next: './epurse pos journal lists the numbers.' });
  return Number(text);
}
