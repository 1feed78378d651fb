// The generated codecs against the specification: what they write, what they give back, what they refuse.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Field } from '../../apdu-specs/generator/model.js';
import { camelFromSnake } from '../../apdu-specs/generator/names.js';
import { place, span } from '../../apdu-specs/generator/sizes.js';
import type { Codec } from '../../host/protocol/codec/fields.js';
import * as messages from '../../host/protocol/generated/messages.js';
import { recordCodec, type RecordFields } from '../../host/protocol/generated/structures.js';
import * as structures from '../../host/protocol/generated/structures.js';
import { fieldsArbitrary, type Values } from './arbitrary.js';
import { spec } from './doctored.js';

interface Layout {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly codec: Codec<Values>;
}

function codecNamed(module: object, name: string): Codec<Values> {
  const codec: unknown = Object.entries(module).find(([key]) => key === name)?.[1];
  if (codec === undefined) throw new Error(`no codec ${name}`);
  return codec as Codec<Values>;
}

const layouts: readonly Layout[] = [
  ...spec.structures.map(({ name, fields }) => ({ name, fields, codec: codecNamed(structures, `${name}Codec`) })),
  ...spec.commands.flatMap(({ name, request, response }) => [
    { name: `${name} request`, fields: request, codec: codecNamed(messages, `${camelFromSnake(name)}RequestCodec`) },
    { name: `${name} response`, fields: response, codec: codecNamed(messages, `${camelFromSnake(name)}ResponseCodec`) },
  ]),
];

const runs = { numRuns: 25 };

describe('The codec of', () => {
  for (const { name, fields, codec } of layouts) {
    it(`${name}: gives back what it wrote, in the lengths and at the places of the specification`, () => {
      const { min, max } = span(spec, fields);
      fc.assert(
        fc.property(fieldsArbitrary(spec, fields), (values) => {
          const encoded = codec.encode(values);
          expect(encoded.length).to.be.within(min, max);
          expect(codec.decode(encoded)).to.deep.equal(values);
          for (const { field, offset } of place(spec, fields)) {
            if (offset !== undefined) expectAt(encoded, offset, field, values[field.name]);
          }
        }),
        runs,
      );
    });

    it(`${name}: refuses a missing byte and a byte too many`, () => {
      const { min, max } = span(spec, fields);
      const open = fields.some((field) => field.type === 'rest' || (field.type === 'list' && field.count === 'rest'));
      fc.assert(
        fc.property(fieldsArbitrary(spec, fields), (values) => {
          const encoded = codec.encode(values);
          if (encoded.length > 0 && (!open || encoded.length === min))
            expect(() => codec.decode(encoded.slice(0, -1))).to.throw();
          const longer = new Uint8Array(open ? max + 1 : encoded.length + 1);
          longer.set(encoded);
          expect(() => codec.decode(longer)).to.throw();
        }),
        runs,
      );
    });
  }
});

function expectAt(encoded: Uint8Array, offset: number, field: Field, value: unknown): void {
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  if (field.type === 'u8') expect(view.getUint8(offset)).to.equal(value);
  if (field.type === 'u16') expect(view.getUint16(offset)).to.equal(value);
  if (field.type === 'u32') expect(view.getUint32(offset)).to.equal(value);
  if (field.type === 'u64') expect(view.getBigUint64(offset)).to.equal(value);
  if (field.type === 'bytes') expect(encoded.slice(offset, offset + field.length)).to.deep.equal(value);
}

describe('A codec', () => {
  const record: RecordFields = {
    type: 1,
    nt: 1,
    tn: 2,
    terminalId: new Uint8Array(8),
    acquirerId: new Uint8Array(4),
    merchantId: new Uint8Array(4),
    slot: 0,
    unit: 0x0978,
    amount: 350,
    balance: 1650,
    points: 3,
    pointsBalance: 3,
    time: 1_795_000_000,
    flags: 0,
    parametersVersion: 1,
    ref: 0,
  };

  it('names the field that is wrong when it writes', () => {
    expect(() => recordCodec.encode({ ...record, amount: -1 })).to.throw(/amount/);
    expect(() => recordCodec.encode({ ...record, amount: 0x1_0000_0000 })).to.throw(/amount/);
    expect(() => recordCodec.encode({ ...record, amount: 3.5 })).to.throw(/amount/);
    expect(() => recordCodec.encode({ ...record, terminalId: new Uint8Array(7) })).to.throw(/terminalId/);
  });
  it('names the field that is wrong when it reads, and the closed set it is not of', () => {
    const encoded = recordCodec.encode(record);
    encoded[0] = 9;
    expect(() => recordCodec.decode(encoded)).to.throw(/type.*9 is no recordType/);
    expect(() => recordCodec.decode(encoded.slice(0, 1).fill(1))).to.throw(/nt/);
  });
  it('refuses a value outside a closed set when it writes', () => {
    expect(() => recordCodec.encode({ ...record, type: 9 as never })).to.throw(/9 is no recordType/);
  });
  it('does not share memory with what it read', () => {
    const encoded = recordCodec.encode({ ...record, terminalId: new Uint8Array(8).fill(7) });
    const { terminalId } = recordCodec.decode(encoded);
    encoded.fill(0);
    expect(terminalId).to.deep.equal(new Uint8Array(8).fill(7));
  });
  it('reads sound bytes as the careful way does, and leaves all others to it', () => {
    const { decode } = structures.batchEntryCodec;
    const entry = fc.record({
      tn: fc.nat(),
      outcome: fc.constantFrom(1, 2, 3, 4, 5) as fc.Arbitrary<never>,
      proof: fc.uint8Array({ maxLength: 127 }),
      cancelOrder: fc.uint8Array({ maxLength: 72 }),
    });
    fc.assert(
      fc.property(entry, fc.nat(300), fc.nat(255), fc.integer({ min: -3, max: 3 }), (some, place, byte, longer) => {
        const rest = { correction: 0, cardId: new Uint8Array(8), slot: 0, unit: 0x0978, amount: 1, ntSeen: 7 };
        const sound = structures.batchEntryCodec.encode({ ...some, ...rest });
        const bytes = new Uint8Array(Math.max(0, sound.length + longer));
        bytes.set(sound.subarray(0, bytes.length));
        if (place < bytes.length) bytes[place] = byte;
        const outcome = (read: () => unknown): unknown => {
          try {
            return read();
          } catch (error) {
            return (error as Error).message;
          }
        };
        const careful = outcome(() => decode(bytes, { allowUnreadBytes: false }));
        expect(outcome(() => decode(bytes))).to.deep.equal(careful);
      }),
    );
  });
  it('refuses bytes longer than their field allows', () => {
    const entry = { cardId: new Uint8Array(8), blockNumber: 1, signature: new Uint8Array(73) };
    expect(() => structures.hotListEntryCodec.encode(entry)).to.throw(/signature.*73 long, at most 72/);
  });
});
