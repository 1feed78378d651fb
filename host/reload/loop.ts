/** The unattended kiosk: a menu for whoever stands before it, forgotten after a minute without a key. */
import { MoneyError, parseAmount } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { LoadType } from '../protocol/generated/enums.js';
import type { Counter } from '../cli/terminals/counter.js';
import { terminalLoop } from '../cli/terminals/loop.js';
import { keyboardPins, pinPrompt } from '../terminal/prompts.js';
import { Failure, moneySentence } from '../terminal/outcome.js';
import { doneFields, doneLines } from './done.js';
import type { KioskTerminal } from './terminal.js';
import type { ReloadOutcome, ReloadTask } from './types.js';
import { noticeLine, pinPurpose } from './words.js';
import type { Fields } from './words.js';

/** Milliseconds after which an amount or a PIN that nobody types, and a card that nobody brings, is given up. */
const idle = 60_000;

const menu =
  '1 load 10.00 · 2 load 20.00 · 3 load 50.00 · 4 another amount · 5 pay out · 6 balance · 7 change PIN · 8 give up a waiting load · q end';

/** Minor units of the amount keys, in whole units of the currency. */
const amountKeys: Readonly<Record<string, bigint>> = { 1: 10n, 2: 20n, 3: 50n };

export function kioskLoop(kiosk: KioskTerminal, counter: Counter): Promise<Fields> {
  const { out, keyboard } = counter;
  return terminalLoop(counter, {
    wanted: async () => {
      await kiosk.station.refreshHotList();
      out.say();
      out.say(menu);
      const typed = await keyboard.line('> ');
      if ('none' in typed || typed.line.trim() === 'q') return 'end';
      const task = await chosen(kiosk, counter, typed.line.trim());
      if (task !== undefined) out.say('Put your card in.');
      return task;
    },
    visit: (task) => serve(kiosk, counter, task),
    open: () => kiosk.unfinished,
    whenOpen: {
      code: 'load-unresolved',
      next: 'Present those cards at any kiosk: ./epurse reload finish needs no PIN, and nothing is done twice.',
    },
    takeCard: 'Take your card.',
    cardForgotten: 'Your card is still in the reader.',
  });
}

async function chosen({ station }: KioskTerminal, counter: Counter, key: string): Promise<ReloadTask | undefined> {
  const [unit] = station.scheme.units;
  if (unit === undefined) return undefined;
  const load = (type: LoadType, amount: Money | undefined): ReloadTask | undefined =>
    amount === undefined ? undefined : { task: 'load', type, slot: 0, amount };
  const whole = amountKeys[key];
  if (whole !== undefined) return load(LoadType.load, { amount: whole * 10n ** BigInt(unit.digits), unit });
  switch (key) {
    case '4':
      return load(LoadType.load, await amountTyped(counter, unit));
    case '5':
      return load(LoadType.unload, await amountTyped(counter, unit));
    case '6':
      return { task: 'balance' };
    case '7':
      return { task: 'change-pin' };
    case '8':
      return { task: 'cancel' };
    case '':
      return undefined;
    default:
      counter.out.say(`There is no ${key}: type one of the numbers below.`);
      return undefined;
  }
}

async function amountTyped({ keyboard, out }: Counter, unit: Money['unit']): Promise<Money | undefined> {
  const typed = await keyboard.line(`Amount in ${unit.name}: `, idle);
  if ('none' in typed) return undefined;
  try {
    return parseAmount(typed.line.trim(), unit);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    out.say(error.message);
    return undefined;
  }
}

async function serve(kiosk: KioskTerminal, counter: Counter, task: ReloadTask): Promise<boolean> {
  const { out, keyboard } = counter;
  const pins = keyboardPins(keyboard, (line) => out.say(line), idle);
  const prompt = pinPrompt(pinPurpose(task));
  const outcome = await counter.nextCard(
    (connection) =>
      kiosk.visit(connection, task, {
        show: (notice) => {
          const line = noticeLine(notice);
          if (line !== undefined) out.say(line);
          if (notice.notice === 'outcome') tell(kiosk, counter, notice.outcome);
        },
        askPin: (triesLeft) => pins.ask(prompt(triesLeft)),
        askPinChange: async (triesLeft) => {
          const old = await pins.ask(prompt(triesLeft));
          const wanted = old === undefined ? undefined : await newPin(pins, out);
          return old === undefined || wanted === undefined ? undefined : { old, wanted };
        },
      }),
    idle,
  );
  return outcome.result !== 'refused' && outcome.result !== 'unresolved';
}

/** Typed twice: nobody sees what he types. Nothing typed gives up. */
async function newPin(pins: ReturnType<typeof keyboardPins>, out: Counter['out']): Promise<string | undefined> {
  for (;;) {
    const first = await pins.ask('New PIN: ');
    const second = first === undefined ? undefined : await pins.ask('New PIN again: ');
    if (first === second || second === undefined) return second;
    out.say('That was not the same PIN twice: choose it once more.');
  }
}

function tell(kiosk: KioskTerminal, { out }: Counter, outcome: ReloadOutcome): void {
  if (outcome.result !== 'refused' && outcome.result !== 'unresolved') {
    for (const line of doneLines(kiosk.station.scheme, outcome)) out.say(line);
    out.event(outcome.result, doneFields(kiosk.station.scheme, outcome));
    return;
  }
  const { message, next, code } = outcome.refusal;
  const { moneyMoved } = new Failure(code, message);
  out.event(outcome.result, { code, moneyMoved, message });
  out.say(`${message} ${moneySentence(moneyMoved)}`);
  out.say(next);
}
