/** `epurse scheme …`: the ceremony, and new certificates for terminals. */
import { toHex } from '../../protocol/codec/bytes.js';
import { formatTime, systemClock } from '../../protocol/codec/time.js';
import { roleNames } from '../../protocol/generated/enums.js';
import { terminalNames } from '../../terminal/identity.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { initScheme, schemeOf } from '../pki/scheme-init.js';
import type { EnrolledTerminal } from '../pki/terminals.js';
import { parseTokenUri } from '../pki/token/uri.js';
import { renewTerminal } from '../pki/renew.js';
import { newPassphrase, unlockFor } from './unlock.js';

interface InitOptions {
  readonly id?: string;
  readonly name?: string;
  readonly rootPassphraseFile?: string;
  readonly issuerToken?: string;
  readonly acquirerToken?: string;
}

export async function schemeInit(run: Run): Promise<Outcome> {
  const { id, name, rootPassphraseFile, issuerToken, acquirerToken } = run.options as InitOptions;
  const root = rootPassphraseFile === undefined ? undefined : await newPassphrase(run, 'root', rootPassphraseFile);
  const { scheme, terminals } = initScheme(run.home(), {
    ...(id === undefined ? {} : { id: schemeId(id) }),
    ...(name === undefined ? {} : { name: schemeName(name) }),
    ...(root === undefined ? {} : { passphrases: { root } }),
    tokens: {
      ...(issuerToken === undefined ? {} : { issuer: parseTokenUri(issuerToken).text }),
      ...(acquirerToken === undefined ? {} : { acquirer: parseTokenUri(acquirerToken).text }),
    },
  });
  run.out.say(`Scheme ${scheme.id} "${scheme.name}" is made in ${run.home().folder}.`);
  run.out.say(`  units      ${scheme.units.map((unit) => unit.name).join(', ')}`);
  for (const terminal of terminals) run.out.say(`  ${lineOf(terminal)}`);
  run.out.say('');
  run.out.say(
    `The root key is in ${run.home().path('root')}, sealed: ./epurse scheme root export FOLDER moves it to where no network reaches.`,
  );
  run.out.say('Next: ./epurse card new CARD, then ./epurse personalize --reader sim:CARD');
  return {
    scheme: scheme.id,
    name: scheme.name,
    units: scheme.units.map((unit) => unit.name),
    root: toHex(scheme.rootPoint),
    terminals: terminals.map(fieldsOf),
  };
}

export async function schemeRenew(run: Run): Promise<Outcome> {
  const name = run.args[0] ?? 'pos';
  checkTerminal(run, name);
  const unlock = await unlockFor(run, ['acquirer', 'issuer']);
  const renewed = renewTerminal(run.home(), schemeOf(run.home()), name, systemClock(), unlock);
  run.out.say(`Renewed: ${lineOf(renewed)}`);
  return fieldsOf(renewed);
}

/** @throws Failure usage for a terminal that this home does not have */
function checkTerminal(run: Run, name: string): void {
  const names = terminalNames(run.home());
  if (names.length === 0 || names.includes(name)) return;
  throw new Failure('usage', `There is no terminal "${name}" in ${run.home().folder}.`, {
    next: `There are: ${names.join(', ')}.`,
  });
}

function schemeId(text: string): number {
  const id = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > 0xffff) throw new Failure('usage', `"${text}" is not a scheme id: a number of 1 to 65535.`);
  return id;
}

function schemeName(text: string): string {
  if (new TextEncoder().encode(text).length > 64)
    throw new Failure('usage', 'The name of a scheme has at most 64 bytes.');
  return text;
}

function lineOf({ name, terminalId, role, expiry }: EnrolledTerminal): string {
  return `${name.padEnd(10)} ${toHex(terminalId)}, role ${roleNames[role]}, certificate until ${formatTime(expiry)}`;
}

function fieldsOf({ name, terminalId, role, expiry }: EnrolledTerminal) {
  return { name, terminalId: toHex(terminalId), role: roleNames[role], expires: formatTime(expiry) };
}
