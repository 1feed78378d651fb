import { BridgeError } from './errors.js';

/** What a request asks for; the place in this list is the number on the wire (the Java side has the same list). */
export const operations = [
  'hello',
  'create',
  'open',
  'install',
  'powerOn',
  'reset',
  'powerOff',
  'transmit',
  'transmitMany',
  'cutPowerAt',
  'disarm',
  'snapshot',
  'restore',
  'dropSnapshot',
  'saveImage',
  'counters',
  'mark',
  'memory',
  'persistentState',
  'faults',
  'close',
  'insert',
  'eject',
  'keep',
  'cutEverywhere',
] as const;

export type Operation = (typeof operations)[number];

export const protocolVersion = 1;

const numbers = Object.fromEntries(operations.map((name, number) => [name, number])) as Record<Operation, number>;

const requestHeader = 13;
const answerHeader = 5;
const lengthField = 4;
/** Above any answer; text on the stream, read as a length, is more. */
const longestAnswer = 0x1000_0000;

/** Request frame: length u32, request id u32, operation u8, card handle u32, body. */
export function encodeRequest(id: number, operation: Operation, handle: number, body: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(requestHeader + body.length);
  frame.writeUInt32BE(frame.length - lengthField, 0);
  frame.writeUInt32BE(id, 4);
  frame[8] = numbers[operation];
  frame.writeUInt32BE(handle, 9);
  frame.set(body, requestHeader);
  return frame;
}

/** Answer frame: length u32, request id u32 (0: a notification), failed u8, body. */
export interface AnswerFrame {
  readonly id: number;
  readonly failed: boolean;
  readonly body: Uint8Array;
}

/** Cuts a byte stream into answer frames, however the stream was split on its way. */
export class AnswerSplitter {
  #held: Buffer = Buffer.alloc(0);

  /** @throws BridgeError Internal when the stream is not one of frames */
  *push(chunk: Buffer): Generator<AnswerFrame> {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = 0;
    while (bytes.length - at >= lengthField) {
      const length = bytes.readUInt32BE(at);
      if (length < answerHeader || length > longestAnswer) {
        throw new BridgeError('Internal', 'Something other than the bridge writes to its standard output.');
      }
      const end = at + lengthField + length;
      if (end > bytes.length) break;
      yield {
        id: bytes.readUInt32BE(at + 4),
        failed: bytes[at + 8] !== 0,
        // a copy, and no Buffer: its slice() would share memory with what callers keep
        body: new Uint8Array(bytes.subarray(at + lengthField + answerHeader, end)),
      };
      at = end;
    }
    this.#held = bytes.subarray(at);
  }
}
