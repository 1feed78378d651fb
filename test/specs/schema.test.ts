// The JSON Schemas refuse what they do not know.
import { expect } from 'chai';
import { type RawSpec, readRawSpec, specValidator } from '../../apdu-specs/generator/load.js';
import { SpecError } from '../../apdu-specs/generator/model.js';
import { specDirectory } from './doctored.js';

const raw: RawSpec = readRawSpec(specDirectory);
const validate = specValidator(specDirectory);

type Node = Record<string, unknown> | unknown[];

/** All objects and lists in a document, with the way to each. */
function nodes(
  value: unknown,
  path: readonly (string | number)[] = [],
): { path: readonly (string | number)[]; node: Node }[] {
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  return [{ path, node }, ...Object.entries(node).flatMap(([key, inner]) => nodes(inner, [...path, key]))];
}

function at(value: unknown, path: readonly (string | number)[]): Record<string, unknown> {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value) as Record<
    string,
    unknown
  >;
}

function expectSchemaRefuses(copy: RawSpec, message: RegExp): void {
  expect(() => validate(copy)).to.throw(SpecError, message);
}

/** Maps from names of our choice: a new key is a new entry there, and refused by its form or by a later check. */
const MAPS = new Set(['tlv/templates', 'tlv/profiles', 'states/plainCommands', 'states/moneyRefusals']);

describe('The schema of a specification file', () => {
  for (const [part, document] of Object.entries(raw)) {
    it(`${part}: refuses an unknown key in every kind of object`, () => {
      const objects = nodes(document).filter(({ node }) => !Array.isArray(node));
      const kinds = new Map(objects.map(({ path, node }) => [`${kindOf(path)}:${Object.keys(node).join()}`, path]));
      const strict = [...kinds.values()].filter((path) => !MAPS.has([part, ...path].join('/')));
      expect(strict).not.to.have.length(0);
      for (const path of strict) {
        const copy = structuredClone(raw);
        at(copy[part as keyof RawSpec], path)['surprise'] = 1;
        expectSchemaRefuses(copy, /surprise/);
      }
    });
  }

  it('refuses a missing key', () => {
    const copy = structuredClone(raw);
    delete at(copy.commands, [10])['doc'];
    expectSchemaRefuses(copy, /commands\.yaml\/10: must have required property 'doc'/);
  });
  it('refuses a protected command that says nobody may call it, and a plain one with roles', () => {
    const noRoles = structuredClone(raw);
    delete at(noRoles.commands, [10])['allow'];
    expectSchemaRefuses(noRoles, /commands\.yaml\/10: must have required property 'allow'/);
    const roles = structuredClone(raw);
    at(roles.commands, [1])['allow'] = { pos: ['active'] };
    expectSchemaRefuses(roles, /commands\.yaml\/1\/allow/);
  });
  it('refuses a life-cycle state or role it does not know', () => {
    const copy = structuredClone(raw);
    at(copy.commands, [10])['allow'] = { pos: ['asleep'] };
    expectSchemaRefuses(copy, /commands\.yaml\/10\/allow\/pos\/0/);
  });
  it('refuses a domain tag that is not four characters, and one without a key', () => {
    const short = structuredClone(raw);
    const index = (raw.structures as { name: string }[]).findIndex(({ name }) => name === 'signedRecord');
    at(short.structures, [index])['tag'] = 'EPR';
    expectSchemaRefuses(short, /structures\.yaml\/\d+\/tag/);
    const keyless = structuredClone(raw);
    delete at(keyless.structures, [index])['key'];
    expectSchemaRefuses(keyless, /must have propert.* key/);
  });
  it('refuses numbers that do not fit their byte', () => {
    const copy = structuredClone(raw);
    at(copy.commands, [10])['ins'] = 256;
    expectSchemaRefuses(copy, /commands\.yaml\/10\/ins: must be <= 255/);
  });
});

/** The way to an object without the places in lists: objects of one kind look alike. */
function kindOf(path: readonly (string | number)[]): string {
  return path.map((key) => (/^\d+$/.test(String(key)) ? '*' : key)).join('/');
}
