/** `epurse issuer terminal invite`: a POS elsewhere may enrol itself, once, within a day. */
import { closeSync, rmSync, writeFileSync } from 'node:fs';
import type { Outcome, Run } from '../../cli/command-line.js';
import { fromHex } from '../../protocol/codec/bytes.js';
import { Role } from '../../protocol/generated/enums.js';
import { formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import { inviteTerminal, limitsOf } from '../service/enrolment.js';
import { commandLine } from './desk.js';
import { newFile } from './new-file.js';
import { merchantIn } from './payouts.js';
import { withIssuer } from './with-issuer.js';

/** The token opens the door for whoever has it: it goes to a file, 0600, and to no screen. */
export async function terminalInvite(run: Run): Promise<Outcome> {
  const merchant = merchantIn(run);
  const { limit, tokenFile } = run.options as { limit: readonly string[]; tokenFile: string };
  const limits = limit.map(limitIn);
  return withIssuer(run, async ({ issuer }) => {
    const shop = {
      role: Role.pos,
      acquirerId: fromHex(merchant.slice(0, 8)),
      merchantId: fromHex(merchant.slice(8)),
      limits: limitsOf(issuer, limits),
    };
    const file = newFile(tokenFile, 'Its token may not have been used yet. Name a new file with --token-file.');
    const { terminalId, token, expiresAt } = await inviteTerminal(issuer, shop, commandLine).catch((error: unknown) => {
      rmSync(tokenFile);
      throw error;
    });
    writeFileSync(file, `${token}\n`);
    closeSync(file);
    run.out.say(`The terminal ${terminalId} of merchant ${merchant} is invited until ${formatTime(expiresAt)}.`);
    run.out.say(`Hand over ${tokenFile} and ${run.home().path('ca.pem')}. There, with the address of issuer serve:`);
    run.out.say(`./epurse pos enrol --url https://HOST:8420 --ca ca.pem --token-file ${tokenFile}`);
    return { terminal: terminalId, merchant, expires: formatTime(expiresAt), tokenFile };
  });
}

function limitIn(text: string): { readonly unit: string; readonly amount: string } {
  const [, unit, amount] = /^\s*([A-Za-z]{3})\s+(\S+)\s*$/.exec(text) ?? [];
  if (unit !== undefined && amount !== undefined) return { unit: unit.toUpperCase(), amount };
  throw new Failure('usage', `"${text}" is no limit.`, {
    next: "Write it as --limit 'EUR 100.00', once for each unit.",
  });
}
