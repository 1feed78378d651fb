// The longest of every message, structure and certificate fits where it must.
import { type Command, type Field, type Spec } from '../model.js';
import { constant, formSpans, pieceSpan } from '../pieces.js';
import { span } from '../sizes.js';
import { type Check } from './complaint.js';

/** Short APDU (ISO/IEC 7816-4 section 5.2): at most 255 bytes of command data, 256 of answer data. */
const COMMAND_MAX = 255;
const ANSWER_MAX = 256;
/** What the secure messaging may fill of an answer: one below the most, so that no reader has to ask with Le = 00. */
const PROTECTED_ANSWER_MAX = 255;
const STATUS_LENGTH = 2;

export const apdusFit: Check = (spec) =>
  spec.commands.flatMap((command) => {
    const most = wireLengths(spec, command);
    const complain = (what: string, length: number, max: number): string[] =>
      length > max ? [`${command.name}: the ${what} may get ${length} bytes long, at most ${max} fit`] : [];
    if (command.protection !== 'protected') {
      return [...complain('command', most.command, COMMAND_MAX), ...complain('answer', most.answer, ANSWER_MAX)];
    }
    return [
      ...complain('plaintext', span(spec, command.request).max, constant(spec, 'protectedCommandMax')),
      ...complain('plaintext of the answer', span(spec, command.response).max, constant(spec, 'protectedAnswerMax')),
      ...complain('protected command', most.command, COMMAND_MAX),
      ...complain('protected answer', most.answer, PROTECTED_ANSWER_MAX),
    ];
  });

export const secureMessagingFits: Check = (spec) => {
  const mac = constant(spec, 'macLength');
  const command = constant(spec, 'protectedCommandMax') + mac;
  const answer = constant(spec, 'protectedAnswerMax') + STATUS_LENGTH + mac;
  const certificateBlock = constant(spec, 'certificateBlock');
  return [
    ...(command > COMMAND_MAX
      ? [`protectedCommandMax: ${command} bytes with the MAC, at most ${COMMAND_MAX} fit`]
      : []),
    ...(answer > PROTECTED_ANSWER_MAX
      ? [`protectedAnswerMax: ${answer} bytes with status and MAC, at most ${PROTECTED_ANSWER_MAX} fit`]
      : []),
    ...(certificateBlock > constant(spec, 'protectedCommandMax')
      ? [`certificateBlock: ${certificateBlock} bytes do not fit a protected command`]
      : []),
  ];
};

/** The design's budget for single messages and structures. */
export const budgetsHold: Check = (spec) => [
  ...spec.commands.flatMap((command) => {
    const { command: sent, answer } = wireLengths(spec, command);
    const { limits } = command;
    return [
      ...over(`${command.name}: command data`, sent, limits?.command),
      ...over(`${command.name}: answer data`, answer, limits?.answer),
    ];
  }),
  ...spec.structures.flatMap(({ name, limit, fields }) => over(`structure ${name}`, span(spec, fields).max, limit)),
];

/** Every form a field may hold fits it; a field of fixed length is filled. */
export const formsFit: Check = (spec) => {
  const inFields = (where: string, fields: readonly Field[]): string[] =>
    fields.flatMap((field) =>
      formSpans(spec, field).flatMap(({ form, span: { min, max } }) => {
        const what = `${where}.${field.name}: ${form.join(' || ')}`;
        if (field.type === 'bytes')
          return min === field.length && max === field.length
            ? []
            : [`${what} is ${max} bytes long, not ${field.length}`];
        return 'max' in field && max > field.max ? [`${what} may get ${max} bytes long, at most ${field.max} fit`] : [];
      }),
    );
  return [
    ...spec.structures.flatMap(({ name, fields }) => inFields(`structure ${name}`, fields)),
    ...spec.commands.flatMap(({ name, request, response }) => [
      ...inFields(`${name} request`, request),
      ...inFields(`${name} response`, response),
    ]),
  ];
};

export const certificatesFit: Check = (spec) => [
  ...over('terminal certificate', pieceSpan(spec, 'terminalCertificate').max, constant(spec, 'certificateTerminalMax')),
  ...over('card certificate', pieceSpan(spec, 'cardCertificate').max, constant(spec, 'certificateCardMax')),
  ...over('certificateTerminalMax', constant(spec, 'certificateTerminalMax'), COMMAND_MAX),
  ...over('certificateCardMax', constant(spec, 'certificateCardMax'), ANSWER_MAX),
];

/** Data on the wire: what a protected message adds is in it. */
export function wireLengths(
  spec: Spec,
  { protection, request, response }: Command,
): { command: number; answer: number } {
  const mac = protection === 'protected' ? constant(spec, 'macLength') : 0;
  const status = protection === 'protected' ? STATUS_LENGTH : 0;
  return { command: span(spec, request).max + mac, answer: span(spec, response).max + status + mac };
}

function over(what: string, length: number, max: number | undefined): string[] {
  return max !== undefined && length > max ? [`${what} may get ${length} bytes long, the limit is ${max}`] : [];
}
