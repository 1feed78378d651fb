// Names, numbers and tags that must not occur twice.
import { wireJava } from '../java.js';
import { LIFE_CYCLES, ROLES, type Spec } from '../model.js';
import { hex } from '../names.js';
import { type Check, repeated } from './complaint.js';

export const noNameTwice: Check = (spec) => {
  const lists: Readonly<Record<string, readonly { readonly name: string }[]>> = {
    parameters: spec.parameters.constants,
    units: spec.parameters.units,
    enums: spec.enums,
    structures: spec.structures,
    commands: spec.commands,
    'status-words': spec.statusWords,
    tlv: spec.tlv.tags,
    ...Object.fromEntries(spec.enums.map(({ name, values }) => [name, values])),
    ...Object.fromEntries(spec.structures.map(({ name, fields }) => [name, fields])),
    ...Object.fromEntries(spec.commands.map(({ name, request }) => [`${name} request`, request])),
    ...Object.fromEntries(spec.commands.map(({ name, response }) => [`${name} response`, response])),
  };
  return Object.entries(lists).flatMap(([list, items]) =>
    repeated(items, ({ name }) => name).map(({ key }) => `${list}: ${key} is there twice`),
  );
};

export const noNumberTwice: Check = (spec) => [
  ...spec.enums.flatMap(({ name, values }) =>
    repeated(values, ({ value }) => value).map(
      ({ item, first }) => `enum ${name}: ${first.name} and ${item.name} have the same value 0x${hex(item.value, 2)}`,
    ),
  ),
  ...repeated(spec.statusWords, ({ sw }) => sw).map(
    ({ item, first }) => `status words ${first.name} and ${item.name} are both ${hex(item.sw, 4)}`,
  ),
  ...repeated(spec.parameters.units, ({ code }) => code).map(
    ({ item, first }) => `units ${first.name} and ${item.name} have the same code ${hex(item.code, 4)}`,
  ),
];

export const noTagTwice: Check = (spec) => [
  ...repeated(spec.tlv.tags, ({ tag }) => tag).map(
    ({ item, first }) => `tlv: ${first.name} and ${item.name} have the same tag ${hex(item.tag, 2)}`,
  ),
  ...repeated(
    spec.structures.filter(({ tag }) => tag !== undefined),
    ({ tag }) => tag ?? '',
  ).map(({ item, first, key }) => `structures ${first.name} and ${item.name} have the same domain tag ${key}`),
];

/** Sets of life-cycle states and roles travel as bits; the guard table's column of a role is its bit shifted right by one. */
export const bitsAreBits: Check = (spec) => [...bitSet(spec, 'lifeCycle', LIFE_CYCLES), ...bitSet(spec, 'role', ROLES)];

function bitSet(spec: Spec, name: string, names: readonly string[]): string[] {
  const values = spec.enums.find((each) => each.name === name)?.values ?? [];
  const wanted = names.map((each, index) => `${each} 0x${hex(1 << index, 2)}`).join(', ');
  const found = values.map(({ name: each, value }) => `${each} 0x${hex(value, 2)}`).join(', ');
  return wanted === found ? [] : [`enum ${name}: must be ${wanted}, is ${found}`];
}

/** Different names of the specification must stay different as names of Java constants. */
export const noConstantTwice: Check = (spec) => {
  const constants = [...wireJava(spec).matchAll(/static final \S+ (\w+) =/g)].map(([, name = '']) => name);
  return repeated(constants, (name) => name).map(({ key }) => `Wire.java: two constants would be called ${key}`);
};
