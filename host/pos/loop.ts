/** The cashier's loop: amount, card, result, "remove the card", and again. An empty line lists what can be typed. */
import { MoneyError, formatMoney, parseAmount } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { pointsSlot } from '../protocol/generated/parameters.js';
import type { Counter } from '../cli/terminals/counter.js';
import { terminalLoop } from '../cli/terminals/loop.js';
import { openOrders } from '../terminal/journal/state.js';
import { keyboardPins, pinPrompt } from '../terminal/prompts.js';
import { Failure, moneySentence } from '../terminal/outcome.js';
import type { PosTerminal } from './terminal.js';
import type { EarlierChoice, PosOutcome, PosTask } from './types.js';
import { noticeLine, orderLine, receiptOf, resultFields, resultLines } from './words.js';
import type { Fields } from './words.js';

/** Milliseconds after which a card that nobody presents is given up: the next one is another customer's. */
const patience = 60_000;

const help = 'amount (such as 3.50) · USD 3.50 · p 12 (points) · c (cancel last) · l (list) · q (end)';

export function cashierLoop(pos: PosTerminal, counter: Counter): Promise<Fields> {
  const { out, keyboard } = counter;
  out.say(help);
  return terminalLoop(counter, {
    wanted: async () => {
      await pos.station.refreshHotList();
      const typed = await keyboard.line('\nAmount: ');
      if ('none' in typed || typed.line.trim() === 'q') return 'end';
      const task = taskOf(pos, counter, typed.line.trim());
      if (task !== undefined)
        out.say(task.task === 'pay' ? `${formatMoney(task.amount)}: present the card.` : 'Cancel: present the card.');
      return task;
    },
    visit: (task) => serve(pos, counter, task),
    open: () => openOrders(pos.journal.state).length,
    whenOpen: { code: 'outcome-unknown', next: './epurse pos journal --open lists them: present those cards again.' },
    takeCard: 'Remove the card.',
    cardForgotten: 'The card is still in the reader.',
  });
}

/** What the line asks for; undefined where it was dealt with, or is not understood. */
function taskOf(pos: PosTerminal, { out, station }: Counter, line: string): PosTask | undefined {
  if (line === 'c') return { task: 'cancel', slot: 0 };
  if (line === 'l') {
    for (const order of [...pos.journal.state.orders.values()].slice(-10)) out.say(orderLine(order));
    return undefined;
  }
  const [, word, text] = /^(?:([A-Za-z]+)\s+)?(\S+)$/.exec(line) ?? [];
  const slot =
    word === undefined
      ? 0
      : word === 'p'
        ? pointsSlot
        : station.scheme.units.findIndex(({ name }) => name === word.toUpperCase());
  const unit = station.scheme.units[slot];
  if (unit === undefined || text === undefined) {
    out.say(help);
    return undefined;
  }
  const amount = amountIn(text, unit, out);
  return amount === undefined ? undefined : { task: 'pay', slot, amount };
}

function amountIn(text: string, unit: Money['unit'], out: Counter['out']): Money | undefined {
  try {
    return parseAmount(text, unit);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    out.say(error.message);
    return undefined;
  }
}

async function serve(pos: PosTerminal, counter: Counter, task: PosTask): Promise<boolean> {
  const { out, keyboard } = counter;
  const pins = keyboardPins(keyboard, (line) => out.say(line));
  const prompt = pinPrompt(task.task === 'pay' ? `PIN for ${formatMoney(task.amount)}` : 'PIN');
  const outcome = await counter.nextCard(
    (connection) =>
      pos.visit(connection, task, {
        show: (notice) => {
          const line = noticeLine(notice);
          if (line !== undefined) out.say(line);
          if (notice.notice === 'outcome') tell(pos, counter, notice.outcome);
        },
        askPin: (triesLeft) => pins.ask(prompt(triesLeft)),
        askEarlier: (order, _record, same) => askEarlier(counter, order.tn, order.amount, same),
      }),
    patience,
  );
  return outcome.result === 'paid' || outcome.result === 'cancelled';
}

function tell(pos: PosTerminal, { out }: Counter, outcome: PosOutcome): void {
  switch (outcome.result) {
    case 'paid':
    case 'cancelled': {
      for (const line of resultLines(outcome)) out.say(line);
      const order = pos.journal.state.orders.get(outcome.tn);
      const printed = order === undefined ? undefined : receiptOf(pos.station, order);
      for (const line of ['', ...(printed?.lines ?? []), '']) out.say(line);
      if (printed !== undefined) out.event(outcome.result, resultFields(outcome, printed));
      return;
    }
    case 'refused':
    case 'unresolved': {
      const { message, next, code } = outcome.refusal;
      const { moneyMoved } = new Failure(code, message);
      out.event(outcome.result, { code, moneyMoved, message });
      out.say(`${message} ${moneySentence(moneyMoved)}`);
      out.say(next);
      return;
    }
  }
}

/** An earlier sale of this card went through while its answer was lost: only the cashier knows about the goods. */
async function askEarlier(
  { keyboard, out }: Counter,
  tn: number,
  amount: Money,
  same: boolean,
): Promise<EarlierChoice> {
  out.say(`Number ${tn} over ${formatMoney(amount)} was paid by this card before, and no goods were given for it.`);
  for (;;) {
    const typed = await keyboard.line(
      same
        ? '[f] it is this sale  [g] it was another one, charge again  [c] give it back: '
        : '[f] settle that one first  [g] keep it and charge this one too  [c] give it back: ',
    );
    if ('none' in typed) return 'finish';
    switch (typed.line.trim()) {
      case 'f':
        return 'finish';
      case 'g':
        return 'go-on';
      case 'c':
        return 'cancel';
      default:
        out.say('f, g or c.');
    }
  }
}
