/**
 * The journal as text: one entry a line, `CHECK JSON\n`, where CHECK is 16 hex digits of SHA-256 over the CHECK before it and
 * the JSON. So a line that was changed, lost, added or moved is found, and named by its number.
 *
 * The last line alone may be torn: the process or the power ended while it was being written, and nothing was done on its
 * strength, for an entry counts only after its fsync. Everything else that does not check is damage and is never mended here.
 */
import { createHash } from 'node:crypto';

const firstCheck = '0'.repeat(16);
const newline = 0x0a;

/** What a journal file holds. */
export interface JournalText {
  /** The JSON of each whole line. */
  readonly lines: readonly string[];
  /** CHECK of the last whole line; the next line is chained to it. */
  readonly check: string;
  /** Bytes to keep; what comes after is a torn line. */
  readonly length: number;
  /** The last line is whole but for its newline. */
  readonly unended: boolean;
  /** Bytes of a torn last line. */
  readonly torn: number;
}

/** Line `line` (from 1) is not what was written. */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage';
  constructor(
    readonly line: number,
    why: string,
  ) {
    super(`line ${line}: ${why}`);
  }
}

/** One line with its newline, chained to the line before; `after` is the CHECK for the next. */
export function writeLine(check: string, json: string): { readonly line: string; readonly after: string } {
  const after = checkOf(check, json);
  return { line: `${after} ${json}\n`, after };
}

/** The CHECK that starts an empty journal. */
export function emptyJournal(): JournalText {
  return { lines: [], check: firstCheck, length: 0, unended: false, torn: 0 };
}

/** @throws JournalDamage where a line other than a torn last one does not check */
export function readJournal(content: Uint8Array): JournalText {
  const lines: string[] = [];
  let check = firstCheck;
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf(newline, start);
    const last = end < 0 || end === content.length - 1;
    const bytes = content.subarray(start, end < 0 ? content.length : end);
    const read = readLine(check, bytes);
    if ('json' in read) {
      lines.push(read.json);
      check = read.check;
      if (end < 0) return { lines, check, length: content.length, unended: true, torn: 0 };
    } else if (last && (end < 0 || bytes.includes(0))) {
      // without its newline, or with a page that was never written: zeros, which JSON cannot hold
      return { lines, check, length: start, unended: false, torn: content.length - start };
    } else {
      throw new JournalDamage(lines.length + 1, read.why);
    }
    start = end + 1;
  }
  return { lines, check, length: content.length, unended: false, torn: 0 };
}

function readLine(check: string, bytes: Uint8Array): { json: string; check: string } | { why: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { why: 'it is no text' };
  }
  const found = /^([0-9a-f]{16}) (.+)$/.exec(text);
  if (found?.[1] === undefined || found[2] === undefined) return { why: 'it has no checksum' };
  const expected = checkOf(check, found[2]);
  if (expected !== found[1])
    return { why: 'its checksum does not match: this line, or the one before it, was changed, lost or moved' };
  return { json: found[2], check: expected };
}

function checkOf(before: string, json: string): string {
  return createHash('sha256').update(before).update('\n').update(json, 'utf8').digest('hex').slice(0, 16);
}
