// Lengths and offsets of fields, structures and messages.
import { type Field, type Spec, type Structure, SpecError } from './model.js';

export interface Span {
  readonly min: number;
  readonly max: number;
}
/** A field with its place: offset from the start, undefined after the first field of variable length. */
export interface PlacedField {
  readonly field: Field;
  readonly offset: number | undefined;
  readonly span: Span;
}

const NUMBER_SIZES = { u8: 1, u16: 2, u32: 4, u64: 8 } as const;

export function structureNamed(spec: Spec, name: string): Structure {
  const found = spec.structures.find((structure) => structure.name === name);
  if (found === undefined) throw new SpecError(`structure ${name} is not defined`);
  return found;
}

export function fieldSpan(spec: Spec, field: Field): Span {
  switch (field.type) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
      return fixed(NUMBER_SIZES[field.type]);
    case 'bytes':
      return fixed(field.length);
    case 'blob8':
      return { min: 1, max: 1 + field.max };
    case 'rest':
      return { min: 0, max: field.max };
    case 'struct':
      return span(spec, structureNamed(spec, field.of).fields);
    case 'list': {
      const item = span(spec, structureNamed(spec, field.of).fields);
      if (field.count === 'fixed') return { min: field.n * item.min, max: field.n * item.max };
      const count = field.count === 'rest' ? 0 : NUMBER_SIZES[field.count];
      return { min: count, max: count + field.max * item.max };
    }
  }
}

/** Shortest and longest encoding of a sequence of fields. */
export function span(spec: Spec, fields: readonly Field[]): Span {
  return fields
    .map((field) => fieldSpan(spec, field))
    .reduce((sum, each) => ({ min: sum.min + each.min, max: sum.max + each.max }), fixed(0));
}

export function place(spec: Spec, fields: readonly Field[]): PlacedField[] {
  let offset: number | undefined = 0;
  return fields.map((field) => {
    const placed: PlacedField = { field, offset, span: fieldSpan(spec, field) };
    const known: boolean = placed.span.min === placed.span.max;
    offset = offset !== undefined && known ? offset + placed.span.max : undefined;
    return placed;
  });
}

/** Bytes in front of the first field of variable length. */
export function fixedPart(spec: Spec, fields: readonly Field[]): number {
  const open = place(spec, fields).find(({ span: { min, max } }) => min !== max);
  return open?.offset ?? span(spec, fields).max;
}

export function isFixed(spec: Spec, fields: readonly Field[]): boolean {
  const { min, max } = span(spec, fields);
  return min === max;
}

function fixed(length: number): Span {
  return { min: length, max: length };
}
