import { BridgeError } from './errors.js';

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Writes the fields of a frame body: big-endian integers, and strings and byte strings behind a 4-byte length. */
export class FieldWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  u8(value: number): this {
    return this.raw(Uint8Array.of(value));
  }

  /** @throws BridgeError BadRequest for anything but an integer from 0 to 2³² − 1 */
  u32(value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
      throw new BridgeError('BadRequest', `${value} is not an unsigned 32-bit number.`);
    }
    const field = new Uint8Array(4);
    new DataView(field.buffer).setUint32(0, value);
    return this.raw(field);
  }

  flag(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  bytes(value: Uint8Array): this {
    return this.u32(value.length).raw(value);
  }

  string(value: string): this {
    return this.bytes(utf8.encode(value));
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.u32(items.length);
    items.forEach(write);
    return this;
  }

  raw(value: Uint8Array): this {
    this.#parts.push(value);
    this.#length += value.length;
    return this;
  }

  finish(): Uint8Array {
    const body = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      body.set(part, at);
      at += part.length;
    }
    return body;
  }
}

/** Reads the fields of a frame body. A body that ends too early or too late is a defect of the other side. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** A count as the Java side sends it; above 2⁵³ it would be no exact number any more. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new BridgeError('Internal', `The bridge sent a number that is too large: ${value}.`);
    }
    return Number(value);
  }

  flag(): boolean {
    return this.u8() === 1;
  }

  bytes(): Uint8Array {
    const length = this.u32();
    const from = this.#take(length);
    return this.#bytes.slice(from, from + length);
  }

  string(): string {
    return text.decode(this.bytes());
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.u32(); left > 0; left--) items.push(read());
    return items;
  }

  /** What is left of the body. */
  rest(): Uint8Array {
    return this.#bytes.slice(this.#take(this.#bytes.length - this.#at));
  }

  done(): void {
    if (this.#at !== this.#bytes.length) {
      throw new BridgeError('Internal', `The bridge sent ${this.#bytes.length - this.#at} bytes too many.`);
    }
  }

  #take(length: number): number {
    if (length > this.#bytes.length - this.#at) {
      throw new BridgeError('Internal', 'The bridge sent an answer that ends too early.');
    }
    const from = this.#at;
    this.#at += length;
    return from;
  }
}
