// Every name that is used is defined.
import { type Field, type Spec, type Template } from '../model.js';
import { PIECES } from '../pieces.js';
import { type Check } from './complaint.js';

export const referencesAreDefined: Check = (spec) => {
  const enums = new Set(spec.enums.map(({ name }) => name));
  const structures = new Set(spec.structures.map(({ name }) => name));
  const pieces = new Set([...structures, ...Object.keys(spec.tlv.templates), ...PIECES]);
  const inFields = (where: string, fields: readonly Field[]): string[] =>
    fields.flatMap((field) => {
      const place = `${where}.${field.name}`;
      if ('enum' in field && field.enum !== undefined && !enums.has(field.enum))
        return [`${place}: enum ${field.enum} is not defined`];
      if ('of' in field && !structures.has(field.of)) return [`${place}: structure ${field.of} is not defined`];
      const held = 'holds' in field ? (field.holds ?? []).flat() : [];
      return held
        .filter((piece) => !pieces.has(piece))
        .map((piece) => `${place}: holds ${piece}, which is not defined`);
    });
  return [
    ...spec.structures.flatMap(({ name, fields }) => inFields(`structure ${name}`, fields)),
    ...spec.commands.flatMap(({ name, request, response }) => [
      ...inFields(`${name} request`, request),
      ...inFields(`${name} response`, response),
    ]),
    ...parametersOfCommands(spec, enums),
    ...templates(spec),
    ...statesFile(spec),
    ...parameters(spec, structures),
  ];
};

function parametersOfCommands({ commands }: Spec, enums: ReadonlySet<string>): string[] {
  return commands.flatMap(({ name, p1, p2 }) =>
    [p1, p2]
      .filter((value) => typeof value === 'string')
      .filter((value) => value !== 'any' && !enums.has(value))
      .map((value) => `${name}: P1 or P2 is of enum ${value}, which is not defined`),
  );
}

function templates({ tlv, structures }: Spec): string[] {
  const known = new Set(tlv.tags.map(({ name }) => name));
  const names = (template: Template): string[] =>
    template.flatMap((item) => (typeof item === 'string' ? [item] : names(item)));
  const untagged = Object.entries(tlv.templates).flatMap(([name, template]) =>
    names(template)
      .filter((object) => !known.has(object))
      .map((object) => `template ${name}: data object ${object} has no tag`),
  );
  const values = tlv.tags
    .filter(({ of }) => of !== undefined && !structures.some(({ name }) => name === of))
    .map(({ name, of }) => `data object ${name}: structure ${of ?? ''} is not defined`);
  return [...untagged, ...values];
}

function statesFile({ states, statusWords, enums, commands }: Spec): string[] {
  const words = new Set(statusWords.map(({ name }) => name));
  const reasons = new Set(enums.find(({ name }) => name === 'reason')?.values.map(({ name }) => name));
  const used = [
    ...states.refusals.map(({ sw }) => sw),
    ...Object.values(states.moneyRefusals),
    ...Object.values(states.plainCommands).flatMap(({ wrongState, wrongSession, unknown }) => [
      wrongState,
      wrongSession,
      unknown,
    ]),
  ];
  const given = [...states.refusals.flatMap(({ reason }) => reason ?? []), ...Object.keys(states.moneyRefusals)];
  return [
    ...used
      .filter((word) => word !== undefined && !words.has(word))
      .map((word) => `states.yaml: status word ${word ?? ''} is not defined`),
    ...given.filter((reason) => !reasons.has(reason)).map((reason) => `states.yaml: reason ${reason} is not defined`),
    ...[states.opens, ...Object.keys(states.plainCommands)]
      .filter((command) => !commands.some(({ name }) => name === command))
      .map((command) => `states.yaml: command ${command} is not defined`),
  ];
}

function parameters({ parameters: { install, units, defaultUnits } }: Spec, structures: ReadonlySet<string>): string[] {
  return [
    ...(structures.has(install.structure) ? [] : [`parameters.yaml: structure ${install.structure} is not defined`]),
    ...defaultUnits
      .filter((unit) => !units.some(({ name }) => name === unit))
      .map((unit) => `parameters.yaml: unit ${unit} is not defined`),
  ];
}
