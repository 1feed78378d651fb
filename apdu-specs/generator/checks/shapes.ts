// Layouts that can be read back: open fields last, tags that say what they are, secrets where a trace can mask them.
import { type Field, type Spec, type Template } from '../model.js';
import { hex } from '../names.js';
import { structureNamed } from '../sizes.js';
import { isConstructed } from '../tlv-sizes.js';
import { secretsPlaceable } from '../ts-tables.js';
import { type Check } from './complaint.js';

/** A field that runs to the end can only be the last, in a structure within a structure too. */
export const openFieldsAreLast: Check = (spec) =>
  allLayouts(spec).flatMap(([where, fields]) =>
    fields
      .slice(0, -1)
      .filter((field) => runsToTheEnd(spec, field))
      .map(({ name }) => `${where}.${name} runs to the end and is not the last field`),
  );

export const listItemsEnd: Check = (spec) =>
  allLayouts(spec).flatMap(([where, fields]) =>
    fields
      .filter(
        (field) =>
          field.type === 'list' && structureNamed(spec, field.of).fields.some((inner) => runsToTheEnd(spec, inner)),
      )
      .map(({ name }) => `${where}.${name}: the items of a list cannot run to the end`),
  );

export const secretsHavePlaces: Check = (spec) =>
  spec.commands.flatMap(({ name, request, response }) => [
    ...(secretsPlaceable(spec, request)
      ? []
      : [`${name} request: a secret has no fixed place, so no trace could mask it`]),
    ...(secretsPlaceable(spec, response)
      ? []
      : [`${name} response: a secret has no fixed place, so no trace could mask it`]),
  ]);

/** ISO/IEC 8825-1 section 8.1.2.5: bit 6 of a tag says whether it is constructed. */
export const tagsSayWhatTheyAre: Check = ({ tlv }) => {
  const constructed = new Set(Object.values(tlv.templates).flatMap(constructedIn));
  return tlv.tags.flatMap(({ name, tag, length, min, of }) => {
    const primitive = length !== undefined || min !== undefined || of !== undefined;
    if (isConstructed(tag) !== constructed.has(name))
      return [`data object ${name}: tag ${hex(tag, 2)} is ${isConstructed(tag) ? '' : 'not '}that of a template`];
    return primitive === constructed.has(name)
      ? [`data object ${name}: only a primitive object, and each of them, has a length of its own`]
      : [];
  });
};

function constructedIn(template: Template): string[] {
  const [name, content] = template;
  const inner = Array.isArray(content) ? (content as Template).filter((item) => typeof item !== 'string') : [];
  return [...(typeof name === 'string' ? [name] : []), ...inner.flatMap(constructedIn)];
}

function allLayouts(spec: Spec): (readonly [string, readonly Field[]])[] {
  return [
    ...spec.structures.map(({ name, fields }) => [`structure ${name}`, fields] as const),
    ...spec.commands.flatMap(({ name, request, response }) => [
      [`${name} request`, request] as const,
      [`${name} response`, response] as const,
    ]),
  ];
}

function runsToTheEnd(spec: Spec, field: Field): boolean {
  if (field.type === 'struct') return structureNamed(spec, field.of).fields.some((inner) => runsToTheEnd(spec, inner));
  return field.type === 'rest' || (field.type === 'list' && field.count === 'rest');
}
