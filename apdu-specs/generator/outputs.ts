// All generated files, by path from the root of the repository.
import { apduMarkdown } from './docs/document.js';
import { wireJava } from './java.js';
import { matrixJson } from './matrix.js';
import { type Spec } from './model.js';
import { messagesTs, structuresTs } from './ts-codecs.js';
import { commandsTs, enumsTs, parametersTs, statusWordsTs, tlvTs } from './ts-tables.js';
import { pretty } from './ts-text.js';

const HOST = 'host/protocol/generated';

const GENERATORS: Readonly<Record<string, (spec: Spec) => string>> = {
  'applet/src/main/java/epurse/Wire.java': wireJava,
  [`${HOST}/parameters.ts`]: parametersTs,
  [`${HOST}/enums.ts`]: enumsTs,
  [`${HOST}/status-words.ts`]: statusWordsTs,
  [`${HOST}/structures.ts`]: structuresTs,
  [`${HOST}/messages.ts`]: messagesTs,
  [`${HOST}/commands.ts`]: commandsTs,
  [`${HOST}/tlv.ts`]: tlvTs,
  'apdu-specs/generated/matrix.json': matrixJson,
  'docs/apdu.md': apduMarkdown,
};

/** Text of every generated file; the same specification always gives the same bytes. */
export async function outputs(spec: Spec): Promise<Map<string, string>> {
  const files = Object.entries(GENERATORS).map(async ([path, generate]) => {
    const text = generate(spec);
    return [path, /\.ts$/.test(path) ? await pretty(text, path) : text] as const;
  });
  return new Map(await Promise.all(files));
}

/** Paths of the files whose text on disk, given by `read`, is not the generated one. */
export function drift(files: ReadonlyMap<string, string>, read: (path: string) => string | undefined): string[] {
  return [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
}
