// Reads the YAML files and holds each against its JSON Schema; unknown keys are refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
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

/** The JSON Schemas of `directory`/schema as one function. It throws a SpecError naming file, place and rule. */
export function specValidator(directory: string): (raw: RawSpec) => Spec {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, discriminator: true });
  ajv.addSchema(readSchema(directory, 'field'));
  const validators = Object.entries(SPEC_FILES).map(([part, file]) => ({
    part: part as keyof Spec,
    file,
    validate: ajv.compile(readSchema(directory, file)),
  }));
  return (raw) => {
    const complaints = validators.flatMap(({ part, file, validate }) =>
      validate(raw[part]) ? [] : (validate.errors ?? []).map((error) => complaint(file, error)),
    );
    if (complaints.length > 0) throw new SpecError(complaints.join('\n'));
    return raw as Spec;
  };
}

function complaint(file: string, { instancePath, keyword, message, params }: ErrorObject): string {
  const unknown = keyword.endsWith('Properties') ? ` ${JSON.stringify(params)}` : '';
  return `${file}.yaml${instancePath}: ${message ?? keyword}${unknown}`;
}

export function loadSpec(directory: string): Spec {
  return specValidator(directory)(readRawSpec(directory));
}

function readSchema(directory: string, file: string): object {
  return JSON.parse(readFileSync(join(directory, 'schema', `${file}.schema.json`), 'utf8')) as object;
}
