// host/protocol/generated/structures.ts and messages.ts: types and codecs.
import { type Command, type Field, type Spec, SpecError, type Structure } from './model.js';
import { camelFromSnake, pascal } from './names.js';
import { fieldSpan, isFixed, place, span } from './sizes.js';
import { byteArray, TS_HEADER, tsdoc } from './ts-text.js';

/** Every structure: interface XFields, codec xCodec, and the table of domain tags. */
export function structuresTs(spec: Spec): string {
  const body = inOrderOfUse(spec).map((structure) => structureTs(spec, structure));
  const tagged = spec.structures.filter(({ tag }) => tag !== undefined);
  const domains = tagged.map(
    ({ name, tag, key, doc }) =>
      `${tsdoc(`"${tag ?? ''}", key: ${key ?? 'none'}. ${doc}`)}${name}: ${byteArray(Buffer.from(tag ?? '', 'ascii').toString('hex'))},`,
  );
  const lengths = spec.structures
    .filter(({ fields }) => isFixed(spec, fields))
    .map(({ name, fields }) => `${name}: ${span(spec, fields).max},`);
  const all = body.join('\n');
  return `${TS_HEADER}${imports(all, spec)}
${all}
/** Domain separation tags: the four bytes in front of what is signed or MACed. The codecs do not include them. */
export const domains = {\n${domains.join('\n')}\n} as const satisfies Record<string, Uint8Array>;

/** Lengths in bytes of the structures of fixed length, domain tag apart. */
export const lengths = {\n${lengths.join('\n')}\n} as const;

/** Name of a structure that is signed or MACed. */
export type DomainName = keyof typeof domains;
`;
}

/** Request and response of every command: interfaces and codecs. */
export function messagesTs(spec: Spec): string {
  const all = spec.commands.map((command) => messageTs(spec, command)).join('\n');
  const used = spec.structures.filter(({ name }) => all.includes(`${name}Codec`));
  const structures = used.flatMap(({ name }) => [`${name}Codec`, `type ${pascal(name)}Fields`]);
  return `${TS_HEADER}${imports(all, spec)}import { ${structures.join(', ')} } from './structures.js';
${all}`;
}

function structureTs(spec: Spec, { name, doc, tag, key, fields }: Structure): string {
  const signed =
    tag === undefined ? undefined : `Signed or MACed behind the domain tag "${tag}"; key: ${key ?? 'none'}.`;
  return typeAndCodec(spec, `${pascal(name)}Fields`, `${name}Codec`, fields, [doc, lengthLine(spec, fields), signed]);
}

function messageTs(spec: Spec, { name, doc, request, response }: Command): string {
  const type = pascal(name);
  const stem = camelFromSnake(name);
  return [
    typeAndCodec(spec, `${type}Request`, `${stem}RequestCodec`, request, [
      `${name}: ${doc}`,
      lengthLine(spec, request),
    ]),
    typeAndCodec(spec, `${type}Response`, `${stem}ResponseCodec`, response, [
      `Answer to ${name}.`,
      lengthLine(spec, response),
    ]),
  ].join('\n');
}

function typeAndCodec(
  spec: Spec,
  type: string,
  codec: string,
  fields: readonly Field[],
  doc: (string | undefined)[],
): string {
  if (fields.length === 0) {
    return `${tsdoc(...doc)}export type ${type} = Empty;\nexport const ${codec}: Codec<${type}> = empty;\n`;
  }
  const members = place(spec, fields).map(
    ({ field, offset }) => `${memberDoc(spec, field, offset)}readonly ${field.name}: ${tsType(field)};`,
  );
  const coders = fields.map((field) => `${field.name}: ${coder(field)},`);
  return `${tsdoc(...doc)}export interface ${type} {\n${members.join('\n')}\n}
/** Codec of {@link ${type}}. */
export const ${codec}: Codec<${type}> = struct<${type}>({\n${coders.join('\n')}\n});
`;
}

function memberDoc(spec: Spec, field: Field, offset: number | undefined): string {
  const { min, max } = fieldSpan(spec, field);
  const where = offset === undefined ? '' : `offset ${offset}, `;
  const size = min === max ? `${max} byte${max === 1 ? '' : 's'}` : `${min} to ${max} bytes`;
  const secret = field.secret === true ? ' Secret: never in a trace.' : '';
  return tsdoc(`${field.doc === undefined ? '' : `${field.doc} · `}${where}${size}.${secret}`);
}

function lengthLine(spec: Spec, fields: readonly Field[]): string {
  const { min, max } = span(spec, fields);
  return min === max ? `${max} bytes.` : `${min} to ${max} bytes.`;
}

function tsType(field: Field): string {
  switch (field.type) {
    case 'u8':
      return field.enum === undefined ? 'number' : pascal(field.enum);
    case 'u16':
    case 'u32':
      return 'number';
    case 'u64':
      return 'bigint';
    case 'bytes':
    case 'blob8':
    case 'rest':
      return 'Uint8Array';
    case 'struct':
      return `${pascal(field.of)}Fields`;
    case 'list':
      return `readonly ${pascal(field.of)}Fields[]`;
  }
}

function coder(field: Field): string {
  switch (field.type) {
    case 'u8':
      return field.enum === undefined ? 'u8' : `oneOf('${field.enum}', ${pascal(field.enum)})`;
    case 'u16':
    case 'u32':
    case 'u64':
      return field.type;
    case 'bytes':
      return `bytes(${field.length})`;
    case 'blob8':
    case 'rest':
      return `${field.type}(${field.max})`;
    case 'struct':
      return `${field.of}Codec`;
    case 'list':
      return field.count === 'fixed'
        ? `fixedList(${field.n}, ${field.of}Codec)`
        : `list('${field.count}', ${field.max}, ${field.of}Codec)`;
  }
}

const FIELD_IMPORTS = [
  'blob8',
  'bytes',
  'empty',
  'fixedList',
  'list',
  'oneOf',
  'rest',
  'struct',
  'u8',
  'u16',
  'u32',
  'u64',
];

function imports(body: string, spec: Spec): string {
  const codecs = FIELD_IMPORTS.filter((name) => new RegExp(`[:=] ${name}[,(;<]`).test(body));
  const types = body.includes('= Empty;') ? ['type Codec', 'type Empty'] : ['type Codec'];
  const enums = spec.enums.map(({ name }) => pascal(name)).filter((name) => body.includes(`, ${name})`));
  return `import { ${[...types, ...codecs].join(', ')} } from '../codec/fields.js';\nimport { ${enums.join(', ')} } from './enums.js';\n`;
}

/** Structures so that each stands behind those it is made of. */
function inOrderOfUse(spec: Spec): Structure[] {
  const done = new Map<string, Structure>();
  const open = new Set<string>();
  const visit = (structure: Structure): void => {
    if (done.has(structure.name)) return;
    if (open.has(structure.name)) throw new SpecError(`structure ${structure.name} contains itself`);
    open.add(structure.name);
    for (const field of structure.fields) {
      if (field.type !== 'struct' && field.type !== 'list') continue;
      const part = spec.structures.find(({ name }) => name === field.of);
      if (part === undefined)
        throw new SpecError(`${structure.name}.${field.name}: structure ${field.of} is not defined`);
      visit(part);
    }
    done.set(structure.name, structure);
  };
  spec.structures.forEach(visit);
  return [...done.values()];
}
