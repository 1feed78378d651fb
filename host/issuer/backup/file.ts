/**
 * The file of a backup: 4096 bytes of header (a line that names the format, a line of JSON, zeros), then what the database's own
 * tool wrote. The header comes last in time: a file that was cut short has none.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { isSystemError, ownerOnly } from '../../terminal/files.js';
import { BackupError } from './errors.js';

const magic = 'epurse-backup 1';
const headerLength = 4096;

const header = z.strictObject({
  /** What the content is: the data folder of PGlite as tar.gz, or pg_dump's custom format. */
  kind: z.enum(['pglite', 'postgresql']),
  /** Seconds. */
  madeAt: z.number().int(),
  migrations: z.array(z.string()),
  /** store/state-hash.ts */
  stateHash: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BackupHeader = z.infer<typeof header>;

/** Writes a new file that only its owner may read. @throws BackupError exists; whatever `content` fails with */
export async function writeBackup(
  file: string,
  facts: Omit<BackupHeader, 'bytes' | 'sha256'>,
  content: Readable,
): Promise<BackupHeader> {
  const handle = await created(file);
  try {
    const digest = createHash('sha256');
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(content, counted, createWriteStream(file, { flags: 'r+', start: headerLength }));
    const whole: BackupHeader = { ...facts, bytes, sha256: digest.digest('hex') };
    await handle.write(encoded(whole), 0, headerLength, 0);
    await handle.sync();
    return whole;
  } catch (error) {
    await unlink(file);
    throw error;
  } finally {
    await handle.close();
  }
}

async function created(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', ownerOnly);
  } catch (cause) {
    if (isSystemError(cause, 'EEXIST'))
      throw new BackupError('exists', `${file} is there already; a backup overwrites nothing.`, { cause });
    throw cause;
  }
}

function encoded(whole: BackupHeader): Buffer {
  const text = `${magic}\n${JSON.stringify(whole)}\n`;
  const page = Buffer.alloc(headerLength);
  if (page.write(text) < Buffer.byteLength(text)) throw new Error('a header of more than a page');
  return page;
}

/** Reads the header and checks every byte of the content against it. @throws BackupError foreign, damaged */
export async function readBackup(
  file: string,
): Promise<{ readonly header: BackupHeader; readonly content: () => Readable }> {
  const found = await headerOf(file);
  const digest = createHash('sha256');
  let bytes = 0;
  const content = (): Readable => createReadStream(file, { start: headerLength });
  for await (const chunk of content() as AsyncIterable<Buffer>) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  if (bytes !== found.bytes || digest.digest('hex') !== found.sha256)
    throw new BackupError('damaged', `${file} is damaged: its content is not what its header says.`);
  return { header: found, content };
}

async function headerOf(file: string): Promise<BackupHeader> {
  const page = Buffer.alloc(headerLength);
  const handle = await open(file, 'r');
  try {
    await handle.read(page, 0, headerLength, 0);
  } finally {
    await handle.close();
  }
  if (page.every((byte) => byte === 0))
    throw new BackupError('damaged', `${file} is damaged: the backup that wrote it did not end.`);
  const [name, json = ''] = page.toString('utf8').split('\n');
  if (name !== magic) throw new BackupError('foreign', `${file} is no backup that "epurse issuer backup" wrote.`);
  try {
    return header.parse(JSON.parse(json));
  } catch (cause) {
    throw new BackupError('damaged', `${file} is damaged: its header cannot be read.`, { cause });
  }
}
