/** `epurse inspect`: what the card in the reader says about itself, read as this home's kiosk, or as its desk. */
import type { Command } from 'commander';
import type { CommandLine, Run } from '../cli/command-line.js';
import type { Fields } from '../cli/output.js';
import { Counter } from '../cli/terminals/counter.js';
import { toHex } from '../protocol/codec/bytes.js';
import { formatTime } from '../protocol/codec/time.js';
import type { CardChannel } from '../protocol/channel/channel.js';
import { select } from '../protocol/commands/select.js';
import type { SelectedPurse } from '../protocol/commands/select.js';
import { CardError } from '../protocol/errors.js';
import { LifeCycle, Role, lifeCycleNames, loadStateNames } from '../protocol/generated/enums.js';
import type { CardShell } from '../terminal/card-shell.js';
import type { CardAnswer, CardEffect, CardEvent } from '../terminal/flow/card.js';
import { Failure } from '../terminal/outcome.js';
import { asFailureOf, cardLost, cardRefusal, unfitCard } from '../terminal/refusal.js';
import { contentFields, contentLines } from './content.js';

export function register(program: Command, cli: CommandLine): void {
  program
    .command('inspect')
    .description('what the card says about itself; balances and log with the PIN, or with --desk')
    .option('--desk', 'read it as the desk, which also reads blocked and retired cards and needs no PIN')
    .action(
      cli.action('inspect', (run) => {
        const asDesk = run.options['desk'] === true;
        const who = asDesk ? { name: 'desk', role: Role.perso } : { name: 'kiosk', role: Role.load };
        return Counter.at(run, who, (counter) =>
          counter.withCard((connection) => inspect(run, counter, connection, asDesk)),
        );
      }),
    );
}

async function inspect(run: Run, counter: Counter, channel: CardChannel, asDesk: boolean): Promise<Fields> {
  const purse = await selected(channel);
  const header = headerOf(purse);
  for (const [name, value] of Object.entries(header)) run.out.say(`${name.padEnd(18)} ${value}`);
  if (purse.state === LifeCycle.raw) return header;
  const shell = counter.station.shell(channel);
  const { s1, card } = await answer(shell, { do: 'open', slot: 0, full: false });
  const { load } = s1;
  const facts: Readonly<Record<string, string | number>> = {
    card: toHex(card.cardId),
    keyVersion: card.keyVersion,
    expires: formatTime(card.expiry),
    storedDate: formatTime(s1.date),
    transactions: s1.nt,
    pinTries: s1.pinTries,
    parametersVersion: s1.parametersVersion,
    ...(load === undefined ? {} : { load: loadStateNames[load.state], loadCounter: load.counter }),
  };
  for (const [name, value] of Object.entries(facts)) run.out.say(`${name.padEnd(18)} ${value}`);
  return { ...header, ...facts, ...(await content(counter, shell, asDesk, s1.pinTries)) };
}

/** Balances and log, for those who may see them. */
async function content(counter: Counter, shell: CardShell, asDesk: boolean, triesLeft: number): Promise<Fields> {
  const { station, out } = counter;
  if (!asDesk) {
    const pin = await counter.pins().ask(`PIN for balances and log, or nothing (${triesLeft} tries left): `);
    if (pin === undefined) return {};
    station.pins.enter(pin);
    await answer(shell, { do: 'verify-pin' });
  }
  const { totals } = await answer(shell, { do: 'read-totals' });
  const from = Math.max(1, totals.nt - 31);
  const records = totals.nt === 0 ? [] : (await answer(shell, { do: 'read-records', from, to: totals.nt })).records;
  for (const line of contentLines(station.scheme, totals, records)) out.say(line);
  return contentFields(station.scheme, totals, records);
}

async function selected(channel: CardChannel): Promise<SelectedPurse> {
  try {
    return await select(channel);
  } catch (error) {
    if (error instanceof CardError)
      throw new Failure('card-unfit', error.message, { next: 'Present a purse card.', cause: error });
    throw error;
  }
}

function headerOf({ version, scheme, state, serial }: SelectedPurse): Readonly<Record<string, string>> {
  return {
    version: `${version.major}.${version.minor}`,
    scheme: scheme.toString(),
    state: lifeCycleNames[state],
    ...(serial === undefined ? {} : { serial: toHex(serial) }),
  };
}

/** The good answer to one command. @throws Failure for anything else */
async function answer<E extends CardEffect>(
  shell: CardShell,
  effect: E,
): Promise<Extract<CardAnswer, { readonly on: E['do'] }>> {
  const event: CardEvent = await shell.perform(effect);
  switch (event.on) {
    case 'unfit':
      throw asFailureOf(unfitCard(event.why, event.message));
    case 'refused':
      throw asFailureOf(cardRefusal(event));
    case 'lost':
    case 'unsigned':
      throw asFailureOf(cardLost);
    default:
      return event as Extract<CardAnswer, { readonly on: E['do'] }>;
  }
}
