/** `epurse personalize …`: issuing cards, one or a list, and passing on orders. */
import type { Command } from 'commander';
import type { CommandLine, Run } from '../cli/command-line.js';
import { Counter } from '../cli/terminals/counter.js';
import { registerEnrol } from '../cli/terminals/enrol.js';
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import { isReaderError } from '../readers/reader.js';
import { Role } from '../protocol/generated/enums.js';
import type { DeskOrder } from '../protocol/issuer/port.js';
import { counted } from '../terminal/counted.js';
import { Failure } from '../terminal/outcome.js';
import { checkPin } from '../terminal/prompts.js';
import { readerFailure } from '../terminal/reader-failure.js';
import { asFailureOf, unfitCard } from '../terminal/refusal.js';
import { BatchProgress, readHolders } from './batch.js';
import type { BatchHolder } from './batch.js';
import { DeskTerminal } from './terminal.js';
import type { DeskUi } from './terminal.js';
import type { DeskOutcome, DeskTask } from './types.js';
import { doneFields, doneLines, noticeLine } from './words.js';
import type { Done, Fields } from './words.js';
import { SheetPrinter } from './sheet-printer.js';

export function register(program: Command, cli: CommandLine): void {
  const desk = program.command('personalize').description('personalization desk: issue the raw card in the reader');
  const sheet = (command: Command): Command =>
    command
      .option('--sheet <file>', 'write the holder’s sheet with the PIN to this file')
      .option('--printer <command>', 'hand each sheet to this command, such as "lp -d mailer"; no copy is kept')
      .option('--html', 'as a page of HTML');
  const order = (name: string, kind: DeskOrder, description: string): Command =>
    desk
      .command(name)
      .description(description)
      .option('--reason <text>', 'kept by the issuer', 'asked for at the desk')
      .action(cli.action(name, (run) => atDesk(run, passOn(kind)), { movesMoney: kind === 'retire' }));

  sheet(desk)
    .option('--holder <name>', 'who gets the card')
    .option('--batch <file>', 'a list of holders, one a line; may be taken up again where it was cut')
    .action(cli.action('personalize', (run) => atDesk(run, run.options['batch'] === undefined ? issue : issueBatch)));
  sheet(desk.command('replace'))
    .description('a new card for a lost one; its balance follows as a load when the waiting period is over')
    .requiredOption('--lost <card>', 'id of the lost card, 16 hexadecimal digits')
    .option('--holder <name>', 'who gets the card')
    .action(cli.action('replace', (run) => atDesk(run, issue)));
  sheet(order('pin-reset', 'pinReset', 'a new PIN for the card in the reader'));
  order('unblock', 'unblock', 'unblock the card in the reader');
  order('retire', 'retire', 'freeze the card for ever; the issuer pays out what it holds');
  registerEnrol(desk, cli, 'desk');
}

type Act = (desk: DeskTerminal, counter: Counter) => Promise<Fields>;

function atDesk(run: Run, act: Act): Promise<Fields> {
  return Counter.at(run, { name: 'desk', role: Role.perso }, (counter) =>
    act(new DeskTerminal(counter.station), counter),
  );
}

async function issue(desk: DeskTerminal, counter: Counter): Promise<Fields> {
  const { options, global } = counter.run;
  const lost: unknown = options['lost'];
  const replaces = lost === undefined ? undefined : cardIdOf(lost);
  const holder = await holderOf(counter);
  if (global.pinFile !== undefined) {
    const pin = await counter.pins().ask('PIN: ');
    if (pin !== undefined) checkPin(pin);
    desk.station.pins.choose(pin);
  }
  const fields = await serve(desk, counter, { task: 'issue', holder, ...(replaces === undefined ? {} : { replaces }) });
  if (replaces === undefined) return fields;
  counter.out.say(
    `What the card ${toHex(replaces)} held follows when the waiting period is over: a load at a kiosk takes it from there, and not from the bank.`,
  );
  return { ...fields, replaces: toHex(replaces) };
}

function passOn(order: DeskOrder): Act {
  return async (desk, counter) => {
    if (order === 'retire') await counter.run.confirm('Retire the card for good? It cannot be used again.');
    return serve(desk, counter, { task: 'order', order, reason: String(counter.run.options['reason']) });
  };
}

/** One card, one task. @throws Failure for a refusal */
async function serve(desk: DeskTerminal, counter: Counter, task: DeskTask): Promise<Fields> {
  const printer = new SheetPrinter(counter, desk.station);
  const outcome = await counter.withCard((connection) => desk.visit(connection, task, uiOf(desk, counter, printer)));
  return { ...doneFields(desk.station.scheme, done(outcome)), ...printer.fields };
}

function uiOf(desk: DeskTerminal, { out }: Counter, printer: SheetPrinter): DeskUi {
  return {
    show: (notice) => {
      const line = noticeLine(notice);
      if (line !== undefined) out.say(line);
      if (notice.notice !== 'outcome' || notice.outcome.result === 'refused') return;
      for (const words of doneLines(desk.station.scheme, notice.outcome)) out.say(words);
    },
    print: (sheet, lines) => printer.print(sheet, lines),
  };
}

/** Gives each holder of the list a card; a card pulled too early is asked for again. */
async function issueBatch(desk: DeskTerminal, counter: Counter): Promise<Fields> {
  const holders = readHolders(String(counter.run.options['batch']));
  const progress = BatchProgress.open(holders, (digest) => desk.station.path('lists', `${digest}.json`));
  const due = holders.filter((holder) => !progress.has(holder));
  const printer = new SheetPrinter(counter, desk.station);
  counter.out.say(`${counted(holders.length, 'holder')}, ${holders.length - due.length} with a card already.`);
  const issued: Fields[] = [];
  try {
    for (const holder of due) {
      const outcome = await untilIssued(desk, counter, printer, holder);
      progress.note(holder, toHex(outcome.cardId));
      issued.push({ line: holder.line, ...doneFields(desk.station.scheme, outcome) });
      counter.out.event('issued', issued.at(-1) ?? {});
      counter.out.say('Remove the card.');
      await counter.cardRemoved(() => counter.out.say('\u0007The card is still in the reader.'));
    }
  } catch (error) {
    throw cutShort(error, holders.length, holders.filter((holder) => progress.has(holder)).length);
  }
  counter.out.say('Everybody on the list has a card.');
  return { issued, before: holders.length - due.length, ...printer.fields };
}

/** A list that stops half-way says how far it came, and that nobody gets a second card by calling it again. */
function cutShort(error: unknown, all: number, served: number): unknown {
  const failure = isReaderError(error) ? readerFailure(error) : error;
  if (!(failure instanceof Failure)) return failure;
  const { code, moneyMoved, message, next } = failure;
  const what = code === 'interrupted' ? 'Interrupted.' : message;
  const soFar = `${served} of ${counted(all, 'holder')} have their card; the same call goes on with the others.`;
  return new Failure(code, `${what} ${soFar}`, { moneyMoved, next, cause: failure });
}

type Issued = Extract<DeskOutcome, { readonly result: 'issued' }>;

async function untilIssued(
  desk: DeskTerminal,
  counter: Counter,
  printer: SheetPrinter,
  { holder, line, serial, replaces }: BatchHolder,
): Promise<Issued> {
  const { out } = counter;
  const { reader } = await counter.reader();
  for (;;) {
    const which = serial === undefined ? 'a raw card' : `the raw card ${toHex(serial)}`;
    out.say(`${line}: ${which} for ${holder}, please.`);
    const task: DeskTask = {
      task: 'issue',
      holder,
      ...(serial === undefined ? {} : { serial }),
      ...(replaces === undefined ? {} : { replaces }),
    };
    const outcome = await counter.nextCard((connection) => desk.visit(connection, task, uiOf(desk, counter, printer)));
    if (outcome.result === 'issued' && outcome.holder === holder) return outcome;
    if (outcome.result === 'issued') {
      out.say(`That was the unfinished card of ${outcome.holder}.`);
    } else {
      const failure = asFailureOf(
        outcome.result === 'refused' ? outcome.refusal : unfitCard('not-raw', 'The card is somebody’s purse.'),
      );
      // another card may do better, where cards can be changed and the card was what was wrong
      if (!reader.capabilities.insertion || failure.kind !== 'refused') throw failure;
      out.warn(failure.message);
    }
    await counter.cardRemoved(() => out.say('\u0007The card is still in the reader.'));
  }
}

function done(outcome: DeskOutcome): Done {
  if (outcome.result === 'refused') throw asFailureOf(outcome.refusal);
  return outcome;
}

async function holderOf(counter: Counter): Promise<string> {
  const given: unknown = counter.run.options['holder'];
  if (typeof given === 'string' && given.trim() !== '') return given.trim();
  if (counter.attended) {
    const typed = await counter.keyboard.line('Name of the holder: ');
    if ('line' in typed && typed.line.trim() !== '') return typed.line.trim();
  }
  throw new Failure('usage', 'Nobody is named.', { next: 'Name the holder with --holder.' });
}

function cardIdOf(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^[0-9a-fA-F]{16}$/.test(text)) {
    throw new Failure('usage', '--lost is the id of a card.', {
      next: '16 hexadecimal digits, as the holder’s sheet has them.',
    });
  }
  return fromHex(text.toLowerCase());
}
