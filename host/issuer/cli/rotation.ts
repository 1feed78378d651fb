/** `epurse scheme rotate|sign|install|drop`: keys of the scheme take turns. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Authority, authorityNames } from '../../protocol/generated/enums.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { schemeKey } from '../pki/keyring.js';
import { rootSigner } from '../pki/root.js';
import { installScheme, partyOf, proposalText, proposeRotation, schemeText, signProposal } from '../pki/rotate.js';
import { schemeOf } from '../pki/scheme-init.js';
import { withoutKey } from '../pki/succession.js';
import { SchemeError } from '../../protocol/scheme.js';
import type { SchemeFields } from '../../protocol/scheme.js';
import { unlockFor } from './unlock.js';

/** One call where the root is at hand; with `--proposal` a file for the machine that has it. */
export async function schemeRotate(run: Run): Promise<Outcome> {
  const authority = authorityIn(run.args[0]);
  const home = run.home();
  const unlock = await unlockFor(run, [partyOf(authority)]);
  const next = schemeKey(schemeOf(home), authority, 'next').keyId.version;
  await run.confirm(`Put the key ${authorityNames[authority]} ${next} in use, and make its successor?`);
  return propose(run, proposeRotation(home, authority, unlock), authorityNames[authority]);
}

/** Takes an earlier key out of the scheme: what it signed counts no more. */
export async function schemeDrop(run: Run): Promise<Outcome> {
  const authority = authorityIn(run.args[0]);
  const version = Number(run.args[1]);
  const fields = withoutKey(schemeOf(run.home()), authority, version);
  await run.confirm(`Drop the key ${authorityNames[authority]} ${version}? Cards that have not switched are refused.`);
  return propose(run, fields, authorityNames[authority]);
}

async function propose(run: Run, fields: SchemeFields, name: string): Promise<Outcome> {
  const home = run.home();
  const scheme = schemeOf(home);
  const { proposal } = run.options as { proposal?: string };
  const text = proposalText(scheme, fields);
  if (proposal !== undefined) {
    writeFileSync(proposal, text);
    run.out.say(`The proposal is in ${proposal}. Where the root key is: ./epurse scheme sign ${proposal} scheme.json`);
    return { key: name, proposal };
  }
  const signed = signProposal(scheme, text, rootSigner(home, scheme, await unlockFor(run, ['root'])));
  installScheme(home, schemeText(signed));
  run.out.say(`The new scheme file is in use here, with ${signed.keys.length} keys.`);
  run.out.say('Next: ./epurse scheme renew each terminal; restart issuer serve; copy scheme.json to other homes.');
  return { key: name, keys: signed.keys.length };
}

/** At the root: signs what follows the scheme file that lies beside it. */
export async function schemeSign(run: Run): Promise<Outcome> {
  const [proposal = '', target = ''] = run.args;
  const home = run.home();
  const scheme = schemeOf(home);
  const root = rootSigner(home, scheme, await unlockFor(run, ['root']));
  const signed = givenScheme(proposal, () => signProposal(scheme, textOf(proposal), root));
  const known = new Set(scheme.keys.map(({ keyId }) => `${authorityNames[keyId.authority]} ${keyId.version}`));
  const after = signed.keys.map(({ keyId }) => `${authorityNames[keyId.authority]} ${keyId.version}`);
  const added = after.filter((key) => !known.has(key));
  const dropped = [...known].filter((key) => !after.includes(key));
  for (const key of added) run.out.say(`new: ${key}`);
  for (const key of dropped) run.out.say(`dropped: ${key}`);
  await run.confirm('Sign this?');
  writeFileSync(target, schemeText(signed));
  run.out.say(`Signed: ${target}. Where it is to be used: ./epurse scheme install ${target}`);
  return { file: target, added, dropped };
}

export async function schemeInstall(run: Run): Promise<Outcome> {
  const file = run.args[0] ?? '';
  const { keys } = givenScheme(file, () => installScheme(run.home(), textOf(file)));
  run.out.say(`The scheme file is in use here, with ${keys.length} keys.`);
  return { keys: keys.length };
}

/** The file that was named is at fault, and not the home. @throws Failure key-refused */
function givenScheme<T>(file: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (!(cause instanceof SchemeError)) throw cause;
    throw new Failure('key-refused', `${file} is not used: ${cause.message}`, {
      next: 'Nothing was changed. scheme rotate --proposal writes what scheme sign reads, and that writes what is installed.',
      cause,
    });
  }
}

function authorityIn(name: string | undefined): Authority {
  const authority = Object.values(Authority).find((value) => authorityNames[value] === name);
  if (authority !== undefined) return authority;
  const names = Object.values(Authority).map((value) => authorityNames[value]);
  throw new Failure('usage', `"${name ?? ''}" is no key of a scheme: ${names.join(', ')}.`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-missing', `The file ${file} cannot be read.`, {
      next: 'Nothing was done. Name a file that is there and may be read.',
      cause,
    });
  }
}
