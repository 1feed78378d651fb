/** Rows in the binary format of COPY: for each the number of its fields, for each field its length and its bytes, all big-endian. */

/** Types of columns, as PostgreSQL calls them. */
export type CopyKind = CopyElement | 'bool' | 'int2' | 'bytea' | `${CopyElement}[]`;

type CopyElement = 'text' | 'int4' | 'int8';

/** Of a bytea column: bytes, or text in hexadecimal. Of an array: its elements. */
export type CopyValue =
  string | number | bigint | boolean | Uint8Array | null | readonly string[] | readonly number[] | readonly bigint[];

/** Object ids of the types of elements (PostgreSQL, catalog pg_type). */
const elementTypes: Readonly<Record<CopyElement, number>> = { text: 25, int4: 23, int8: 20 };

/** "PGCOPY\n\377\r\n\0", flags, length of further header: none. */
const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
/** In place of a number of fields: the rows end. */
const trailer = Buffer.from('ffff', 'hex');
const isNull = -1;

export class CopyWriter {
  private bytes = Buffer.allocUnsafe(1 << 16);
  private view = viewOf(this.bytes);
  private at = header.length;

  constructor(private readonly kinds: readonly CopyKind[]) {
    this.bytes.set(header);
  }

  /** @param values as many as there are columns */
  add(values: readonly CopyValue[]): void {
    const { kinds } = this;
    if (values.length !== kinds.length) throw new RangeError(`${values.length} values for ${kinds.length} columns`);
    this.room(2);
    this.view.setUint16(this.at, kinds.length);
    this.at += 2;
    for (let i = 0; i < kinds.length; i++) this.field(kinds[i] as CopyKind, values[i] ?? null);
  }

  end(): Uint8Array<ArrayBuffer> {
    this.room(trailer.length);
    this.bytes.set(trailer, this.at);
    return this.bytes.subarray(0, this.at + trailer.length);
  }

  private field(kind: CopyKind, value: CopyValue): void {
    if (value === null) {
      this.room(4);
      this.int4(isNull);
      return;
    }
    switch (kind) {
      case 'text':
        return this.text(String(value));
      case 'bytea':
        return typeof value === 'string' ? this.hexadecimal(value) : this.raw(value as Uint8Array);
      case 'bool':
        this.room(5);
        this.int4(1);
        this.bytes[this.at++] = value === true ? 1 : 0;
        return;
      case 'int2': {
        const whole = Number(value);
        if ((whole << 16) >> 16 !== whole) throw new RangeError(`${whole} is no whole number of 16 bits`);
        this.room(6);
        this.int4(2);
        this.view.setInt16(this.at, whole);
        this.at += 2;
        return;
      }
      case 'int4': {
        const whole = Number(value);
        if ((whole | 0) !== whole) throw new RangeError(`${whole} is no whole number of 32 bits`);
        this.room(8);
        this.int4(4);
        this.int4(whole);
        return;
      }
      case 'int8':
        return this.int8(value as number | bigint);
      case 'text[]':
        return this.array('text', value as readonly CopyValue[]);
      case 'int4[]':
        return this.array('int4', value as readonly CopyValue[]);
      case 'int8[]':
        return this.array('int8', value as readonly CopyValue[]);
    }
  }

  /** One dimension or none, no null: dimensions, flag, type; length and lower bound of the dimension; elements like fields. */
  private array(kind: CopyElement, values: readonly CopyValue[]): void {
    this.room(24);
    const start = this.at;
    this.at += 4;
    this.int4(values.length === 0 ? 0 : 1);
    this.int4(0);
    this.int4(elementTypes[kind]);
    if (values.length > 0) {
      this.int4(values.length);
      this.int4(1);
    }
    for (let i = 0; i < values.length; i++) this.field(kind, values[i] as CopyValue);
    this.view.setInt32(start, this.at - start - 4);
  }

  /** Of room that is there. */
  private int4(value: number): void {
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  /** Numbers of at most 53 bits without the bigint in between. */
  private int8(value: number | bigint): void {
    this.room(12);
    this.int4(8);
    const whole = Number(value);
    if (Number.isSafeInteger(whole)) {
      this.int4(Math.floor(whole / 2 ** 32));
      this.int4(whole | 0);
      return;
    }
    if (typeof value === 'number') throw new RangeError(`${value} is no whole number`);
    this.at = this.bytes.writeBigInt64BE(value, this.at);
  }

  /** UTF-8. Ids and words are short and plain: written here, they cost less than a call of the encoder. */
  private text(value: string): void {
    const { length } = value;
    this.room(4 + 3 * length);
    const { bytes } = this;
    const start = this.at + 4;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return this.encoded(value);
      bytes[start + i] = code;
    }
    this.int4(length);
    this.at = start + length;
  }

  private encoded(value: string): void {
    const length = this.bytes.write(value, this.at + 4, 'utf8');
    this.int4(length);
    this.at += length;
  }

  private hexadecimal(value: string): void {
    const length = value.length / 2;
    this.room(4 + length);
    this.int4(length);
    if (this.bytes.write(value, this.at, 'hex') !== length) throw new RangeError('no hexadecimal text');
    this.at += length;
  }

  private raw(value: Uint8Array): void {
    this.room(4 + value.length);
    this.int4(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  private room(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
