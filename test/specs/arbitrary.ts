// Arbitrary values of the specification's fields, for the codecs.
import fc from 'fast-check';
import type { Field, Spec } from '../../apdu-specs/generator/model.js';
import { structureNamed } from '../../apdu-specs/generator/sizes.js';

export type Values = Record<string, unknown>;

export function fieldsArbitrary(spec: Spec, fields: readonly Field[]): fc.Arbitrary<Values> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, fieldArbitrary(spec, field)])));
}

function fieldArbitrary(spec: Spec, field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'u8':
      return field.enum === undefined ? fc.nat(0xff) : fc.constantFrom(...valuesOf(spec, field.enum));
    case 'u16':
      return fc.nat(0xffff);
    case 'u32':
      return fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 0x8000_0000, 0xffff_ffff));
    case 'u64':
      return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    case 'bytes':
      return fc.uint8Array({ minLength: field.length, maxLength: field.length });
    case 'blob8':
    case 'rest':
      return fc.uint8Array({ maxLength: field.max, size: 'max' });
    case 'struct':
      return fieldsArbitrary(spec, structureNamed(spec, field.of).fields);
    case 'list': {
      const item = fieldsArbitrary(spec, structureNamed(spec, field.of).fields);
      if (field.count === 'fixed') return fc.array(item, { minLength: field.n, maxLength: field.n });
      return fc.array(item, { maxLength: Math.min(field.max, 5) });
    }
  }
}

function valuesOf(spec: Spec, name: string): number[] {
  return spec.enums.find((each) => each.name === name)?.values.map(({ value }) => value) ?? [];
}
