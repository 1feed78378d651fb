/**
 * A secret in a file that a thief of the file cannot read: AES-256-GCM (NIST SP 800-38D) under a key that scrypt (RFC 7914) makes
 * from a passphrase or unlock secret. The head of the file says what it is; the cipher authenticates the head with the content, so
 * a file cannot stand in for another. A plain checksum tells damage from a wrong passphrase, and finds it without any passphrase.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { KeyringError } from './errors.js';

/** What a sealed file is, authenticated with its content. */
export interface SealLabel {
  /** Such as `issuer keys`. */
  readonly purpose: string;
  /** 1 … 65535. */
  readonly scheme: number;
}

const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
/** Bounds: no file may make its reader work for hours, or hardly at all. */
const kdfSchema = z.strictObject({
  name: z.literal('scrypt'),
  logN: z.number().int().min(12).max(20),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(4),
  salt: hex(16),
});
const headSchema = z.strictObject({
  format: z.literal('epurse-sealed/1'),
  purpose: z.string().max(80),
  scheme: z.number().int().min(1).max(0xffff),
  kdf: kdfSchema,
  cipher: z.literal('aes-256-gcm'),
  nonce: hex(12),
});
const fileSchema = headSchema.extend({ sealed: z.string().regex(/^([0-9a-f]{2})+$/), tag: hex(16), checksum: hex(32) });

type Head = z.infer<typeof headSchema>;
type SealedFile = z.infer<typeof fileSchema>;

/** A secret of 256 random bits gains nothing by a slow derivation; what a person can remember needs all of it (RFC 7914 section 2). */
const cost = { made: { logN: 12, r: 8, p: 1 }, chosen: { logN: 17, r: 8, p: 1 } } as const;
const madeForm = /^epurse-unlock-1:[0-9a-f]{64}$/;

/** An unlock secret for a file that opens unattended: 256 random bits in one line. */
export function makeSecret(): string {
  return `epurse-unlock-1:${randomBytes(32).toString('hex')}`;
}

/** @param secret a passphrase, or what {@link makeSecret} made @returns text of the file, ending in a line feed */
export function seal(content: Uint8Array, secret: string, { purpose, scheme }: SealLabel): string {
  const head: Head = {
    format: 'epurse-sealed/1',
    purpose,
    scheme,
    kdf: {
      name: 'scrypt',
      ...(madeForm.test(secret) ? cost.made : cost.chosen),
      salt: randomBytes(16).toString('hex'),
    },
    cipher: 'aes-256-gcm',
    nonce: randomBytes(12).toString('hex'),
  };
  const key = derive(secret, head.kdf);
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.from(head.nonce, 'hex')).setAAD(authenticated(head));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]).toString('hex');
  key.fill(0);
  const body = { ...head, sealed, tag: cipher.getAuthTag().toString('hex') };
  return `${JSON.stringify({ ...body, checksum: checksum(body) }, undefined, 2)}\n`;
}

/**
 * Checks form, checksum and label of a sealed file; needs no secret.
 *
 * @param name path, for the message
 * @throws KeyringError damaged, other-file
 */
export function inspectSealed(text: Uint8Array, label: SealLabel, name: string): SealedFile {
  const file = parsed(text, name);
  const { checksum: given, ...body } = file;
  if (checksum(body) !== given) throw damaged(name);
  if (file.purpose !== label.purpose || file.scheme !== label.scheme)
    throw new KeyringError(
      'other-file',
      `The file ${name} holds the ${file.purpose} of scheme ${file.scheme}, not the ${label.purpose} of scheme ${label.scheme}.`,
    );
  return file;
}

/** What a file says it is. @throws KeyringError damaged */
export function labelOf(text: Uint8Array, name: string): SealLabel {
  const { purpose, scheme } = parsed(text, name);
  return { purpose, scheme };
}

/** @throws KeyringError damaged, other-file, wrong-secret */
export function unseal(text: Uint8Array, secret: string, label: SealLabel, name: string): Uint8Array {
  const file = inspectSealed(text, label, name);
  const key = derive(secret, file.kdf);
  const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'hex'))
    .setAAD(authenticated(file))
    .setAuthTag(Buffer.from(file.tag, 'hex'));
  try {
    return new Uint8Array(Buffer.concat([cipher.update(Buffer.from(file.sealed, 'hex')), cipher.final()]));
  } catch (cause) {
    throw new KeyringError('wrong-secret', `The passphrase or unlock secret is not that of ${name}.`, { cause });
  } finally {
    key.fill(0);
  }
}

/** Is this a sealed file at all? */
export function isSealed(text: Uint8Array): boolean {
  return /^\s*\{\s*"format"\s*:\s*"epurse-sealed\//.test(new TextDecoder().decode(text.subarray(0, 200)));
}

function derive(secret: string, { logN, r, p, salt }: Head['kdf']): Buffer {
  const options = { N: 2 ** logN, r, p, maxmem: 160 * 2 ** logN * r };
  return scryptSync(secret.normalize('NFC'), Buffer.from(salt, 'hex'), 32, options);
}

/** The head in one spelling, whatever the file's layout. */
function authenticated({ format, purpose, scheme, kdf, cipher, nonce }: Head): Buffer {
  const { name, logN, r, p, salt } = kdf;
  return Buffer.from(JSON.stringify([format, purpose, scheme, name, logN, r, p, salt, cipher, nonce]));
}

function checksum(body: Omit<SealedFile, 'checksum'>): string {
  return createHash('sha256').update(authenticated(body)).update(body.sealed).update(body.tag).digest('hex');
}

function parsed(text: Uint8Array, name: string): SealedFile {
  try {
    return fileSchema.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch (cause) {
    throw damaged(name, cause);
  }
}

function damaged(name: string, cause?: unknown): KeyringError {
  return new KeyringError('damaged', `The file ${name} was changed or damaged.`, { cause });
}
