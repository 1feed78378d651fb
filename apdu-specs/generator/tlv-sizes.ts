// Lengths of BER-TLV templates: tag, shortest length field, value.
import { type DataObject, type Spec, SpecError, type Template, type TemplateItem } from './model.js';
import { type Span, span, structureNamed } from './sizes.js';

/** Shortest and longest encoding of a constructed object [name, [content]]. */
export function templateSpan(spec: Spec, template: Template): Span {
  const [name, content] = template;
  if (typeof name !== 'string' || !Array.isArray(content)) throw new SpecError('a template is [name, [content]]');
  const items = content as readonly TemplateItem[];
  const value = items
    .map((item) => (typeof item === 'string' ? objectSpan(spec, item) : templateSpan(spec, item)))
    .reduce((sum, each) => ({ min: sum.min + each.min, max: sum.max + each.max }), { min: 0, max: 0 });
  return withHeader(dataObject(spec, name), value);
}

function objectSpan(spec: Spec, name: string): Span {
  const object = dataObject(spec, name);
  const whole = withHeader(object, valueSpan(spec, object));
  return object.optional === true ? { min: 0, max: whole.max } : whole;
}

/** Length of a primitive object's value. */
export function valueSpan(spec: Spec, { name, length, min, max, of }: DataObject): Span {
  if (of !== undefined) return span(spec, structureNamed(spec, of).fields);
  if (length !== undefined) return { min: length, max: length };
  if (min !== undefined && max !== undefined) return { min, max };
  throw new SpecError(`data object ${name} has no length`);
}

export function isConstructed(tag: number): boolean {
  const first = tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}

function dataObject(spec: Spec, name: string): DataObject {
  const found = spec.tlv.tags.find((object) => object.name === name);
  if (found === undefined) throw new SpecError(`data object ${name} has no tag`);
  return found;
}

function withHeader({ tag }: DataObject, { min, max }: Span): Span {
  const tagLength = tag > 0xff ? 2 : 1;
  return { min: tagLength + lengthField(min) + min, max: tagLength + lengthField(max) + max };
}

/** ISO/IEC 8825-1: short form below 128, then one or two more bytes. */
function lengthField(length: number): number {
  if (length < 0x80) return 1;
  return length < 0x100 ? 2 : 3;
}
