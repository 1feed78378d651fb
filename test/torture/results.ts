/** What campaigns found, kept for `./epurse grade`: with the build it was found on, so that it can be shown for no other. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { buildId } from '../support/build-id.js';
import type { Ran } from './page.js';

const stored = z.object({
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  done: z.number().int().nonnegative(),
  seed: z.number().int(),
  findings: z.number().int().nonnegative(),
  notes: z.array(z.string()),
  /** What it found, where it did: in a line each, with the command that shows it again. */
  found: z.array(z.string()).optional(),
  seconds: z.number(),
  /** Where it did not do all it had set out to do: the time it usually has, in seconds. */
  usualSeconds: z.number().optional(),
  /** ISO 8601, when it ended. */
  ended: z.string(),
  /** {@link buildId} when it began. */
  build: z.string(),
});

export type StoredResult = Readonly<z.infer<typeof stored>>;

/** A slip of an editor, a file cut short and two files mixed up show by it; whoever can run this program can make one. */
const sealed = stored.extend({ digest: z.string() });

/** As it is written: a result with the SHA-256 of all else in it. */
export function seal(result: StoredResult): z.infer<typeof sealed> {
  return {
    ...result,
    digest: createHash('sha256')
      .update(JSON.stringify(result, Object.keys(stored.shape).sort()))
      .digest('hex'),
  };
}

const folderOf = (root: string): string => join(root, '.tools', 'campaigns');

/** Why a result is not kept. */
export type NotKept =
  /** The sources changed while it ran, or this is no git checkout: it would be nobody's. */
  | { readonly why: 'nobody knows the build' }
  /** What the campaign found on these sources is not forgotten because it finds nothing with another seed, or in less time. */
  | { readonly why: 'an earlier finding'; readonly seed: number };

/**
 * Keeps a result in place of the campaign's last one.
 *
 * @param build {@link buildId} when the campaign began
 * @returns undefined where it was kept
 */
export function keep(
  root: string,
  build: string | undefined,
  { campaign, result, seconds, isBrief }: Ran,
  ended: Date,
): NotKept | undefined {
  if (build === undefined || build !== buildId(root)) return { why: 'nobody knows the build' };
  const { name, unit, done, seed, notes, findings } = result;
  const content: StoredResult = {
    ...{ name, title: campaign.title, unit, done, seed, notes: [...notes], findings: findings.length },
    ...{ seconds, ended: ended.toISOString(), build },
    ...(findings.length === 0 ? {} : { found: findings.map(({ where, replay }) => `${where} (again: ${replay})`) }),
    ...(isBrief === true ? { usualSeconds: campaign.budgetMs(false) / 1000 } : {}),
  };
  const before = kept(root).results.find((one) => one.name === name);
  if (before !== undefined && isFindingOf(before, content)) return { why: 'an earlier finding', seed: before.seed };
  mkdirSync(folderOf(root), { recursive: true });
  const file = join(folderOf(root), `${name}.json`);
  writeFileSync(`${file}.new`, `${JSON.stringify(seal(content), null, 2)}\n`);
  renameSync(`${file}.new`, file);
  return undefined;
}

/** Whether it says of the sources what a later result does not take back: only the same seed, in its usual time, does. */
function isFindingOf(before: StoredResult, later: StoredResult): boolean {
  if (before.build !== later.build || before.findings === 0) return false;
  return later.usualSeconds !== undefined || (later.findings === 0 && later.seed !== before.seed);
}

/** What is kept, of whatever build. */
export interface Kept {
  readonly results: readonly StoredResult[];
  /** Names of campaigns whose file is not what {@link keep} has written: nothing is shown for them. */
  readonly damaged: readonly string[];
}

export function kept(root: string): Kept {
  const files = namesIn(folderOf(root)).map((file) => {
    const text = readFileSync(join(folderOf(root), file), 'utf8');
    return { name: file.replace(/\.json$/, ''), result: resultIn(text) };
  });
  return {
    results: files.flatMap(({ name, result }) => (result?.name === name ? [result] : [])),
    damaged: files.filter(({ name, result }) => result?.name !== name).map(({ name }) => name),
  };
}

function resultIn(text: string): StoredResult | undefined {
  const read = sealed.safeParse(parsed(text));
  if (!read.success) return undefined;
  const { digest, ...result } = read.data;
  return seal(result).digest === digest ? result : undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
