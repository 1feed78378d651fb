import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Command line of a living process, its arguments behind spaces; undefined when there is none. Zombies count as dead. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return line === '' ? undefined : line.replaceAll('\0', ' ').trim();
  } catch {
    return process.platform === 'linux' ? undefined : askPs(pid);
  }
}

/**
 * Has a process ended, its files closed and its locks given back? Its command line is gone some moments earlier, and its first
 * thread may be a zombie while others still hold its files (proc(5): state is field 3 of stat, the count of threads field 20).
 */
export async function hasEnded(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return (await commandLineOf(pid)) === undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (stat === '') return true;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', threads = ''] = [fields[0], fields[17]];
  return (state === 'Z' || state === 'X') && Number(threads) <= 1;
}

async function askPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The number in a pid file; undefined when there is no file or no number in it. */
export async function readPidFile(path: string): Promise<number | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Asks again and again until the answer is something, or time is up. */
export async function waitFor<T>(within: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const pause = 20;
  for (const end = Date.now() + within; ; await sleep(pause)) {
    const answer = await ask();
    if (answer !== undefined || Date.now() >= end) return answer;
  }
}
