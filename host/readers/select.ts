/** Which reader: `--reader NAME` with part of a PC/SC reader's name, `--reader sim:CARD`, or none where there is no choice. */
import { ReaderError } from './reader.js';
import type { CardReader, ReaderHub } from './reader.js';
import { simulatorPrefix } from './simulator.js';

/** Opened only when looked into: PC/SC needs native code, the simulator Java. */
export interface ReaderSources {
  readonly pcsc: () => Promise<ReaderHub>;
  readonly simulator: () => Promise<ReaderHub>;
}

export interface SelectedReader {
  readonly hub: ReaderHub;
  readonly reader: CardReader;
}

/**
 * @param wanted part of a PC/SC reader's name in any case, or `sim:` and a card's name
 * @throws ReaderError no-reader and ambiguous (both with `candidates`), no-pcsc, no-module, failed
 */
export async function selectReader(sources: ReaderSources, wanted?: string): Promise<SelectedReader> {
  const simulated = wanted?.startsWith(simulatorPrefix) === true;
  const hub = await (simulated ? sources.simulator() : sources.pcsc());
  const readers = await hub.list();
  const fitting = simulated ? readers.filter(({ name }) => name === wanted) : await fittingOf(readers, wanted);
  return { hub, reader: onlyOne(fitting, readers, wanted) };
}

async function fittingOf(readers: readonly CardReader[], wanted: string | undefined): Promise<readonly CardReader[]> {
  if (wanted !== undefined) {
    const exact = readers.filter(({ name }) => name === wanted);
    const part = wanted.toLowerCase();
    return exact.length > 0 ? exact : readers.filter(({ name }) => name.toLowerCase().includes(part));
  }
  if (readers.length < 2) return readers;
  const withCard = await havingCard(readers);
  return withCard.length > 0 ? withCard : readers;
}

async function havingCard(readers: readonly CardReader[]): Promise<readonly CardReader[]> {
  const states = await Promise.all(readers.map((reader) => reader.state()));
  return readers.filter((_, i) => states[i]?.card !== 'absent');
}

function onlyOne(fitting: readonly CardReader[], all: readonly CardReader[], wanted: string | undefined): CardReader {
  const [reader, other] = fitting;
  if (!reader) {
    const names = namesOf(all);
    const there = names.length > 0 ? ` There are: ${names.join(', ')}.` : '';
    const what = wanted === undefined ? 'There is no card reader.' : `There is no reader "${wanted}".`;
    throw new ReaderError('no-reader', what + there, { candidates: names });
  }
  if (other) {
    const names = namesOf(fitting);
    throw new ReaderError('ambiguous', `Several readers fit: ${names.join(', ')}.`, { candidates: names });
  }
  return reader;
}

function namesOf(readers: readonly CardReader[]): readonly string[] {
  return readers.map(({ name }) => name);
}
