/**
 * One process at a time: a lock file that holds the owner's process id and start time. A lock whose owner has died is taken
 * over; the start time tells the owner from a later process with the same id (Linux; elsewhere the id alone counts).
 */
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { isSystemError } from './files.js';

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot; empty where the system does not tell. */
  readonly started: string;
}

export type LockResult = { readonly release: () => void } | { readonly busy: LockOwner };

/** Takes the lock, or says who has it. The lock ends with {@link LockResult} `release` or with this process. */
export function takeLock(path: string): LockResult {
  const me = ownIdentity();
  const mine = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(mine, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
  try {
    // linking is the atomic step: the lock appears with its content, or not at all
    for (;;) {
      if (linked(mine, path)) return { release: () => releaseIfMine(path, me) };
      const owner = ownerOf(path);
      if (owner === 'gone') continue;
      if (owner !== 'unreadable' && isAlive(owner)) return { busy: owner };
      removeDead(path, owner);
    }
  } finally {
    unlinkSync(mine);
  }
}

/** Who holds a lock now; undefined where it is free, or its owner has died. */
export function lockHolder(path: string): LockOwner | undefined {
  const owner = ownerOf(path);
  return typeof owner === 'object' && isAlive(owner) ? owner : undefined;
}

function linked(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  }
}

function ownerOf(path: string): LockOwner | 'gone' | 'unreadable' {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockOwner>;
    return typeof owner.pid === 'number' && typeof owner.started === 'string' ? (owner as LockOwner) : 'unreadable';
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 'gone';
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

/** Two processes may find the same dead owner; the one that moves aside a living lock puts it back. */
function removeDead(path: string, dead: LockOwner | 'unreadable'): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  const moved = ownerOf(aside);
  const same =
    typeof moved === 'object' && typeof dead === 'object'
      ? moved.pid === dead.pid && moved.started === dead.started
      : moved === dead;
  if (!same) linked(aside, path);
  unlinkSync(aside);
}

function releaseIfMine(path: string, me: LockOwner): void {
  const owner = ownerOf(path);
  if (typeof owner === 'object' && owner.pid === me.pid && owner.started === me.started) unlinkSync(path);
}

/** This process, as a lock of its own would name it. */
export function ownIdentity(): LockOwner {
  return { pid: process.pid, started: startOf(process.pid) };
}

export function isAlive(owner: LockOwner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isSystemError(error, 'ESRCH')) return false; // EPERM: alive, of another user
  }
  if (isEnded(owner.pid)) return false;
  return owner.started === '' || startOf(owner.pid) === owner.started;
}

/** Killed, and only waiting for its parent to take note: a container's first process may never do so. */
function isEnded(pid: number): boolean {
  return ['Z', 'X'].includes(statOf(pid)[0] ?? '');
}

/** Field 22 of /proc/PID/stat (proc(5)). */
function startOf(pid: number): string {
  return statOf(pid)[19] ?? '';
}

/** Fields of /proc/PID/stat (proc(5)) from the third on; the name in field 2 may hold spaces and brackets. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
