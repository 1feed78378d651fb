/** `epurse readers`: which readers there are, and what is in them. */
import type { Command } from 'commander';
import { toHex } from '../protocol/codec/bytes.js';
import { select } from '../protocol/commands/select.js';
import { LifeCycle } from '../protocol/generated/enums.js';
import { isCardError } from '../protocol/errors.js';
import { isReaderError } from '../readers/reader.js';
import type { CardReader } from '../readers/reader.js';
import { Failure } from '../terminal/outcome.js';
import type { CommandLine, Outcome, Run } from './command-line.js';

export function register(program: Command, cli: CommandLine): void {
  program
    .command('readers')
    .description('list the PC/SC readers and say what is in them')
    .action(cli.action('readers', readers));
}

interface Found {
  readonly reader: string;
  readonly card: string;
  readonly atr?: string;
}

async function readers(run: Run): Promise<Outcome> {
  const hub = await run.readers.pcsc();
  const wanted = run.global.reader?.toLowerCase() ?? '';
  const listed = (await hub.list()).filter(({ name }) => name.toLowerCase().includes(wanted));
  if (listed.length === 0) {
    throw new Failure('no-reader', wanted === '' ? 'There is no card reader.' : `There is no reader "${wanted}".`, {
      next: 'Plug one in, or put a simulated card into the virtual one: ./epurse card insert NAME',
    });
  }
  const found: Found[] = [];
  for (const reader of listed) found.push(await look(reader));
  for (const { reader, card, atr } of found) {
    run.out.say(`${reader}: ${card}${atr === undefined ? '' : `  (ATR ${atr})`}`);
  }
  return { readers: found.map((one) => ({ ...one })) };
}

async function look(reader: CardReader): Promise<Found> {
  const { name, card, atr } = await reader.state();
  switch (card) {
    case 'absent':
      return { reader: name, card: 'no card' };
    case 'in-use':
      return { reader: name, card: 'a card that another program uses' };
    case 'mute':
      return { reader: name, card: 'a card that does not answer' };
    case 'present':
      return { reader: name, card: await ask(reader), ...(atr && { atr: toHex(atr) }) };
  }
}

/** Connecting resets the card, which harms nothing: it is in no one's session, or connecting is refused. */
async function ask(reader: CardReader): Promise<string> {
  try {
    const connection = await reader.connect();
    try {
      const { state, scheme, serial } = await select(connection);
      if (serial !== undefined) return `a raw purse, serial ${toHex(serial)}`;
      return `a purse of scheme ${scheme}, ${nameOf(state)}`;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (isCardError(error, 'no-purse')) return 'a card without a purse';
    if (isReaderError(error) || isCardError(error)) return `a card; ${error.message}`;
    throw error;
  }
}

function nameOf(state: LifeCycle): string {
  return Object.entries(LifeCycle).find(([, value]) => value === state)?.[0] ?? String(state);
}
