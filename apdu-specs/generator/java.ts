// applet/src/main/java/epurse/Wire.java: every number the applet shares with the outside.
import { javaByte, javaShort, section, type JavaConstant } from './java-text.js';
import { ROLES, type Command, type Field, type Spec } from './model.js';
import { hex, upperSnake } from './names.js';
import { fixedPart, place, span } from './sizes.js';
import { allowedBits, guarded, lifeCycleBits } from './guard.js';

export function wireJava(spec: Spec): string {
  const sections = [
    section('Classes and applet version', classes(spec)),
    section(
      'Parameters',
      spec.parameters.constants.map(({ name, value, doc }) => javaShort(upperSnake(name), value, doc)),
    ),
    section('Instructions, with P1 and P2 where they are fixed', spec.commands.flatMap(instruction)),
    section('Status words', statusWords(spec)),
    section('Data object tags', spec.tlv.tags.map(tag)),
    section('Certificate profiles', profiles(spec)),
    ...spec.enums.map((each) => section(each.doc, enumeration(each))),
    ...cardStructures(spec).map((each) => section(structureTitle(each), structure(spec, each))),
    ...spec.commands.flatMap((command) => messages(spec, command)),
    section('Life-cycle states in which a command outside a session is allowed', openStates(spec)),
    section('Guard: ordinals of the protected commands', ordinals(spec)),
    guardTables(spec),
  ];
  return `${HEADER}${sections.join('\n')}}\n`;
}

const HEADER = `// Generated from apdu-specs by "npm run generate". Do not edit.
package epurse;

/**
 * The wire: instructions, status words, tags, sets of values, byte offsets and the guard table.
 * Offsets count from the first byte of a structure, behind its domain tag where it has one; X_LENGTH is the whole length, or that
 * of the part in front of the first field of variable length, and then X_MAX is the longest there can be.
 */
final class Wire {

    private Wire() {
    }

`;

function classes({ parameters: { classes: cla, applet } }: Spec): JavaConstant[] {
  return [
    javaByte('CLA_INTERINDUSTRY', cla.interindustry, 'SELECT (ISO 7816-4)'),
    javaByte('CLA_PLAIN', cla.plain, 'proprietary, no secure messaging'),
    javaByte('CLA_PROTECTED', cla.protected, 'proprietary, secure messaging'),
    javaByte('VERSION_MAJOR', applet.versionMajor, 'applet version shown by SELECT'),
    javaByte('VERSION_MINOR', applet.versionMinor, 'applet version shown by SELECT'),
  ];
}

function instruction({ name, ins, p1, p2, doc }: Command): JavaConstant[] {
  const fixed = (value: number | string, which: string): JavaConstant[] =>
    typeof value === 'number' ? [javaByte(`${which}_${name}`, value)] : [];
  return [javaByte(`INS_${name}`, ins, doc), ...fixed(p1, 'P1'), ...fixed(p2, 'P2')];
}

function statusWords(spec: Spec): JavaConstant[] {
  return spec.statusWords.map(({ name, sw, meaning }) => javaShort(`SW_${upperSnake(name)}`, sw, meaning, 4));
}

function tag({ name, tag: value, doc }: Spec['tlv']['tags'][number]): JavaConstant {
  const constant = `TAG_${upperSnake(name)}`;
  return value > 0xff ? javaShort(constant, value, doc, 4) : javaByte(constant, value, doc);
}

function profiles(spec: Spec): JavaConstant[] {
  return Object.entries(spec.tlv.profiles).map(([name, value]) => javaByte(`PROFILE_${upperSnake(name)}`, value));
}

function enumeration({ name, prefix, values }: Spec['enums'][number]): JavaConstant[] {
  const stem = prefix ?? upperSnake(name);
  return values.map((value) => javaByte(`${stem}_${upperSnake(value.name)}`, value.value, value.doc));
}

function cardStructures(spec: Spec): Spec['structures'] {
  return spec.structures.filter(({ party }) => party !== 'host');
}

function structureTitle({ name, doc }: Spec['structures'][number]): string {
  return `${name}: ${doc}`;
}

function structure(spec: Spec, { name, tag: domain, fields }: Spec['structures'][number]): JavaConstant[] {
  const stem = upperSnake(name);
  const domainTag: JavaConstant[] =
    domain === undefined
      ? []
      : [
          {
            type: 'byte[]',
            name: `DOMAIN_${stem}`,
            value: byteArray([...Buffer.from(domain, 'ascii')]),
            doc: `"${domain}"`,
          },
        ];
  return [...domainTag, ...layout(spec, stem, fields)];
}

function layout(spec: Spec, stem: string, fields: readonly Field[]): JavaConstant[] {
  const offsets = place(spec, fields)
    .filter(({ offset }) => offset !== undefined)
    .map(({ field, offset }) => javaShort(`${stem}_${upperSnake(field.name)}`, offset ?? 0, fieldDoc(field)));
  const { min, max } = span(spec, fields);
  const length = javaShort(`${stem}_LENGTH`, fixedPart(spec, fields));
  return min === max ? [...offsets, length] : [...offsets, length, javaShort(`${stem}_MAX`, max)];
}

function fieldDoc(field: Field): string {
  const type = describeType(field);
  return field.doc === undefined ? type : `${type}: ${field.doc}`;
}

function describeType(field: Field): string {
  switch (field.type) {
    case 'bytes':
      return `${field.length} bytes`;
    case 'blob8':
      return `length byte and up to ${field.max} bytes`;
    case 'rest':
      return `up to ${field.max} bytes`;
    case 'struct':
      return field.of;
    case 'list':
      return field.count === 'fixed' ? `${field.n} × ${field.of}` : `list of ${field.of}`;
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
      return field.type;
  }
}

function messages(spec: Spec, { name, request, response }: Command): string[] {
  return [
    ...(request.length > 0 ? [section(`${name}: request`, layout(spec, `${name}_REQ`, request))] : []),
    ...(response.length > 0 ? [section(`${name}: response`, layout(spec, `${name}_RES`, response))] : []),
  ];
}

function openStates(spec: Spec): JavaConstant[] {
  return spec.commands.flatMap(({ name, states }) =>
    states === undefined ? [] : [javaByte(`STATES_${name}`, lifeCycleBits(spec, states), states.join(', '))],
  );
}

function ordinals(spec: Spec): JavaConstant[] {
  const commands = guarded(spec);
  return [
    ...commands.map(({ name }, ordinal) => javaShort(`COMMAND_${name}`, ordinal)),
    javaShort('COMMAND_COUNT', commands.length),
    javaShort('ROLE_COUNT', ROLES.length, 'rows of ALLOWED; the index of a role is its bit shifted right by one'),
  ];
}

function guardTables(spec: Spec): string {
  const commands = guarded(spec);
  const row = (command: Command): string =>
    `        ${ROLES.map((role) => byteLiteral(allowedBits(spec, command, role))).join(', ')}, // ${command.name}`;
  return `    // --- Guard tables ---

    /** Instruction of each protected command, by ordinal. */
    static final byte[] INSTRUCTIONS = {
${commands.map(({ name, ins }) => `        ${byteLiteral(ins)}, // ${name}`).join('\n')}
    };

    /** By ordinal * ROLE_COUNT + role index (pos 0, load 1, perso 2): the set of life-cycle states in which it is allowed. */
    static final byte[] ALLOWED = {
${commands.map(row).join('\n')}
    };

    /** By ordinal: 1 where the command needs a full session. */
    static final byte[] FULL_ONLY = {
${commands.map(({ name, full }) => `        ${full === true ? 1 : 0}, // ${name}`).join('\n')}
    };
`;
}

function byteArray(bytes: readonly number[]): string {
  return `{${bytes.map(byteLiteral).join(', ')}}`;
}

function byteLiteral(value: number): string {
  return value > 0x7f ? `(byte) 0x${hex(value, 2)}` : `0x${hex(value, 2)}`;
}
