/**
 * A pcscd that stays when this program ends, for as long as one of this home's cards is in its reader. One that somebody
 * else started is used and left alone.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { findPcscd, openPcscd } from 'jcardsim-ts-bridge';
import type { Pcscd } from 'jcardsim-ts-bridge';

/** Finds or starts pcscd with its virtual readers. @throws BridgeError PcscdNotInstalled, VpcdNotInstalled, PcscdNotReady */
export async function keepPcscd(pidFile: string): Promise<Pcscd> {
  const pcscd = await openPcscd({ detached: true });
  if (pcscd.ours) await writeFile(pidFile, `${pcscd.pid}\n`);
  return pcscd;
}

/** Ends the pcscd that {@link keepPcscd} started, and no other. */
export async function endPcscd(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  await rm(pidFile, { force: true });
  // a pid may have gone to another program since
  if (pid > 0 && (await findPcscd()) === pid) process.kill(pid, 'SIGTERM');
}
