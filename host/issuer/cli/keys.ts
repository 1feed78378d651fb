/** `epurse scheme seal|root …`: how keys are kept, and where the root is. */
import type { Outcome, Run } from '../../cli/command-line.js';
import { Failure } from '../../terminal/outcome.js';
import { resealParty } from '../pki/reseal.js';
import { exportRoot, importRoot } from '../pki/root.js';
import { schemeOf } from '../pki/scheme-init.js';
import { parties } from '../pki/unlock.js';
import type { Party } from '../pki/unlock.js';
import { newPassphrase, unlockFor } from './unlock.js';

export async function schemeSeal(run: Run): Promise<Outcome> {
  const party = partyIn(run.args[0]);
  const home = run.home();
  const scheme = schemeOf(home);
  const { passphrase, passphraseFile, newPassphraseFile } = run.options as Options;
  const opened = await unlockFor(run, [party], passphraseFile);
  const chosen =
    passphrase === true || newPassphraseFile !== undefined
      ? await newPassphrase(run, party, newPassphraseFile)
      : undefined;
  const { files, unlockFile } = resealParty(home, party, scheme.id, opened, chosen);
  for (const file of files) run.out.say(`Sealed: ${file}`);
  run.out.say(
    unlockFile === undefined
      ? 'Its passphrase opens it from now on; nobody can help who forgets it.'
      : `Its unlock secret is ${unlockFile}: keep it where the sealed file is not copied to.`,
  );
  return { party, files: [...files], ...(unlockFile === undefined ? {} : { unlockFile }) };
}

export async function rootExport(run: Run): Promise<Outcome> {
  const folder = folderIn(run);
  const home = run.home();
  const scheme = schemeOf(home);
  const { passphrase, passphraseFile, newPassphraseFile } = run.options as Options;
  const opened = await unlockFor(run, ['root'], passphraseFile);
  const chosen =
    passphrase === true || newPassphraseFile !== undefined
      ? await newPassphrase(run, 'root', newPassphraseFile)
      : undefined;
  await run.confirm(`Move the root key to ${folder} and remove it here?`);
  const { keyFile, unlockFile, point } = exportRoot(home, scheme, folder, opened, chosen);
  run.out.say(`The root key is in ${keyFile}, was opened there once, and is no longer here.`);
  if (unlockFile !== undefined)
    run.out.say(`Its unlock secret lies beside it (${unlockFile}): move it to a second medium.`);
  run.out.say('Everything daily works without it; a rotation of keys needs it.');
  return { keyFile, ...(unlockFile === undefined ? {} : { unlockFile }), root: point };
}

export async function rootImport(run: Run): Promise<Outcome> {
  const folder = folderIn(run);
  const home = run.home();
  const { passphrase, passphraseFile } = run.options as Options;
  const typed =
    passphrase === true || passphraseFile !== undefined
      ? (await unlockFor(run, ['root'], passphraseFile)).secretOf('root')
      : undefined;
  const { path } = importRoot(home, schemeOf(home), folder, typed);
  run.out.say(`The root key is in ${path} for the ceremony; export it again when that is done.`);
  return { keyFile: path };
}

interface Options {
  readonly passphrase?: boolean;
  readonly passphraseFile?: string;
  readonly newPassphraseFile?: string;
}

function partyIn(text: string | undefined): Party {
  const party = parties.find((one) => one === text);
  if (party !== undefined) return party;
  throw new Failure('usage', `"${text ?? ''}" is no party: ${parties.join(', ')}.`);
}

function folderIn(run: Run): string {
  const folder = run.args[0] ?? '';
  if (folder === '') throw new Failure('usage', 'The argument <folder> is missing.');
  return folder;
}
