/**
 * Reads sound bytes straight through: a batch has half a thousand entries, and micro-packed, which keeps the path to the field that
 * is wrong, costs several times as much. Whatever is not sound is left to micro-packed, which says what is wrong with it.
 */
export class StraightReader {
  at = 0;
  private readonly view: DataView;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get left(): number {
    return this.data.length - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2);
  }

  u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  u64(): bigint {
    this.at += 8;
    return this.view.getBigUint64(this.at - 8);
  }

  /** A part of what is read. */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw unsound;
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }
}

/** Caught before anybody sees it: a DataView throws one of its own as well. */
export const unsound = new RangeError('not sound');

export type ReadStraight<T> = (reader: StraightReader) => T;

const known = new WeakMap<object, ReadStraight<unknown>>();

/** Notes how the values of a codec are read straight through. @returns the codec */
export function readStraight<T, C extends object>(codec: C, read: ReadStraight<T>): C {
  known.set(codec, read);
  return codec;
}

/** Undefined for a codec that nothing is noted of. */
export function straightOf<T>(codec: object): ReadStraight<T> | undefined {
  return known.get(codec) as ReadStraight<T> | undefined;
}

/** All bytes, or undefined where they are not sound. What is read is a copy, made once for the whole: parts of it cost little. */
export function decodeStraight<T>(read: ReadStraight<T>, data: Uint8Array): T | undefined {
  try {
    const reader = new StraightReader(new Uint8Array(data));
    const value = read(reader);
    return reader.left === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
