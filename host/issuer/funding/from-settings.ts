/** The bank that the settings name, or the simulated one. */
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Home } from '../../terminal/home.js';
import { SettingsError } from '../settings-error.js';
import { HttpBank } from './http-bank.js';
import { patience } from './port.js';
import type { FundingPort } from './port.js';
import { SimulatedBank } from './simulated-bank.js';

/** The part `bank` of `issuer/config.json`. Relative files are of the home. */
export const bankSettings = z.strictObject({
  url: z.url({ protocol: /^https$/, error: 'expected an address that begins with https://' }),
  /** First line: the bearer token. Readable by its owner alone. */
  tokenFile: z.string().min(1).optional(),
  /** PEM of whoever certified the bank's server; without it what Node trusts. */
  caFile: z.string().min(1).optional(),
  timeoutMilliseconds: z.number().int().min(50).max(patience).optional(),
  attempts: z.number().int().min(1).max(10).optional(),
});

export type BankSettings = z.infer<typeof bankSettings>;

/** @throws SettingsError */
export function fundingOf(home: Home, settings: BankSettings | undefined): FundingPort {
  if (settings === undefined) return new SimulatedBank();
  const { url, tokenFile, caFile, timeoutMilliseconds: timeout, attempts } = settings;
  return new HttpBank({
    url,
    ...(tokenFile === undefined ? {} : { token: secretIn(pathOf(home, tokenFile)) }),
    ...(caFile === undefined ? {} : { ca: textOf(pathOf(home, caFile)) }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(attempts === undefined ? {} : { attempts }),
  });
}

function pathOf(home: Home, file: string): string {
  return isAbsolute(file) ? file : home.path(file);
}

function secretIn(path: string): string {
  const text = textOf(path);
  if ((statSync(path).mode & 0o077) !== 0)
    throw new SettingsError(`The file ${path} holds the bank's token and may be read by others: chmod 600 it.`);
  const [token = ''] = text.split('\n');
  if (token.trim() === '') throw new SettingsError(`The file ${path} has no token in its first line.`);
  return token.trim();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SettingsError(`The file ${path}, which the settings of the bank name, cannot be read.`, { cause });
  }
}
