/** `epurse issuer verify`: nothing that was written has been changed since. */
import { fromHex } from '../../protocol/codec/bytes.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { verify } from '../jobs/verify.js';
import { sealLedger } from '../service/seal.js';
import type { ChainHead } from '../store/audit-chain.js';
import { withIssuer } from './with-issuer.js';

export async function issuerVerify(run: Run): Promise<Outcome> {
  const noted = notedHead(run.options['head'] as string | undefined);
  return withIssuer(run, async ({ issuer }) => {
    const { entries, head, flaw } = await verify(issuer, noted);
    if (flaw !== undefined)
      throw new Failure('log-changed', flaw, {
        moneyMoved: 'unknown',
        next: 'Stop settlement, keep the database as it is, and compare it with a backup: somebody changed it behind the issuer.',
      });
    run.out.say(`✓ audit log: ${entries} entries, head ${entries}:${head}`);
    run.out.say('✓ ledger: every event and transfer as it was booked');
    return { entries: Number(entries), head: `${entries}:${head}` };
  });
}

/** `epurse issuer seal`: binds the ledger as it stands to the audit log; settlement does it too. */
export function issuerSeal(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const sealed = await sealLedger(issuer, { kind: 'system', name: 'command line' });
    if (sealed === undefined) run.out.say('Nothing was booked since the last seal.');
    else run.out.say(`Seal ${sealed.seal}: ${sealed.owners} chains, ${sealed.root}`);
    return sealed === undefined ? { owners: 0 } : { ...sealed };
  });
}

/** @param text as `verify` prints it, NUMBER:HASH @throws Failure usage */
function notedHead(text: string | undefined): ChainHead | undefined {
  if (text === undefined) return undefined;
  const [, seq, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new Failure('usage', 'A head is a number, a colon, and 64 hexadecimal digits.', {
      next: 'Copy it from the output of an earlier `epurse issuer verify`.',
    });
  return { seq: BigInt(seq), hash: fromHex(hash) };
}
