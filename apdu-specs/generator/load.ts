// Reads the YAML files and holds each against its JSON Schema; unknown keys are refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { type Spec, SpecError } from './model.js';

export const SPEC_FILES = {
  parameters: 'parameters',
  enums: 'enums',
  structures: 'structures',
  commands: 'commands',
  statusWords: 'status-words',
  states: 'states',
  tlv: 'tlv',
} as const satisfies Record<keyof Spec, string>;

/** The files as data, not yet checked. */
export type RawSpec = Record<keyof Spec, unknown>;

export function readRawSpec(directory: string): RawSpec {
  const entries = Object.entries(SPEC_FILES).map(([part, file]) => [
    part,
    parse(readFileSync(join(directory, `${file}.yaml`), 'utf8'), { uniqueKeys: true }) as unknown,
  ]);
  return Object.fromEntries(entries) as RawSpec;
}

/** Applies the JSON Schemas of `directory`/schema. @throws SpecError naming the file, the place and the rule. */
export function validateSpec(raw: RawSpec, directory: string): Spec {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, discriminator: true });
  ajv.addSchema(readSchema(directory, 'field'));
  const complaints = Object.entries(SPEC_FILES).flatMap(([part, file]) => {
    const validate = ajv.compile(readSchema(directory, file));
    if (validate(raw[part as keyof Spec])) return [];
    return (validate.errors ?? []).map((error) => {
      const unknown = error.keyword.endsWith('Properties') ? ` ${JSON.stringify(error.params)}` : '';
      return `${file}.yaml${error.instancePath}: ${error.message ?? error.keyword}${unknown}`;
    });
  });
  if (complaints.length > 0) throw new SpecError(complaints.join('\n'));
  return raw as unknown as Spec;
}

export function loadSpec(directory: string): Spec {
  return validateSpec(readRawSpec(directory), directory);
}

function readSchema(directory: string, file: string): object {
  return JSON.parse(readFileSync(join(directory, 'schema', `${file}.schema.json`), 'utf8')) as object;
}
