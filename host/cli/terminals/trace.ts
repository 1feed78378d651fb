/** `--trace`: every command and answer in words, secrets masked; to stderr, because stdout belongs to the command. */
import colours from 'picocolors';
import type { ApduDescription, Described } from '../../protocol/channel/describe.js';
import { TraceChannel } from '../../protocol/channel/trace.js';
import type { Trace } from '../../protocol/channel/trace.js';
import type { CardConnection } from '../../readers/reader.js';

export const printTrace: Trace = ({ layer, description, milliseconds }) => {
  const indent = layer === 'wire' ? '' : '    ';
  const { command, header, data, answer } = description;
  const lines = [
    `${indent}> ${colours.bold(command ?? 'unknown')} ${header} ${data}`,
    ...worded(description.request, `${indent}    `),
    answer === undefined
      ? `${indent}< ${colours.red('no answer')}`
      : `${indent}< ${answer.sw} ${answer.meaning}${reasonOf(answer)} ${answer.data} ${colours.dim(`${milliseconds.toFixed(1)} ms`)}`,
    ...worded(answer?.response, `${indent}    `),
  ];
  for (const line of lines) process.stderr.write(`${line}\n`);
};

/** The connection, with everything told that passes it: SELECT, the opening of sessions, protected commands as cipher text. */
export function onTheWire(connection: CardConnection, trace: Trace = printTrace): CardConnection {
  const traced = new TraceChannel(connection, trace, 'wire');
  const { reader, atr, protocol } = connection;
  return {
    reader,
    atr,
    protocol,
    transmit: (apdu) => traced.transmit(apdu),
    close: () => connection.close(),
  };
}

function reasonOf({ reason }: NonNullable<ApduDescription['answer']>): string {
  return reason === undefined ? '' : ` (${reason})`;
}

function worded(value: Described | undefined, indent: string): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [`${indent}${value}`];
  const entries = Array.isArray(value)
    ? value.map((item: Described, index) => [String(index), item] as const)
    : Object.entries(value);
  return entries.flatMap(([name, item]) =>
    typeof item === 'string' ? [`${indent}${name}: ${item}`] : [`${indent}${name}:`, ...worded(item, `${indent}  `)],
  );
}
