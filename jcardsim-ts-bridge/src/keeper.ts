import { rm } from 'node:fs/promises';
import { startBridge } from './bridge.js';
import type { BridgeOptions } from './connection.js';
import { BridgeError } from './errors.js';
import type { ReaderLink } from './insertion.js';
import { commandLineOf, hasEnded, readPidFile, waitFor } from './processes.js';
import type { CardSpec } from './spec.js';

/** A card that stays in a virtual reader when the program that put it there has ended. */
export interface KeepOptions {
  /** Image of the card, which stays locked while the keeper runs. */
  readonly file: string;
  readonly spec: CardSpec;
  readonly link: ReaderLink;
  /** Holds the keeper's pid while it runs. */
  readonly pidFile: string;
  readonly bridge?: BridgeOptions;
}

const mark = 'jcardsim.bridge.link.BridgeServer';
const stopWithin = 5000;

/**
 * Starts a process of its own that keeps a card inserted until {@link stopKeeper} (SIGTERM), or until the reader goes away.
 *
 * @returns the keeper's pid
 * @throws BridgeError KeeperRunning, ReaderUnreachable, ImageInUse and whatever starting a bridge and opening a card throw
 */
export async function keepInserted(options: KeepOptions): Promise<number> {
  // a stale file may name a pid that another program has by now, which the Java side would take for a keeper
  if ((await keeperPid(options.pidFile)) === undefined) await rm(options.pidFile, { force: true });
  const bridge = await startBridge(options.bridge);
  try {
    const card = await bridge.openCard({ file: options.file }, options.spec);
    await card.insert(options.link);
    await bridge.leaveRunning(options.pidFile);
    return bridge.pid;
  } catch (error) {
    await bridge.close();
    throw error;
  }
}

/** The pid of the living keeper that a pid file names; undefined for no file and for a stale one. */
export async function keeperPid(pidFile: string): Promise<number | undefined> {
  const pid = await readPidFile(pidFile);
  if (pid === undefined) return undefined;
  // a pid may have gone to another program since
  return (await commandLineOf(pid))?.includes(mark) ? pid : undefined;
}

/**
 * Ejects the card between two commands, saves it and ends its keeper. One that does not end within 5 s is killed: its card
 * loses power, and is saved as its last answer left it.
 *
 * @returns whether it ended by itself or had to be killed
 * @throws BridgeError KeeperNotRunning when no living keeper belongs to the file (a stale file is removed); NoAnswer when
 *   it cannot even be killed
 */
export async function stopKeeper(pidFile: string): Promise<'ended' | 'killed'> {
  const pid = await keeperPid(pidFile);
  if (pid === undefined) {
    await rm(pidFile, { force: true });
    throw new BridgeError('KeeperNotRunning', `No process keeps a card inserted under ${pidFile}.`);
  }
  const isGone = async (): Promise<true | undefined> => ((await hasEnded(pid)) ? true : undefined);
  process.kill(pid, 'SIGTERM');
  if (await waitFor(stopWithin, isGone)) return 'ended';
  process.kill(pid, 'SIGKILL');
  if (!(await waitFor(stopWithin, isGone))) throw new BridgeError('NoAnswer', `Process ${pid} cannot be ended.`);
  await rm(pidFile, { force: true });
  return 'killed';
}
