// The commands, grouped by who may call them.
import { matrix } from '../matrix.js';
import { type Command, ROLES, type Spec } from '../model.js';
import { hex } from '../names.js';
import { layoutTable, lengthOf } from './layout.js';
import { anchor, blocks, sentence, table, title } from './markdown.js';

const GROUP_ORDER = [
  'Any reader',
  'Opening a session',
  'POS, LOAD and PERSO',
  'POS and LOAD',
  'POS',
  'LOAD',
  'LOAD and PERSO',
  'PERSO',
];

export function commandChapter(spec: Spec): string {
  const groups = [...new Set(spec.commands.map(group))].sort((a, b) => GROUP_ORDER.indexOf(a) - GROUP_ORDER.indexOf(b));
  return blocks(
    overview(spec),
    ...groups.map((name) =>
      blocks(
        `### ${name}`,
        ...spec.commands.filter((command) => group(command) === name).map((command) => commandSection(spec, command)),
      ),
    ),
  );
}

function group({ protection, allow }: Command): string {
  switch (protection) {
    case 'select':
      return 'Any reader';
    case 'plain':
      return 'Opening a session';
    case 'protected': {
      const roles = ROLES.filter((role) => allow?.[role] !== undefined).map((role) => role.toUpperCase());
      return roles.length > 1 ? `${roles.slice(0, -1).join(', ')} and ${roles.at(-1) ?? ''}` : (roles[0] ?? '');
    }
  }
}

function overview(spec: Spec): string {
  const rows = spec.commands.map((command) => [
    `[${title(command.name)}](#${anchor(title(command.name))})`,
    header(spec, command),
    who(command),
    lengthOf(spec, command.request),
    lengthOf(spec, command.response),
    command.money === undefined ? 'no' : 'yes',
  ]);
  return table(['command', 'CLA INS P1 P2', 'who', 'request', 'response', 'moves money'], rows);
}

function commandSection(spec: Spec, command: Command): string {
  const { name, doc, request, response, money, full, session } = command;
  return blocks(
    `#### ${title(name)}`,
    sentence(doc),
    [
      `- **Header** \`${header(spec, command)}\``,
      `- **Who and when** ${whoAndWhen(command)}`,
      ...(full === true ? ['- **Only in a full session**'] : []),
      ...(session === 'agreed' ? ['- **Session** keys agreed, not confirmed; afterwards it is open'] : []),
      ...(session === 'ends' ? ['- **Session** ends with success'] : []),
      `- **Money** ${money ?? 'does not move'}`,
    ].join('\n'),
    request.length === 0
      ? 'Request: no data.'
      : `Request, ${lengthOf(spec, request)}:\n\n${layoutTable(spec, request)}`,
    response.length === 0
      ? 'Response: no data.'
      : `Response, ${lengthOf(spec, response)}:\n\n${layoutTable(spec, response)}`,
    refusals(spec, command),
  );
}

function header({ parameters: { classes } }: Spec, { protection, ins, p1, p2 }: Command): string {
  const cla = { select: classes.interindustry, plain: classes.plain, protected: classes.protected }[protection];
  const parameter = (value: number | string): string => (typeof value === 'number' ? hex(value, 2) : value);
  return `${hex(cla, 2)} ${hex(ins, 2)} ${parameter(p1)} ${parameter(p2)}`;
}

function who(command: Command): string {
  return command.allow === undefined
    ? group(command).toLowerCase()
    : ROLES.filter((role) => command.allow?.[role])
        .join(', ')
        .toUpperCase();
}

function whoAndWhen({ states, allow }: Command): string {
  if (allow === undefined) return `anyone, card ${(states ?? []).join(', ')}`;
  return ROLES.flatMap((role) =>
    allow[role] === undefined ? [] : [`${role.toUpperCase()}: card ${allow[role].join(', ')}`],
  ).join(' · ');
}

/** What the guard answers, from the matrix; what a command checks behind it stands in its description. */
function refusals(spec: Spec, { name, protection }: Command): string | undefined {
  const answers = matrix(spec)
    .flatMap((row) => ('cells' in row ? row.cells : []))
    .filter(({ command, class: by }) => command === name && by === protection)
    .flatMap(({ expected }) => {
      if (expected.expect === 'ok') return [];
      const word = spec.statusWords.find((each) => each.name === expected.sw);
      const reason = expected.reason === 'none' ? '' : ` ${expected.reason}`;
      return [`${hex(word?.sw ?? 0, 4)}${reason}${expected.where === 'clear' ? ' in clear' : ''}`];
    });
  return answers.length === 0 ? undefined : `The guard may refuse it with ${[...new Set(answers)].sort().join(', ')}.`;
}
