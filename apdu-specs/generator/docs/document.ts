// docs/apdu.md: the reference of the wire.
import { type Spec } from '../model.js';
import { commandChapter } from './commands.js';
import { blocks } from './markdown.js';
import { matrixChapter } from './matrix.js';
import { parameterChapter, statusWordChapter, structureChapter, tlvChapter, valueChapter } from './reference.js';

export function apduMarkdown(spec: Spec): string {
  const text = blocks(
    '<!-- Generated from apdu-specs by "npm run generate". Do not edit. -->',
    '# Commands and bytes',
    'Every command, structure and number on the wire. What the messages bind and why: [protocol.md](protocol.md). All numbers are big-endian and unsigned; ' +
      'lengths are bytes; `‖` joins. Requests and responses are the plaintext: secure messaging (protocol.md section 4) adds 8 bytes to a protected command and 10 to its answer.',
    '1. [Commands](#commands)\n2. [Who may do what when](#who-may-do-what-when)\n3. [Status words and reasons](#status-words-and-reasons)\n4. [Structures](#structures)\n5. [Data objects](#data-objects)\n6. [Sets of values](#sets-of-values)\n7. [Parameters](#parameters)',
    '## Commands',
    commandChapter(spec),
    '## Who may do what when',
    matrixChapter(spec),
    '## Status words and reasons',
    statusWordChapter(spec),
    '## Structures',
    structureChapter(spec),
    '## Data objects',
    tlvChapter(spec),
    '## Sets of values',
    valueChapter(spec),
    '## Parameters',
    parameterChapter(spec),
  );
  return `${text}\n`;
}
