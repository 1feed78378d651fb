/** Rows in the binary format of COPY: for each the number of its fields, for each field its length and its bytes, all big-endian. */

/** Types of columns, as PostgreSQL calls them. */
export type CopyKind = CopyElement | 'int2' | 'bytea' | `${CopyElement}[]`;

type CopyElement = 'text' | 'int4' | 'int8';

/** Of a bytea column: bytes, or text in hexadecimal. Of an array: its elements. */
export type CopyValue =
  string | number | bigint | Uint8Array | null | readonly string[] | readonly number[] | readonly bigint[];

/** Object ids of the types of elements (PostgreSQL, catalog pg_type). */
const elementTypes: Readonly<Record<CopyElement, number>> = { text: 25, int4: 23, int8: 20 };

/** "PGCOPY\n\377\r\n\0", flags, length of further header: none. */
const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
/** In place of a number of fields: the rows end. */
const trailer = Buffer.from('ffff', 'hex');
const isNull = -1;

export class CopyWriter {
  private bytes = Buffer.allocUnsafe(1 << 16);
  private at = header.length;

  constructor(private readonly kinds: readonly CopyKind[]) {
    this.bytes.set(header);
  }

  /** @param values as many as there are columns */
  add(values: readonly CopyValue[]): void {
    const { kinds } = this;
    if (values.length !== kinds.length) throw new RangeError(`${values.length} values for ${kinds.length} columns`);
    this.room(2);
    this.at = this.bytes.writeUInt16BE(kinds.length, this.at);
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
      this.at = this.bytes.writeInt32BE(isNull, this.at);
      return;
    }
    switch (kind) {
      case 'text':
        return this.text(String(value));
      case 'bytea':
        return typeof value === 'string' ? this.hexadecimal(value) : this.raw(value as Uint8Array);
      case 'int2':
        this.room(6);
        this.at = this.bytes.writeInt32BE(2, this.at);
        this.at = this.bytes.writeInt16BE(Number(value), this.at);
        return;
      case 'int4':
        this.room(8);
        this.at = this.bytes.writeInt32BE(4, this.at);
        this.at = this.bytes.writeInt32BE(Number(value), this.at);
        return;
      case 'int8':
        this.room(12);
        this.at = this.bytes.writeInt32BE(8, this.at);
        this.at =
          typeof value === 'number' ? this.whole(value) : this.bytes.writeBigInt64BE(BigInt(value as bigint), this.at);
        return;
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
    this.at = this.bytes.writeInt32BE(values.length === 0 ? 0 : 1, start + 4);
    this.at = this.bytes.writeInt32BE(0, this.at);
    this.at = this.bytes.writeInt32BE(elementTypes[kind], this.at);
    if (values.length > 0) {
      this.at = this.bytes.writeInt32BE(values.length, this.at);
      this.at = this.bytes.writeInt32BE(1, this.at);
    }
    for (const value of values) this.field(kind, value);
    this.bytes.writeInt32BE(this.at - start - 4, start);
  }

  /** A number of at most 53 bits, without the bigint in between. */
  private whole(value: number): number {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
    const at = this.bytes.writeInt32BE(Math.floor(value / 2 ** 32), this.at);
    return this.bytes.writeUInt32BE(value >>> 0, at);
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
    bytes.writeInt32BE(length, this.at);
    this.at = start + length;
  }

  private encoded(value: string): void {
    const length = this.bytes.write(value, this.at + 4, 'utf8');
    this.bytes.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  private hexadecimal(value: string): void {
    const length = value.length / 2;
    this.room(4 + length);
    this.at = this.bytes.writeInt32BE(length, this.at);
    if (this.bytes.write(value, this.at, 'hex') !== length) throw new RangeError('no hexadecimal text');
    this.at += length;
  }

  private raw(value: Uint8Array): void {
    this.room(4 + value.length);
    this.at = this.bytes.writeInt32BE(value.length, this.at);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  private room(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
