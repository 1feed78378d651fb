// A sequence of fields as a table with offsets.
import { type Field, type Spec } from '../model.js';
import { formSpans } from '../pieces.js';
import { place, type Span, span } from '../sizes.js';
import { table } from './markdown.js';

export function layoutTable(spec: Spec, fields: readonly Field[]): string {
  const rows = place(spec, fields).map(({ field, offset, span: length }) => [
    offset === undefined ? '…' : `${offset}`,
    lengthText(length),
    field.secret === true ? `**${field.name}** (secret)` : field.name,
    typeText(field),
    [field.doc, forms(spec, field)].filter((text) => text !== undefined && text !== '').join('; '),
  ]);
  return table(['offset', 'length', 'field', 'type', ''], rows);
}

export function lengthOf(spec: Spec, fields: readonly Field[]): string {
  const length = lengthText(span(spec, fields));
  return fields.length === 0 ? 'no data' : `${length} ${length === '1' ? 'byte' : 'bytes'}`;
}

export function lengthText({ min, max }: Span): string {
  return min === max ? `${max}` : `${min}–${max}`;
}

function typeText(field: Field): string {
  switch (field.type) {
    case 'u8':
      return field.enum === undefined ? 'u8' : `u8, ${field.enum}`;
    case 'bytes':
      return 'bytes';
    case 'blob8':
      return 'length byte, bytes';
    case 'rest':
      return 'to the end';
    case 'struct':
      return field.of;
    case 'list':
      if (field.count === 'fixed') return `${field.n} × ${field.of}`;
      return field.count === 'rest' ? `${field.of} …` : `${field.count} n, n × ${field.of}`;
    case 'u16':
    case 'u32':
    case 'u64':
      return field.type;
  }
}

function forms(spec: Spec, field: Field): string {
  return formSpans(spec, field)
    .map(({ form, span: length }) => `${form.join(' ‖ ')} (${lengthText(length)})`)
    .join(' or ');
}
