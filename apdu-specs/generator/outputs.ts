// All generated files, by path from the root of the repository.
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
};

/** Text of every generated file; the same specification always gives the same bytes. */
export async function outputs(spec: Spec): Promise<Map<string, string>> {
  const files = Object.entries(GENERATORS).map(async ([path, generate]) => {
    const text = generate(spec);
    return [path, /\.ts$/.test(path) ? await pretty(text, path) : text] as const;
  });
  return new Map(await Promise.all(files));
}
