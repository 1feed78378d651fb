// host/protocol/generated/{parameters,enums,status-words,commands,tlv}.ts: the specification's tables as constants.
import { type Command, type Field, type Spec, type Template } from './model.js';
import { camelFromSnake, hex, pascal } from './names.js';
import { isFixed, place, span, structureNamed } from './sizes.js';
import { isConstructed, valueSpan } from './tlv-sizes.js';
import { byteArray, quote, TS_HEADER, tsdoc } from './ts-text.js';

export function parametersTs({ parameters }: Spec): string {
  const { aids, applet, classes, constants, budgets, units, defaultUnits } = parameters;
  const entry = ([name, value]: [string, number]): string => `${name}: 0x${hex(value, 2)},`;
  return `${TS_HEADER}
/** Application identifiers (ISO 7816-4 section 12.2.3, proprietary). */
export const aids = { package: ${byteArray(aids.package)}, applet: ${byteArray(aids.applet)} } as const;

/** Version the applet shows in SELECT. */
export const appletVersion = { major: ${applet.versionMajor}, minor: ${applet.versionMinor} } as const;

/** Class bytes. */
export const classes = { ${Object.entries(classes).map(entry).join(' ')} } as const;

${constants.map(({ name, value, doc }) => `${tsdoc(doc)}export const ${name} = ${value};`).join('\n')}

/** What the applet may use at most, in bytes. */
export const budgets = ${JSON.stringify(budgets)} as const;

/** A unit of value: code is what the card stores. */
export interface UnitOfValue {
  readonly code: number;
  readonly name: string;
  readonly digits: number;
  readonly symbol: string;
}

/** Units host software can print. */
export const units: readonly UnitOfValue[] = [
${units.map(({ code, name, digits, symbol }) => `{ code: 0x${hex(code, 4)}, name: ${quote(name)}, digits: ${digits}, symbol: ${quote(symbol)} },`).join('\n')}
];

/** Units of the purse slots of a card unless the scheme says otherwise, by name. */
export const defaultUnits = ${JSON.stringify(defaultUnits)} as const;
`;
}

export function enumsTs({ enums }: Spec): string {
  return (
    TS_HEADER +
    enums
      .map(({ name, doc, values }) => {
        const type = pascal(name);
        const members = values.map((each) => `${tsdoc(each.doc)}${each.name}: 0x${hex(each.value, 2)},`);
        const names = values.map((each) => `[${type}.${each.name}]: ${quote(each.name)},`);
        return `
${tsdoc(doc)}export const ${type} = {\n${members.join('\n')}\n} as const;
export type ${type} = (typeof ${type})[keyof typeof ${type}];
/** Names of the values of {@link ${type}}. */
export const ${name}Names = {\n${names.join('\n')}\n} as const satisfies Record<${type}, string>;
`;
      })
      .join('')
  );
}

export function statusWordsTs(spec: Spec): string {
  const words = spec.statusWords.map(
    ({ name, sw, mask, meaning, moved, action }) =>
      `${name}: { sw: 0x${hex(sw, 4)}, ${mask === undefined ? '' : `mask: 0x${hex(mask, 4)}, `}meaning: ${quote(meaning)}, moved: ${quote(moved)}, action: ${quote(action)} },`,
  );
  const reasons = (spec.enums.find(({ name }) => name === 'reason')?.values ?? []).map(({ name, value, doc }) => {
    const word = spec.states.moneyRefusals[name];
    return `${name}: { value: 0x${hex(value, 2)}, doc: ${quote(doc)}${word === undefined ? '' : `, statusWord: ${quote(word)}`} },`;
  });
  return `${TS_HEADER}
/** Did money move? A status word received in clear inside a session proves nothing, whatever it is. */
export type Moved = 'no' | 'yes' | 'unknown' | 'as the command says';

export interface StatusWordEntry {
  readonly sw: number;
  /** Bits that count, where not all do. */
  readonly mask?: number;
  readonly meaning: string;
  readonly moved: Moved;
  /** What a person does. */
  readonly action: string;
}

/** Status words (ISO/IEC 7816-4) by name. */
export const statusWords = {\n${words.join('\n')}\n} as const satisfies Record<string, StatusWordEntry>;
export type StatusWordName = keyof typeof statusWords;

export interface ReasonEntry {
  readonly value: number;
  readonly doc: string;
  /** The one status word it comes with, where there is one. */
  readonly statusWord?: StatusWordName;
}

/** Reasons of refusals inside a session, by name. */
export const reasons = {\n${reasons.join('\n')}\n} as const satisfies Record<string, ReasonEntry>;
export type ReasonName = keyof typeof reasons;
`;
}

export function commandsTs(spec: Spec): string {
  const codecs = spec.commands.flatMap(({ name }) => [
    `${camelFromSnake(name)}RequestCodec`,
    `${camelFromSnake(name)}ResponseCodec`,
  ]);
  return `${TS_HEADER}import { ${codecs.join(', ')} } from './messages.js';

/** A range of bytes in a request that no trace may show; length undefined = to the end. */
export interface SecretRange {
  readonly offset: number;
  readonly length?: number;
}

/** All commands. p1 and p2: a byte, the name of an enumeration, or 'any'. */
export const commands = {\n${spec.commands.map((command) => commandEntry(spec, command)).join('\n')}\n} as const;
export type CommandName = keyof typeof commands;
`;
}

function commandEntry(spec: Spec, command: Command): string {
  const { name, ins, p1, p2, protection, doc, full, session, states, allow, money } = command;
  const stem = camelFromSnake(name);
  const parameter = (value: number | string): string =>
    typeof value === 'number' ? `0x${hex(value, 2)}` : quote(value);
  return `${tsdoc(doc)}${name}: {
  name: ${quote(name)}, ins: 0x${hex(ins, 2)}, p1: ${parameter(p1)}, p2: ${parameter(p2)},
  protection: ${quote(protection)}, full: ${String(full === true)}, session: ${quote(session ?? 'open')}, movesMoney: ${String(money !== undefined)},
  ${states === undefined ? '' : `states: ${JSON.stringify(states)},`}
  ${allow === undefined ? '' : `allow: ${JSON.stringify(allow)},`}
  requestCodec: ${stem}RequestCodec, responseCodec: ${stem}ResponseCodec,
  requestMax: ${span(spec, command.request).max}, responseMax: ${span(spec, command.response).max},
  secretRequest: ${JSON.stringify(secretRanges(spec, command.request))}, secretResponse: ${JSON.stringify(secretRanges(spec, command.response))},
},`;
}

/** Where the secret fields lie; a range runs to the end where a secret field has no fixed length. */
export function secretRanges(spec: Spec, fields: readonly Field[], base = 0): { offset: number; length?: number }[] {
  return place(spec, fields).flatMap(({ field, offset, span: { min, max } }) => {
    if (offset === undefined) return [];
    const start = base + offset;
    if (field.secret === true) return [min === max ? { offset: start, length: max } : { offset: start }];
    if (field.type === 'struct') return secretRanges(spec, structureNamed(spec, field.of).fields, start);
    return [];
  });
}

/** Whether all secrets lie where {@link secretRanges} can name them: none behind a field of variable length, none in a list. */
export function secretsPlaceable(spec: Spec, fields: readonly Field[]): boolean {
  const hidesSecret = (field: Field): boolean =>
    field.secret === true ||
    ((field.type === 'struct' || field.type === 'list') && structureNamed(spec, field.of).fields.some(hidesSecret));
  return place(spec, fields).every(
    ({ field, offset }) =>
      !hidesSecret(field) ||
      (offset !== undefined &&
        (field.secret === true || (field.type === 'struct' && isFixed(spec, structureNamed(spec, field.of).fields)))),
  );
}

export function tlvTs(spec: Spec): string {
  const { tlv } = spec;
  const tags = tlv.tags.map(({ name, tag, doc }) => `${tsdoc(doc)}${name}: 0x${hex(tag, tag > 0xff ? 4 : 2)},`);
  const sizes = tlv.tags
    .filter(({ tag }) => !isConstructed(tag))
    .map((object) => `${object.name}: ${JSON.stringify(valueSpan(spec, object))},`);
  const templates = Object.entries(tlv.templates).map(([name, template]) => `${name}: ${templateText(template)},`);
  return `${TS_HEADER}
/** Tags of the data objects (ISO 7816-4, 7816-6, 7816-8). */
export const tags = {\n${tags.join('\n')}\n} as const;
export type TagName = keyof typeof tags;

/** Lengths of the primitive objects' values, in bytes. */
export const valueLengths = {\n${sizes.join('\n')}\n} as const;

/** First value of a certificate's profile object. */
export const profiles = ${JSON.stringify(tlv.profiles)} as const;

/** A primitive object's name, or a constructed object: [name, [content in order]]. */
export type TemplateItem = TagName | readonly [TagName, readonly TemplateItem[]];

/** The order of the objects; nothing else may stand between or behind them. */
export const templates = {\n${templates.join('\n')}\n} as const;
`;
}

function templateText(template: Template): string {
  return `[${template.map((item) => (typeof item === 'string' ? quote(item) : templateText(item))).join(', ')}]`;
}
