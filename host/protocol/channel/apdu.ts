/** Short command and response APDUs (ISO 7816-4 section 5.1). */
import { concat, readU16 } from '../codec/bytes.js';

export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** At most 255 bytes; empty = no Lc. */
  readonly data: Uint8Array;
  /** Answer bytes wanted, 1 … 256; undefined = no Le. */
  readonly le?: number;
}

export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly sw: number;
}

const headerLength = 4;

/** @throws RangeError for more than 255 bytes of data, or an Le no short APDU has */
export function encodeApdu({ cla, ins, p1, p2, data, le }: CommandApdu): Uint8Array {
  if (data.length > 255) throw new RangeError(`${data.length} bytes do not fit a short APDU`);
  if (le !== undefined && (le < 1 || le > 256)) throw new RangeError(`Le ${le} does not fit a short APDU`);
  const header = Uint8Array.of(cla, ins, p1, p2);
  const body = data.length === 0 ? data : concat(Uint8Array.of(data.length), data);
  return le === undefined ? concat(header, body) : concat(header, body, Uint8Array.of(le & 0xff));
}

/** Takes a command of case 1 to 4 apart. @throws RangeError for any other bytes */
export function parseApdu(apdu: Uint8Array): CommandApdu {
  const [cla, ins, p1, p2, lc] = apdu;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined)
    throw new RangeError('not a command APDU');
  const header = { cla, ins, p1, p2 };
  const none = new Uint8Array(0);
  if (lc === undefined) return { ...header, data: none };
  if (apdu.length === headerLength + 1) return { ...header, data: none, le: lc || 256 };
  const end = headerLength + 1 + lc;
  if (lc === 0 || apdu.length < end || apdu.length > end + 1)
    throw new RangeError('the length of the command APDU is wrong');
  const data = apdu.slice(headerLength + 1, end);
  const le = apdu[end];
  return le === undefined ? { ...header, data } : { ...header, data, le: le || 256 };
}

/** @throws RangeError for less than a status word, or more than a short answer */
export function parseAnswer(answer: Uint8Array): ResponseApdu {
  if (answer.length < 2 || answer.length > 258) throw new RangeError(`an answer of ${answer.length} bytes`);
  return { data: answer.slice(0, -2), sw: readU16(answer, answer.length - 2) };
}
