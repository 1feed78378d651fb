/** `epurse issuer terminal invite`: a terminal elsewhere may enrol itself, once, within a day. */
import { closeSync, rmSync, writeFileSync } from 'node:fs';
import type { Outcome, Run } from '../../cli/command-line.js';
import { fromHex } from '../../protocol/codec/bytes.js';
import { Role } from '../../protocol/generated/enums.js';
import { formatTime } from '../../protocol/codec/time.js';
import { terminalKinds } from '../../terminal/kinds.js';
import { Failure } from '../../terminal/outcome.js';
import type { Issuer } from '../service/context.js';
import { inviteTerminal, limitsOf } from '../service/enrolment.js';
import type { InvitedTerminal } from '../service/enrolment.js';
import { commandLine } from './desk.js';
import { newFile } from './new-file.js';
import { merchantIn } from './payouts.js';
import { withIssuer } from './with-issuer.js';

/** The token opens the door for whoever has it: it goes to a file, 0600, and to no screen. */
export async function terminalInvite(run: Run): Promise<Outcome> {
  const { tokenFile, role: name = 'pos' } = run.options as { tokenFile: string; role?: string };
  const known = Object.entries(terminalKinds).find(([one]) => one === name)?.[1];
  if (known === undefined)
    throw new Failure('usage', `"${name}" is no role of a terminal.`, { next: 'There are pos, kiosk and desk.' });
  const { merchant, invited } = known.role === Role.pos ? shopIn(run) : officeIn(run, known.role);
  return withIssuer(run, async ({ issuer }) => {
    const order = invited(issuer);
    const file = newFile(tokenFile, 'Its token may not have been used yet. Name a new file with --token-file.');
    const invitation = await inviteTerminal(issuer, order, commandLine).catch((error: unknown) => {
      rmSync(tokenFile);
      throw error;
    });
    const { terminalId, token, expiresAt } = invitation;
    writeFileSync(file, `${token}\n`);
    closeSync(file);
    const of = merchant === undefined ? '' : ` of merchant ${merchant}`;
    run.out.say(`The terminal ${terminalId}${of} (${name}) is invited until ${formatTime(expiresAt)}.`);
    run.out.say(`Hand over ${tokenFile} and ${run.home().path('ca.pem')}. There, with the address of issuer serve:`);
    run.out.say(`./epurse ${known.command} enrol --url https://HOST:8420 --ca ca.pem --token-file ${tokenFile}`);
    const shop = merchant === undefined ? {} : { merchant };
    return { terminal: terminalId, role: name, ...shop, expires: formatTime(expiresAt), tokenFile };
  });
}

interface Ordered {
  readonly merchant?: string;
  readonly invited: (issuer: Issuer) => InvitedTerminal;
}

/** A POS has a merchant, and limits. */
function shopIn(run: Run): Ordered {
  const merchant = merchantIn(run);
  const { limit } = run.options as { limit?: readonly string[] };
  if (limit === undefined)
    throw new Failure('usage', 'A POS has a limit.', { next: "Write it as --limit 'EUR 100.00', once for each unit." });
  const limits = limit.map(limitIn);
  const shop = { acquirerId: fromHex(merchant.slice(0, 8)), merchantId: fromHex(merchant.slice(8)) };
  return { merchant, invited: (issuer) => ({ role: Role.pos, ...shop, limits: limitsOf(issuer, limits) }) };
}

/** A kiosk or a desk is the issuer's own. */
function officeIn({ args, options }: Run, role: typeof Role.load | typeof Role.perso): Ordered {
  if (args.length > 0 || options['limit'] !== undefined)
    throw new Failure('usage', 'A kiosk or a desk has no merchant and no limit.', { next: 'Leave both out.' });
  return { invited: () => ({ role }) };
}

function limitIn(text: string): { readonly unit: string; readonly amount: string } {
  const [, unit, amount] = /^\s*([A-Za-z]{3})\s+(\S+)\s*$/.exec(text) ?? [];
  if (unit !== undefined && amount !== undefined) return { unit: unit.toUpperCase(), amount };
  throw new Failure('usage', `"${text}" is no limit.`, {
    next: "Write it as --limit 'EUR 100.00', once for each unit.",
  });
}
