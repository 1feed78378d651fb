/** `epurse issuer terminal …`: out of service for ever, or held until somebody looked. */
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { holdTerminal, releaseTerminal } from '../service/terminal-holds.js';
import { revokeTerminal } from '../service/terminals.js';
import { commandLine } from './desk.js';
import { withIssuer } from './with-issuer.js';

export async function terminalRevoke(run: Run): Promise<Outcome> {
  const terminal = terminalIn(run);
  return withIssuer(run, async ({ issuer }) => {
    const revoked = await revokeTerminal(issuer, terminal, reasonIn(run), commandLine);
    run.out.say(
      revoked ? `The terminal ${terminal} is revoked: nothing it asks is answered.` : 'It was revoked before.',
    );
    run.out.say(
      'What it sold before may still be handed in. Cards speak to it until its certificate runs out; later sales are not paid.',
    );
    return { terminal, revoked };
  });
}

export async function terminalHold(run: Run): Promise<Outcome> {
  const terminal = terminalIn(run);
  return withIssuer(run, async ({ issuer }) => {
    const held = await holdTerminal(issuer, terminal, reasonIn(run), commandLine);
    run.out.say(held ? `The terminal ${terminal} is held: nothing it claims is settled.` : 'It was held before.');
    return { terminal, held };
  });
}

export async function terminalRelease(run: Run): Promise<Outcome> {
  const terminal = terminalIn(run);
  return withIssuer(run, async ({ issuer }) => {
    const released = await releaseTerminal(issuer, terminal, commandLine);
    run.out.say(released ? `The terminal ${terminal} is released: its claims are settled again.` : 'It was not held.');
    return { terminal, released };
  });
}

function terminalIn(run: Run): string {
  const id = (run.args[0] ?? '').replace(/\s/g, '').toLowerCase();
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  throw new Failure('usage', `"${run.args[0] ?? ''}" is not a terminal: 16 hexadecimal digits.`, {
    next: 'The dashboard lists them, and ./epurse issuer case list names those something was found out about.',
  });
}

function reasonIn(run: Run): string {
  return (run.options as { reason: string }).reason;
}
