/** ACTIVATE: raw to active. The card then erases the transport keys and the session ends. */
import type { RawSession } from '../session/session.js';
import { commands } from '../generated/commands.js';
import { exchange } from './exchange.js';

/** @throws CardError refused (reason missing: data missing or not matching), lost */
export async function activate(session: RawSession): Promise<void> {
  await exchange(session, commands.ACTIVATE, {});
  session.end();
}
