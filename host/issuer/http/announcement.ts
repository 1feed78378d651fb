/** `issuer/server.json`: says where a running issuer of this home listens, so that terminals of the home find it. */
import { rmSync } from 'node:fs';
import { z } from 'zod';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { isAlive, ownIdentity } from '../../terminal/lock.js';

const file = z.strictObject({ url: z.url(), pid: z.number().int(), started: z.string() });

/** @returns withdraws the announcement */
export function announce(home: Home, url: string): () => void {
  const path = home.path('issuer', 'server.json');
  replaceFile(path, `${JSON.stringify({ url, ...ownIdentity() })}\n`);
  return () => rmSync(path, { force: true });
}

/** Address of this home's issuer, if one is running. */
export function announcedIssuer(home: Home): string | undefined {
  const content = readIfThere(home.path('issuer', 'server.json'));
  if (content === undefined) return undefined;
  try {
    const { url, ...owner } = file.parse(JSON.parse(new TextDecoder().decode(content)));
    return isAlive(owner) ? url : undefined;
  } catch {
    return undefined;
  }
}
