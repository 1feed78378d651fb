// Pieces of generated TypeScript; prettier lays them out afterwards.
import { format, resolveConfig } from 'prettier';

export const TS_HEADER = '// Generated from apdu-specs by "npm run generate". Do not edit.\n';

export function tsdoc(...lines: readonly (string | undefined)[]): string {
  const text = lines.filter((line) => line !== undefined).map((line) => line.replaceAll('*/', '* /'));
  if (text.length === 0) return '';
  return text.length === 1 ? `/** ${text[0] ?? ''} */\n` : `/**\n${text.map((line) => ` * ${line}\n`).join('')} */\n`;
}

export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function byteArray(hexadecimal: string): string {
  const bytes = hexadecimal.match(/../g) ?? [];
  return `Uint8Array.of(${bytes.map((byte) => `0x${byte.toLowerCase()}`).join(', ')})`;
}

/** Lays text out as the repository's prettier settings say, so that the output depends on nothing else. */
export async function pretty(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
