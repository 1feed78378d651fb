/** Passwords at rest: scrypt (RFC 7914) with a salt of its own, and the cost kept beside it, so that the cost can rise later. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { rejected } from '../service/context.js';

export interface StoredPassword {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly log_n: number;
  readonly r: number;
  readonly p: number;
}

/** What a guess costs, as scrypt counts it: 2^log_n · r · 128 bytes of memory, p times over. */
export type PasswordCost = Pick<StoredPassword, 'log_n' | 'r' | 'p'>;

/** 32 MiB three times, as much work as OWASP asks for (Password Storage Cheat Sheet). */
export const passwordCost: PasswordCost = { log_n: 15, r: 8, p: 3 };
const hashLength = 32;

export const passwordLength = { least: 12, most: 200 } as const;

export async function hashPassword(password: string, cost = passwordCost): Promise<StoredPassword> {
  const salt = new Uint8Array(randomBytes(16));
  return { salt, hash: await derived(password, { ...cost, salt }), ...cost };
}

/** Takes the same time for no account as for a wrong password. @param stored undefined where there is no such account */
export async function isPassword(password: string, stored: StoredPassword | undefined): Promise<boolean> {
  const against = stored ?? nobody;
  const hash = await derived(password, against);
  return timingSafeEqual(hash, against.hash) && stored !== undefined;
}

/** @throws IssuerError rejected */
export function checkPasswordRules(password: string, name: string): void {
  if (password.length < passwordLength.least)
    throw rejected(`A password has at least ${passwordLength.least} characters; a few words are a good one.`);
  if (password.length > passwordLength.most)
    throw rejected(`A password has at most ${passwordLength.most} characters.`);
  if (password.toLowerCase().includes(name.toLowerCase())) throw rejected('A password does not contain the name.');
  if (new Set(password).size < 5) throw rejected('A password of so few different characters is guessed at once.');
}

const nobody: StoredPassword = { ...passwordCost, salt: new Uint8Array(16), hash: new Uint8Array(hashLength) };

function derived(password: string, { salt, log_n, r, p }: Omit<StoredPassword, 'hash'>): Promise<Uint8Array> {
  const options = { N: 2 ** log_n, r, p, maxmem: 256 * 2 ** log_n * r };
  // the same letter, typed on another keyboard, is the same password
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, hashLength, options, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))));
  });
}
