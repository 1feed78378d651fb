/** Sends one command and judges its answer: what all commands have in common. */
import { encodeApdu, parseAnswer } from '../channel/apdu.js';
import type { CardChannel } from '../channel/channel.js';
import type { Codec } from '../codec/fields.js';
import { CardError, isCardError, refusal } from '../errors.js';
import type { MoneyMoved } from '../errors.js';
import { commands } from '../generated/commands.js';
import type { CommandName } from '../generated/commands.js';
import { classes } from '../generated/parameters.js';
import { statusWords } from '../generated/status-words.js';
import { statusName } from '../status.js';

/** What of a generated command is needed here. */
export interface CommandSpec<Request, Response> {
  readonly name: CommandName;
  readonly ins: number;
  readonly p1: number | string;
  readonly p2: number | string;
  readonly protection: 'select' | 'plain' | 'protected';
  readonly requestCodec: Codec<Request>;
  readonly responseCodec: Codec<Response>;
}

/** Parameter bytes, where the specification leaves them to the caller. */
export interface ParameterBytes {
  readonly p1?: number;
  readonly p2?: number;
}

const classOf = { select: classes.interindustry, plain: classes.plain, protected: classes.protected } as const;

/**
 * @param channel for a protected command, a session
 * @throws CardError refused, executed, lost, session-over, busy, malformed
 */
export async function exchange<Request, Response>(
  channel: CardChannel,
  command: CommandSpec<Request, Response>,
  request: Request,
  parameters: ParameterBytes = {},
): Promise<Response> {
  const { data, sw } = await send(channel, command, request, parameters);
  if (sw === statusWords.ok.sw) return decode(command, data);
  if (sw === statusWords.executedFetchProof.sw) {
    throw new CardError('executed', 'The card did it but could not sign for it yet.', {
      sw,
      command: command.name,
      moneyMoved: 'yes',
    });
  }
  if (data.length > 1) throw malformed(command, new RangeError(`a refusal with ${data.length} bytes`));
  throw refusal(command.name, sw, data[0] ?? 0, movedByRefusal(command.name, sw));
}

async function send<Request, Response>(
  channel: CardChannel,
  command: CommandSpec<Request, Response>,
  request: Request,
  parameters: ParameterBytes,
): Promise<{ data: Uint8Array; sw: number }> {
  const apdu = encodeApdu({
    cla: classOf[command.protection],
    ins: command.ins,
    p1: parameterByte(command.p1, parameters.p1),
    p2: parameterByte(command.p2, parameters.p2),
    data: command.requestCodec.encode(request),
    le: 256,
  });
  try {
    return parseAnswer(await channel.transmit(apdu));
  } catch (error) {
    throw unanswered(command.name, error);
  }
}

function decode<Request, Response>(command: CommandSpec<Request, Response>, data: Uint8Array): Response {
  try {
    return command.responseCodec.decode(data);
  } catch (error) {
    throw malformed(command, error);
  }
}

function parameterByte(specified: number | string, given: number | undefined): number {
  const byte = typeof specified === 'number' ? specified : given;
  if (byte === undefined) throw new RangeError('a parameter byte of the command is missing');
  return byte;
}

/** The same error, knowing which command it was. */
function unanswered(command: CommandName, error: unknown): CardError {
  if (!isCardError(error)) return lost(command, 'The answer of the card did not arrive.', error);
  if (error.code === 'session-over' || error.code === 'busy') {
    return new CardError(error.code, error.message, { command, cause: error });
  }
  return lost(command, error.message, error, error.sw);
}

function lost(command: CommandName, message: string, cause: unknown, sw?: number): CardError {
  const moneyMoved = movedUnanswered(command);
  return new CardError('lost', message, { command, moneyMoved, cause, ...(sw !== undefined && { sw }) });
}

/** An authentic answer that cannot be read: the card did what it said, whatever that was. */
export function malformed(command: { readonly name: CommandName }, cause: unknown): CardError {
  return new CardError('malformed', 'The card gave an answer that cannot be read.', {
    command: command.name,
    moneyMoved: movedUnanswered(command.name),
    cause,
  });
}

/** Nobody knows, unless it is a command that never does. */
function movedUnanswered(command: CommandName): MoneyMoved {
  return commands[command].movesMoney ? 'unknown' : 'no';
}

function movedByRefusal(command: CommandName, sw: number): MoneyMoved {
  const name = statusName(sw);
  return name && statusWords[name].moved === 'no' ? 'no' : movedUnanswered(command);
}
