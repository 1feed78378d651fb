// What a field without a layout of its own may hold, and how long that gets.
import { type Field, type Spec, SpecError } from './model.js';
import { type Span, span } from './sizes.js';
import { templateSpan } from './tlv-sizes.js';

/** Names in `holds` beside those of structures and templates. */
export const PIECES = ['signature', 'certificateBlock', 'status', 'mac'] as const;
type Piece = (typeof PIECES)[number];

/** Shortest DER ECDSA signature: two integers of one byte. */
const SIGNATURE_MIN = 8;
const STATUS_LENGTH = 2;

export function constant(spec: Spec, name: string): number {
  const found = spec.parameters.constants.find((each) => each.name === name);
  if (found === undefined) throw new SpecError(`parameter ${name} is not defined`);
  return found.value;
}

export function pieceSpan(spec: Spec, piece: string): Span {
  if (isPiece(piece)) return builtIn(spec, piece);
  const structure = spec.structures.find(({ name }) => name === piece);
  if (structure !== undefined) return span(spec, structure.fields);
  const template = spec.tlv.templates[piece];
  if (template === undefined) throw new SpecError(`${piece} is neither structure nor template`);
  return templateSpan(spec, template);
}

/** Shortest and longest of each form a field may hold. */
export function formSpans(spec: Spec, field: Field): { form: readonly string[]; span: Span }[] {
  const forms = 'holds' in field ? (field.holds ?? []) : [];
  return forms.map((form) => ({
    form,
    span: form
      .map((piece) => pieceSpan(spec, piece))
      .reduce((sum, each) => ({ min: sum.min + each.min, max: sum.max + each.max }), { min: 0, max: 0 }),
  }));
}

function isPiece(name: string): name is Piece {
  return PIECES.some((piece) => piece === name);
}

function builtIn(spec: Spec, piece: Piece): Span {
  switch (piece) {
    case 'signature':
      return { min: SIGNATURE_MIN, max: constant(spec, 'signatureMax') };
    case 'certificateBlock':
      return { min: 1, max: constant(spec, 'certificateBlock') };
    case 'status':
      return { min: STATUS_LENGTH, max: STATUS_LENGTH };
    case 'mac':
      return { min: constant(spec, 'macLength'), max: constant(spec, 'macLength') };
  }
}
