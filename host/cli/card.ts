/** `epurse card …`: simulated cards of this home, and the virtual reader they are put into. */
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { isBridgeError, keepInserted, keeperPid, startBridge, stopKeeper } from 'jcardsim-ts-bridge';
import type { KeepOptions } from 'jcardsim-ts-bridge';
import { toHex } from '../protocol/codec/bytes.js';
import { select } from '../protocol/commands/select.js';
import { LifeCycle } from '../protocol/generated/enums.js';
import { simulatedPurse } from '../readers/simulator-spec.js';
import { CardFiles } from '../terminal/card-files.js';
import { Failure } from '../terminal/outcome.js';
import { installParameters, newSerial, readBatchKey } from '../terminal/raw-card.js';
import { withCardFailures } from './card/failures.js';
import { endPcscd, keepPcscd } from './card/pcscd.js';
import type { CommandLine, Outcome, Run } from './command-line.js';

/** The virtual readers that Debian's configuration of the driver has. */
const slots = 2;

export function register(program: Command, cli: CommandLine): void {
  const card = program.command('card').description('simulated cards');
  const action = (name: string, act: (run: Run) => Promise<Outcome>): ReturnType<CommandLine['action']> =>
    cli.action(`card-${name}`, (run) => withCardFailures(() => act(run)));

  card
    .command('new')
    .argument('<name>')
    .description('make a raw card')
    .action(action('new', (run) => make(run, cli.folder)));
  card.command('list').description('list the cards and say which are in a reader').action(action('list', list));
  card
    .command('insert')
    .argument('<name>')
    .option('--slot <number>', 'virtual reader, 0 or 1; the first free one without')
    .description('put a card into a virtual PC/SC reader, where it stays until it is ejected')
    .action(action('insert', (run) => insert(run, cli.folder)));
  card
    .command('eject')
    .argument('[name]', 'the one that is in a reader, without')
    .description('take a card out of its virtual reader')
    .action(action('eject', eject));
  card
    .command('show')
    .argument('<name>')
    .description('say what a card is: its state, its memory')
    .action(action('show', (run) => show(run, cli.folder)));
  card.command('destroy').argument('<name>').description('destroy a card for good').action(action('destroy', destroy));
}

function cardOf(run: Run): { files: CardFiles; name: string } {
  return { files: new CardFiles(run.home()), name: run.args[0] ?? '' };
}

async function make(run: Run, folder: string): Promise<Outcome> {
  const { files, name } = cardOf(run);
  const file = files.image(name);
  const serial = newSerial();
  const spec = simulatedPurse(folder, installParameters(readBatchKey(run.home()), serial));
  files.makeFolder();
  const bridge = await startBridge();
  try {
    await (await bridge.createCard(spec, { file })).close();
  } finally {
    await bridge.close();
  }
  run.out.say(`Made the raw card ${name}, serial ${toHex(serial)}.`);
  run.out.say(`Next: ./epurse personalize --reader sim:${name}`);
  return { card: name, serial: toHex(serial), file };
}

async function list(run: Run): Promise<Outcome> {
  const { files } = cardOf(run);
  const cards = await Promise.all(
    files.names().map(async (name) => ({ name, pid: await keeperPid(files.pidFile(name)) })),
  );
  for (const { name, pid } of cards)
    run.out.say(pid === undefined ? name : `${name}  in a virtual reader (process ${pid})`);
  if (cards.length === 0) run.out.say('No cards yet: ./epurse card new NAME');
  return { cards: cards.map(({ name, pid }) => ({ name, inserted: pid !== undefined })) };
}

async function insert(run: Run, folder: string): Promise<Outcome> {
  const { files, name } = cardOf(run);
  const file = files.existing(name);
  const wanted = slotsWanted((run.options as { slot?: string }).slot);
  const { port } = await keepPcscd(files.pcscdPidFile);
  try {
    const card = { file, spec: simulatedPurse(folder), pidFile: files.pidFile(name) };
    const { slot, pid } = await keepInFreeSlot(card, port, wanted);
    const reader = `Virtual PCD 00 0${slot}`;
    run.out.say(`${name} is in the reader ${reader} until: ./epurse card eject ${name}`);
    return { card: name, reader, pid, port: port + slot };
  } catch (error) {
    if ((await insertedCards(files)).length === 0) await endPcscd(files.pcscdPidFile);
    throw error;
  }
}

/** @throws BridgeError ReaderOccupied when none of the slots is free */
async function keepInFreeSlot(
  card: Omit<KeepOptions, 'link'>,
  port: number,
  wanted: readonly number[],
): Promise<{ slot: number; pid: number }> {
  const [slot = 0, ...others] = wanted;
  try {
    return { slot, pid: await keepInserted({ ...card, link: { link: 'vpcd', port: port + slot } }) };
  } catch (error) {
    if (others.length === 0 || !isBridgeError(error, 'ReaderOccupied')) throw error;
    return keepInFreeSlot(card, port, others);
  }
}

function slotsWanted(slot: string | undefined): readonly number[] {
  if (slot === undefined) return [...Array(slots).keys()];
  if (!/^[01]$/.test(slot)) throw new Failure('usage', `There is no slot "${slot}".`, { next: '--slot is 0 or 1.' });
  return [Number(slot)];
}

async function eject(run: Run): Promise<Outcome> {
  const { files } = cardOf(run);
  const inserted = await insertedCards(files);
  const name = run.args[0] ?? onlyOne(inserted);
  files.existing(name);
  if (!inserted.includes(name))
    throw new Failure('card-absent', `${name} is in no reader.`, {
      next: './epurse card list tells which cards are in one.',
    });
  const keeper = await stopKeeper(files.pidFile(name));
  if (inserted.every((other) => other === name)) await endPcscd(files.pcscdPidFile);
  run.out.say(
    keeper === 'ended'
      ? `${name} is out.`
      : `${name} is out. Its process hung and was killed: the card is as its last answer left it.`,
  );
  return { card: name, keeper };
}

async function insertedCards(files: CardFiles): Promise<string[]> {
  const pids = await Promise.all(files.names().map((name) => keeperPid(files.pidFile(name))));
  return files.names().filter((_, index) => pids[index] !== undefined);
}

function onlyOne(inserted: readonly string[]): string {
  const [name, second] = inserted;
  if (name === undefined)
    throw new Failure('card-absent', 'No card of this home is in a reader.', {
      next: './epurse card insert NAME puts one in.',
    });
  if (second !== undefined)
    throw new Failure('choice-needed', `In a reader are: ${inserted.join(', ')}.`, { next: 'Name one.' });
  return name;
}

async function show(run: Run, folder: string): Promise<Outcome> {
  const { files, name } = cardOf(run);
  const file = files.existing(name);
  const bridge = await startBridge();
  try {
    const card = await bridge.openCard({ file }, simulatedPurse(folder));
    await card.powerOn();
    const { state, version, scheme, serial } = await select(card);
    const memory = await card.memory();
    const fields = {
      card: name,
      state: nameOf(state),
      version: `${version.major}.${version.minor}`,
      scheme,
      ...(serial && { serial: toHex(serial) }),
      persistentBytes: memory.persistentBytes,
      transientBytes: memory.transientResetBytes + memory.transientDeselectBytes,
    };
    for (const [field, value] of Object.entries(fields)) run.out.say(`${field.padEnd(16)} ${value}`);
    return fields;
  } finally {
    await bridge.close();
  }
}

function nameOf(state: LifeCycle): string {
  return Object.entries(LifeCycle).find(([, value]) => value === state)?.[0] ?? String(state);
}

async function destroy(run: Run): Promise<Outcome> {
  const { files, name } = cardOf(run);
  const file = files.existing(name);
  const pid = await keeperPid(files.pidFile(name));
  if (pid !== undefined) {
    throw new Failure('card-busy', `${name} is in a reader.`, { next: `./epurse card eject ${name}` });
  }
  await run.confirm(`Destroy the card ${name}, and with it whatever money it holds?`);
  await rm(file);
  run.out.say(`${name} is destroyed.`);
  return { card: name };
}
