/** What campaigns found, kept for `./epurse grade`: with the build it was found on, so that it can be shown for no other. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
  seconds: z.number(),
  /** Where its time was cut short: what it usually has, in seconds. */
  usualSeconds: z.number().optional(),
  /** ISO 8601, when it ended. */
  ended: z.string(),
  /** {@link buildId} when it began. */
  build: z.string(),
});

export type StoredResult = Readonly<z.infer<typeof stored>>;

const folderOf = (root: string): string => join(root, '.tools', 'campaigns');

/**
 * Keeps a result in place of the campaign's last one. Nothing is kept when the sources changed while it ran, or outside a git checkout: it
 * would be nobody's.
 *
 * @param build {@link buildId} when the campaign began
 * @returns whether it was kept
 */
export function keep(
  root: string,
  build: string | undefined,
  { campaign, result, seconds, isBrief }: Ran,
  ended: Date,
): boolean {
  if (build === undefined || build !== buildId(root)) return false;
  const { name, unit, done, seed, notes, findings } = result;
  const content: StoredResult = {
    ...{ name, title: campaign.title, unit, done, seed, notes: [...notes], findings: findings.length },
    ...{ seconds, ended: ended.toISOString(), build },
    ...(isBrief === true ? { usualSeconds: campaign.budgetMs(false) / 1000 } : {}),
  };
  mkdirSync(folderOf(root), { recursive: true });
  writeFileSync(join(folderOf(root), `${name}.json`), `${JSON.stringify(content, null, 2)}\n`);
  return true;
}

/** What is kept, of whatever build; a file that is not what {@link keep} writes is passed over. */
export function kept(root: string): readonly StoredResult[] {
  return namesIn(folderOf(root)).flatMap((file) => {
    const read = stored.safeParse(parsed(readFileSync(join(folderOf(root), file), 'utf8')));
    return read.success && file === `${read.data.name}.json` ? [read.data] : [];
  });
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
