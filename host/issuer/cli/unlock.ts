/** Passphrases a person gives: typed at the prompt, or in a file that `--passphrase-file` names. Never in argv. */
import { existsSync } from 'node:fs';
import type { Run } from '../../cli/command-line.js';
import type { Home } from '../../terminal/home.js';
import { Keyboard } from '../../terminal/keyboard.js';
import { Failure } from '../../terminal/outcome.js';
import { needsSecret } from '../pki/party-keys.js';
import { secretIn, unlockFile, unlocking } from '../pki/unlock.js';
import type { Party, Unlocking } from '../pki/unlock.js';

/** The secrets for a call: a named file or the unlock file, else what a person at a console types. */
export async function unlockFor(run: Run, parties: readonly Party[], passphraseFile?: string): Promise<Unlocking> {
  const home = run.home();
  const typed: Partial<Record<Party, string>> = {};
  for (const party of parties) {
    if (passphraseFile !== undefined) typed[party] = secretIn(passphraseFile, party);
    else if (attended(run) && isLocked(home, party)) typed[party] = await askPassphrase(party);
  }
  return unlocking(home, typed);
}

/** Its keys need a secret, and no file has it. */
function isLocked(home: Home, party: Party): boolean {
  return needsSecret(home, party) && !existsSync(unlockFile(home, party));
}

const shortest = 12;

/**
 * A passphrase for sealing, typed twice or from a file.
 *
 * @throws Failure usage for one that is too short or was typed in two ways
 */
export async function newPassphrase(run: Run, party: Party, file: string | undefined): Promise<string> {
  const passphrase = file === undefined ? await typedTwice(run, party) : secretIn(file, party);
  if (passphrase.length >= shortest) return passphrase;
  throw new Failure('usage', `A passphrase has at least ${shortest} characters.`, {
    next: 'Six words drawn by dice are a good one.',
  });
}

async function typedTwice(run: Run, party: Party): Promise<string> {
  if (!attended(run))
    throw new Failure('usage', 'Nobody is here to type a passphrase.', {
      next: 'Name a file that has it with --passphrase-file.',
    });
  const first = await askPassphrase(party);
  if (first === (await askPassphrase(party, 'again'))) return first;
  throw new Failure('usage', 'The two passphrases differ.');
}

function attended({ global }: Run): boolean {
  return global.json !== true && process.stdin.isTTY;
}

async function askPassphrase(party: Party, again = ''): Promise<string> {
  const keyboard = new Keyboard();
  try {
    const typed = await keyboard.secret(`Passphrase of the ${party} keys${again === '' ? '' : `, ${again}`}: `);
    if ('line' in typed) return typed.line;
    throw new Failure('interrupted', 'No passphrase was typed.');
  } finally {
    keyboard.close();
  }
}
