// Structures, data objects, sets of values, status words and parameters as tables.
import { type Spec, type Template, type TemplateItem } from '../model.js';
import { hex } from '../names.js';
import { constant, pieceSpan } from '../pieces.js';
import { isConstructed, valueSpan } from '../tlv-sizes.js';
import { layoutTable, lengthOf, lengthText } from './layout.js';
import { blocks, sentence, table } from './markdown.js';

export function statusWordChapter({ statusWords, states, enums }: Spec): string {
  const words = statusWords.map(({ sw, mask, name, meaning, moved, action }) => [
    mask === undefined ? hex(sw, 4) : `${hex(sw & mask, 4).slice(0, -1)}x`,
    name,
    meaning,
    moved,
    action,
  ]);
  const reasons = (enums.find(({ name }) => name === 'reason')?.values ?? []).map(({ name, value, doc }) => [
    hex(value, 2),
    name,
    doc,
    statusWordsOf(states, name).join(', '),
  ]);
  return blocks(
    table(['SW', 'name', 'meaning', 'did money move', 'what a person does'], words),
    'Inside a session a refusal is `reason ‖ SW` (or `SW` alone), encrypted and MACed, under an outer 9000:',
    table(['reason', 'name', 'meaning', 'with status word'], reasons),
  );
}

function statusWordsOf(states: Spec['states'], reason: string): string[] {
  const behindGuard = states.moneyRefusals[reason];
  const guard = states.refusals.filter((each) => each.reason === reason).map(({ sw }) => sw);
  return [...new Set([...(behindGuard === undefined ? [] : [behindGuard]), ...guard])];
}

export function structureChapter(spec: Spec): string {
  return blocks(
    ...spec.structures.map(({ name, doc, tag, key, party, fields }) =>
      blocks(
        `### ${name}`,
        sentence(doc),
        tag === undefined
          ? undefined
          : `Behind the domain tag \`${tag}\`; key: ${key ?? 'none'}.${party === 'host' ? ' No card sees it.' : ''}`,
        `${lengthOf(spec, fields)}${tag === undefined ? '' : ', the tag apart'}:`,
        layoutTable(spec, fields),
      ),
    ),
  );
}

export function tlvChapter(spec: Spec): string {
  const objects = spec.tlv.tags.map((object) => [
    hex(object.tag, 2),
    object.name,
    isConstructed(object.tag) ? 'template' : lengthText(valueSpan(spec, object)),
    object.doc,
  ]);
  const templates = Object.entries(spec.tlv.templates).map(([name, template]) => {
    const { min, max } = pieceSpan(spec, name);
    return `${name}, at most ${max} bytes (shortest ${min}):\n\n\`\`\`\n${tree(spec, template, 0).join('\n')}\n\`\`\``;
  });
  return blocks(
    table(['tag', 'object', 'length of value', ''], objects),
    `Certificates are canonical: this order, shortest lengths, nothing in between or behind. A terminal certificate has at most ${constant(spec, 'certificateTerminalMax')} bytes, a card certificate ${constant(spec, 'certificateCardMax')}.`,
    ...templates,
  );
}

function tree(spec: Spec, [name, content]: Template, depth: number): string[] {
  const line = (object: string): string => {
    const tag = spec.tlv.tags.find((each) => each.name === object)?.tag ?? 0;
    return `${'  '.repeat(depth)}${hex(tag, 2)} ${object}`;
  };
  const inner = (item: TemplateItem): string[] =>
    typeof item === 'string' ? [`  ${line(item)}`] : tree(spec, item, depth + 1);
  return [
    typeof name === 'string' ? line(name) : '',
    ...(Array.isArray(content) ? (content as Template).flatMap(inner) : []),
  ];
}

export function valueChapter({ enums }: Spec): string {
  return blocks(
    ...enums
      .filter(({ name }) => name !== 'reason')
      .map(({ name, doc, values }) =>
        blocks(
          `### ${name}`,
          sentence(doc),
          table(
            ['value', 'name', ''],
            values.map((each) => [hex(each.value, 2), each.name, each.doc]),
          ),
        ),
      ),
  );
}

export function parameterChapter({ parameters }: Spec): string {
  const { aids, applet, constants, units, budgets } = parameters;
  return blocks(
    `Applet AID \`${aids.applet}\`, package AID \`${aids.package}\`, version ${applet.versionMajor}.${applet.versionMinor}.`,
    table(
      ['parameter', 'value', ''],
      constants.map(({ name, value, doc }) => [name, `${value}`, doc]),
    ),
    table(
      ['unit', 'code', 'digits', 'symbol'],
      units.map(({ name, code, digits, symbol }) => [name, hex(code, 4), `${digits}`, symbol]),
    ),
    `The applet may use ${budgets.transientRam} bytes of transient memory, ${budgets.persistent} of persistent, ${budgets.commitBuffer} of the commit buffer.`,
  );
}
