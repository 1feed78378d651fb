/** `epurse issuer operator …`: who may sign in. Passwords are typed twice or read from a file, never taken from argv. */
import { readFileSync } from 'node:fs';
import { formatTime } from '../../protocol/codec/time.js';
import { Keyboard } from '../../terminal/keyboard.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { addOperator, disableOperator, listOperators, resetOperator } from '../operator/accounts.js';
import { operatorRoles } from '../operator/permissions.js';
import type { OperatorRole } from '../store/schema-operators.js';
import { withIssuer } from './with-issuer.js';

export async function operatorAdd(run: Run): Promise<Outcome> {
  const name = nameIn(run);
  const role = roleIn(run);
  const password = await newPassword(run);
  return withIssuer(run, async ({ issuer }) => {
    await addOperator(issuer, name, role, password);
    run.out.say(`${name} may sign in as ${role}.`);
    return { name, role };
  });
}

export function operatorList(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const operators = (await listOperators(issuer)).map(({ name, role, password_at, disabled_at }) => ({
      name,
      role,
      passwordSince: formatTime(Number(password_at)),
      disabled: disabled_at !== null,
    }));
    if (operators.length === 0)
      run.out.say('Nobody may sign in yet: ./epurse issuer operator add NAME --role operator');
    for (const { name, role, passwordSince, disabled } of operators)
      run.out.say(
        `${name.padEnd(20)} ${role.padEnd(10)} password since ${passwordSince}${disabled ? ', disabled' : ''}`,
      );
    return { operators };
  });
}

export function operatorDisable(run: Run): Promise<Outcome> {
  const name = nameIn(run);
  return withIssuer(run, async ({ issuer }) => {
    await disableOperator(issuer, name);
    run.out.say(`${name} is signed out and may not sign in any more; reset lets him in again.`);
    return { name };
  });
}

export async function operatorReset(run: Run): Promise<Outcome> {
  const name = nameIn(run);
  const password = await newPassword(run);
  return withIssuer(run, async ({ issuer }) => {
    await resetOperator(issuer, name, password);
    run.out.say(`${name} has a new password; sessions under the old one have ended.`);
    return { name };
  });
}

function nameIn({ args }: Run): string {
  return args[0] ?? '';
}

function roleIn({ options }: Run): OperatorRole {
  const { role = '' } = options as { role?: string };
  const known = operatorRoles.find((one) => one === role);
  if (known === undefined)
    throw new Failure('usage', `"${role}" is no role.`, { next: `There are ${operatorRoles.join(', ')}.` });
  return known;
}

async function newPassword(run: Run): Promise<string> {
  const { passwordFile } = run.options as { passwordFile?: string };
  if (passwordFile !== undefined) return firstLine(passwordFile);
  if (run.global.json === true || !process.stdin.isTTY)
    throw new Failure('usage', 'Nobody is here to type a password.', {
      next: 'Name a file that has it with --password-file.',
    });
  const first = await typed('Password: ');
  if (first === (await typed('Password, again: '))) return first;
  throw new Failure('usage', 'The two passwords differ.');
}

function firstLine(path: string): string {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split(/\r?\n/);
    return line;
  } catch (cause) {
    throw new Failure('file-missing', `The file ${path} cannot be read.`, {
      next: 'Nothing was done. Name a file that is there and may be read.',
      cause,
    });
  }
}

async function typed(prompt: string): Promise<string> {
  const keyboard = new Keyboard({ output: process.stderr });
  try {
    const answer = await keyboard.secret(prompt);
    if ('line' in answer) return answer.line;
    throw new Failure('interrupted', 'No password was typed.');
  } finally {
    keyboard.close();
  }
}
