/** Where a PIN comes from: the keyboard, or a file that `--pin-file` names. Never from argv. */
import { readFileSync } from 'node:fs';
import { PinError, pinBlock } from '../protocol/codec/pin.js';
import { counted } from './counted.js';
import type { Keyboard } from './keyboard.js';
import { Failure } from './outcome.js';

export interface PinSource {
  /** @returns undefined where none is given */
  ask(prompt: string): Promise<string | undefined>;
}

/** The prompt for a PIN, which says what it is for, and, from the second time on, that the one before was wrong. */
export function pinPrompt(purpose: string): (triesLeft: number) => string {
  let before = 0;
  return (triesLeft) => {
    const wrong = triesLeft < before ? 'That PIN was wrong. ' : '';
    before = triesLeft;
    return `${wrong}${purpose} (${counted(triesLeft, 'try', 'tries')} left): `;
  };
}

/** Nobody to ask. */
export const noPins: PinSource = { ask: () => Promise.resolve(undefined) };

/**
 * One PIN a line. Each is given once, so that a wrong one in the file costs one try and not five.
 *
 * @param path `-` is standard input
 * @throws Failure file-missing, pin-malformed
 */
export function filePins(path: string): PinSource {
  const pins = linesOf(path);
  for (const pin of pins) checkPin(pin);
  return { ask: () => Promise.resolve(pins.shift()) };
}

/** Asks until what is typed can be a PIN; an empty line gives up. */
export function keyboardPins(keyboard: Keyboard, say: (line: string) => void, idle?: number): PinSource {
  return {
    ask: async (prompt) => {
      for (;;) {
        const typed = await keyboard.secret(prompt, idle);
        if ('none' in typed || typed.line === '') return undefined;
        const complaint = complaintOn(typed.line);
        if (complaint === undefined) return typed.line;
        say(complaint);
      }
    },
  };
}

function linesOf(path: string): string[] {
  try {
    const text = readFileSync(path === '-' ? 0 : path, 'utf8');
    return text.split(/\r?\n/).filter((line) => line !== '');
  } catch (cause) {
    throw new Failure('file-missing', `The PIN file ${path} cannot be read.`, {
      next: 'Its first line is the PIN.',
      cause,
    });
  }
}

/** @throws Failure pin-malformed */
export function checkPin(pin: string): void {
  const complaint = complaintOn(pin);
  if (complaint !== undefined)
    throw new Failure('pin-malformed', complaint, { next: 'Write one PIN a line, 4 to 12 digits and nothing else.' });
}

function complaintOn(pin: string): string | undefined {
  try {
    pinBlock(pin);
    return undefined;
  } catch (error) {
    if (error instanceof PinError) return error.message;
    throw error;
  }
}
