// Java constants as text: Java Card has no int, so every constant is a byte, a short or an array of bytes.
import { SpecError } from './model.js';
import { hex } from './names.js';

export interface JavaConstant {
  readonly type: 'byte' | 'short' | 'byte[]';
  readonly name: string;
  readonly value: string;
  readonly doc?: string;
}

export function javaByte(name: string, value: number, doc?: string): JavaConstant {
  if (!Number.isInteger(value) || value < 0 || value > 0xff)
    throw new SpecError(`${name}: ${value} does not fit a byte`);
  const literal = `0x${hex(value, 2)}`;
  return constant('byte', name, value > 0x7f ? `(byte) ${literal}` : literal, doc);
}

/** Decimal, or hexadecimal of so many digits. */
export function javaShort(name: string, value: number, doc?: string, hexDigits?: number): JavaConstant {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff)
    throw new SpecError(`${name}: ${value} does not fit a short`);
  const literal = hexDigits === undefined ? `${value}` : `0x${hex(value, hexDigits)}`;
  return constant('short', name, value > 0x7fff ? `(short) ${literal}` : literal, doc);
}

export function section(title: string, constants: readonly JavaConstant[]): string {
  return `    // --- ${wrap(title, '    // ')} ---\n\n${constants.map(declaration).join('')}`;
}

function constant(type: JavaConstant['type'], name: string, value: string, doc?: string): JavaConstant {
  return doc === undefined ? { type, name, value } : { type, name, value, doc };
}

function declaration({ type, name, value, doc }: JavaConstant): string {
  const comment = doc === undefined ? '' : `    /** ${wrap(doc, '     *  ')} */\n`;
  return `${comment}    static final ${type} ${name} = ${value};\n`;
}

const WIDTH = 110;

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join(`\n${indent}`);
}
