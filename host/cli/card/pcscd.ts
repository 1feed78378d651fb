/**
 * A pcscd that stays when this program ends, for as long as one of this home's cards is in its reader. One that somebody
 * else started is used and left alone.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeError, findPcscd, openPcscd } from 'jcardsim-ts-bridge';
import type { Pcscd } from 'jcardsim-ts-bridge';

const daemon = '/usr/sbin/pcscd';
const startWithin = 5000;
const step = 50;

/** Finds or starts pcscd with its virtual readers. @throws BridgeError PcscdNotInstalled, VpcdNotInstalled, PcscdNotReady */
export async function keepPcscd(pidFile: string): Promise<Pcscd> {
  if ((await findPcscd()) === undefined) await writeFile(pidFile, `${await start()}\n`);
  return openPcscd();
}

async function start(): Promise<number> {
  if (!existsSync(daemon)) throw new BridgeError('PcscdNotInstalled', 'pcscd is not installed.');
  const child = spawn(daemon, ['--foreground'], { detached: true, stdio: 'ignore' });
  child.unref();
  const { pid } = child;
  for (let waited = 0; waited < startWithin && child.exitCode === null; waited += step) {
    if (pid !== undefined && (await findPcscd()) === pid) return pid;
    await sleep(step);
  }
  throw new BridgeError('PcscdNotReady', 'pcscd ended at once; it usually has to be started by root.');
}

/** Ends the pcscd that {@link keepPcscd} started, and no other. */
export async function endPcscd(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  await rm(pidFile, { force: true });
  // a pid may have gone to another program since
  if (pid > 0 && (await findPcscd()) === pid) process.kill(pid, 'SIGTERM');
}
