/** Says in words what a command and its answer mean, by the specification, with PIN blocks masked. */
import { equalBytes, toHex } from '../codec/bytes.js';
import type { Codec } from '../codec/fields.js';
import { DataGroup, OpenForm, OrderType } from '../generated/enums.js';
import { commands } from '../generated/commands.js';
import type { CommandName, SecretRange } from '../generated/commands.js';
import { classes } from '../generated/parameters.js';
import { lengths } from '../generated/structures.js';
import { statusWords } from '../generated/status-words.js';
import { formatStatus, reasonName, statusName } from '../status.js';
import { parseAnswer, parseApdu } from './apdu.js';
import type { CommandApdu } from './apdu.js';

/** A field's value as text, or the fields inside it. */
export type Described = string | readonly Described[] | { readonly [field: string]: Described };

export interface ApduDescription {
  /** `GET RESPONSE` and unknown instructions have none. */
  readonly command: CommandName | undefined;
  /** CLA INS P1 P2 in hexadecimal. */
  readonly header: string;
  /** Data in hexadecimal, secrets as stars. */
  readonly data: string;
  /** Undefined for what is encrypted or cannot be decoded. */
  readonly request: Described | undefined;
  /** Undefined when no answer came. */
  readonly answer: AnswerDescription | undefined;
}

export interface AnswerDescription {
  readonly data: string;
  /** Four hexadecimal digits. */
  readonly sw: string;
  readonly meaning: string;
  readonly reason: string | undefined;
  readonly response: Described | undefined;
}

const star = '**';

/**
 * @param apdu as sent, or the plaintext of a protected command
 * @param encrypted the data of a protected command and its answer are cipher text
 */
export function describeExchange(apdu: Uint8Array, answer: Uint8Array | undefined, encrypted = false): ApduDescription {
  const command = parseApdu(apdu);
  const spec = commandOf(command);
  const hidden = spec !== undefined && encrypted && spec.protection === 'protected';
  const secrets = hidden ? [] : secretsOf(spec?.name, spec?.secretRequest ?? [], command);
  return {
    command: spec?.name,
    header: toHex(Uint8Array.of(command.cla, command.ins, command.p1, command.p2)),
    data: maskedHex(command.data, secrets),
    request: spec && !hidden ? decoded(spec.requestCodec as Codec<object>, command.data, secrets) : undefined,
    answer: answer && describeAnswer(answer, hidden ? undefined : (spec?.responseCodec as Codec<object> | undefined)),
  };
}

function describeAnswer(answer: Uint8Array, codec: Codec<object> | undefined): AnswerDescription {
  const { data, sw } = parseAnswer(answer);
  const name = statusName(sw);
  const done = sw === statusWords.ok.sw;
  return {
    data: toHex(data),
    sw: formatStatus(sw),
    meaning: name ? statusWords[name].meaning : 'unknown status word',
    reason: !done && data.length === 1 ? reasonName(data[0] ?? 0) : undefined,
    response: done && codec ? decoded(codec, data, []) : undefined,
  };
}

function commandOf({ cla, ins, p1 }: CommandApdu): (typeof commands)[CommandName] | undefined {
  if (ins === commands.OPEN_SESSION_FULL.ins && cla === classes.plain) {
    return p1 === OpenForm.resumed ? commands.OPEN_SESSION_RESUMED : commands.OPEN_SESSION_FULL;
  }
  return Object.values(commands).find((candidate) => candidate.ins === ins);
}

/** Where secrets lie. Two commands carry a PIN block only under one P1; for them the specification hides more than there is. */
function secretsOf(
  name: CommandName | undefined,
  ranges: readonly SecretRange[],
  { p1, data }: CommandApdu,
): readonly SecretRange[] {
  const pinReset = { offset: lengths.orderPinReset, length: lengths.pinBlock };
  if (name === 'STORE_DATA' && p1 !== DataGroup.pin) return [];
  if (name === 'PUT_ORDER') return p1 === OrderType.pinReset ? [pinReset] : [];
  return ranges.filter(({ offset }) => offset < data.length);
}

function maskedHex(data: Uint8Array, secrets: readonly SecretRange[]): string {
  return Array.from(data, (byte, i) =>
    secrets.some((range) => within(range, i)) ? star : toHex(Uint8Array.of(byte)),
  ).join('');
}

function within({ offset, length }: SecretRange, at: number): boolean {
  return at >= offset && (length === undefined || at < offset + length);
}

function decoded(codec: Codec<object>, data: Uint8Array, secrets: readonly SecretRange[]): Described | undefined {
  try {
    const values = secrets.map(({ offset, length }) =>
      data.slice(offset, length === undefined ? undefined : offset + length),
    );
    return described(codec.decode(data), values);
  } catch {
    return undefined;
  }
}

function described(value: unknown, secrets: readonly Uint8Array[]): Described {
  if (value instanceof Uint8Array) return secrets.some((secret) => contains(value, secret)) ? star : toHex(value);
  if (Array.isArray(value)) return value.map((item) => described(item, secrets));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, described(item, secrets)]));
  }
  return String(value);
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  const last = bytes.length - part.length;
  for (let at = 0; at <= last; at++) if (equalBytes(bytes.subarray(at, at + part.length), part)) return true;
  return false;
}
