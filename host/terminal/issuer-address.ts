/** Where the issuer of a terminal is that stands elsewhere: `issuer.json` in the terminal's folder, written when it enrolled. */
import { z } from 'zod';
import { readIfThere, replaceFile } from './files.js';
import type { Home } from './home.js';
import { terminalFolder } from './identity.js';
import type { TerminalName } from './identity.js';
import { Failure } from './outcome.js';

const file = z.strictObject({ url: z.url() });

export function writeIssuerAddress(home: Home, name: TerminalName, url: string): void {
  replaceFile(home.path(...terminalFolder(name), 'issuer.json'), `${JSON.stringify({ url })}\n`);
}

/** @returns undefined for a terminal whose issuer has this home @throws Failure settings-unreadable */
export function readIssuerAddress(home: Home, name: TerminalName): string | undefined {
  const path = home.path(...terminalFolder(name), 'issuer.json');
  const content = readIfThere(path);
  if (content === undefined) return undefined;
  try {
    return file.parse(JSON.parse(new TextDecoder().decode(content))).url;
  } catch (cause) {
    throw new Failure('settings-unreadable', `${path} cannot be read: it was changed or damaged.`, {
      next: 'Write {"url":"https://…"} there, the address of the issuer, or set EPURSE_ISSUER_URL.',
      cause,
    });
  }
}
