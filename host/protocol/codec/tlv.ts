/**
 * Data objects as ISO 7816-4 section 6.3 has them, in the one canonical form this scheme takes: known tags in a known order,
 * shortest lengths, nothing after. Two encodings of one certificate would be two certificates with one meaning.
 */
import { concat } from './bytes.js';

/** Nothing on the card link is longer than one short APDU. */
const longestObject = 255;

export type TlvErrorCode = 'truncated' | 'tag' | 'length' | 'trailing';

export class TlvError extends Error {
  override readonly name = 'TlvError';
  constructor(
    readonly code: TlvErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Encodes one object. @param tag one or two bytes as a number @throws TlvError length, above 255 bytes of value */
export function tlv(tag: number, ...value: readonly Uint8Array[]): Uint8Array {
  const content = concat(...value);
  if (content.length > longestObject)
    throw new TlvError('length', `object ${hex(tag)} of ${content.length} bytes is too long`);
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return concat(tagBytes(tag), Uint8Array.from(length), content);
}

/** Reads objects in a given order. Each method throws TlvError where the bytes are not what is asked for. */
export class TlvReader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** The value of the next object, whose tag it has to be; of `length` bytes, where given. */
  value(tag: number, length?: number): Uint8Array {
    this.#expect(tag);
    const size = this.#length(tag);
    if (length !== undefined && size !== length)
      throw new TlvError('length', `object ${hex(tag)} has ${size} bytes, not ${length}`);
    return this.#take(size);
  }

  /** A reader inside the next object, whose tag it has to be. */
  inside(tag: number): TlvReader {
    return new TlvReader(this.value(tag));
  }

  /** The next object with its tag and length. */
  object(tag: number): Uint8Array {
    const from = this.#at;
    this.value(tag);
    return this.bytes.slice(from, this.#at);
  }

  /** Is an object with this tag next? */
  has(tag: number): boolean {
    return tagBytes(tag).every((byte, i) => this.bytes[this.#at + i] === byte);
  }

  /** Nothing may follow. */
  end(): void {
    const left = this.bytes.length - this.#at;
    if (left > 0) throw new TlvError('trailing', `${left} bytes too many`);
  }

  #expect(tag: number): void {
    if (!this.has(tag)) {
      const ended = this.#at >= this.bytes.length;
      throw new TlvError(ended ? 'truncated' : 'tag', `object ${hex(tag)} is missing`);
    }
    this.#at += tagBytes(tag).length;
  }

  #length(tag: number): number {
    const [first = 0] = this.#take(1);
    if (first < 0x80) return first;
    if (first !== 0x81) throw new TlvError('length', `object ${hex(tag)}: length byte ${hex(first)} is not taken`);
    const [size = 0] = this.#take(1);
    if (size < 0x80) throw new TlvError('length', `object ${hex(tag)}: length ${size} is not in its shortest form`);
    return size;
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.bytes.length) throw new TlvError('truncated', 'the object ends too early');
    const from = this.#at;
    this.#at += length;
    return this.bytes.slice(from, this.#at);
  }
}

function tagBytes(tag: number): Uint8Array {
  return tag > 0xff ? Uint8Array.of(tag >> 8, tag & 0xff) : Uint8Array.of(tag);
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}
