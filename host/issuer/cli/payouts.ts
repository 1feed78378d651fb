/** `epurse issuer payout …` and `epurse issuer merchant …`: files to the bank, its answers, and whom it pays. */
import { readFileSync, writeFileSync } from 'node:fs';
import { formatMoney } from '../../protocol/codec/money.js';
import { formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { takeAnswers } from '../payout/answers.js';
import { fileAgain, listFiles, makeFile } from '../payout/files.js';
import type { PayoutFile } from '../payout/files.js';
import { StatusReportError, readStatusReport } from '../payout/pain002.js';
import type { StatusReport } from '../payout/pain002.js';
import type { Actor } from '../service/audit.js';
import { addMerchant, listMerchants, setHold, setMerchant } from '../service/merchants.js';
import type { MerchantEntry } from '../service/merchants.js';
import { withBooks, withIssuer } from './with-issuer.js';

const commandLine: Actor = { kind: 'system', name: 'command line' };

export function payoutMake(run: Run): Promise<Outcome> {
  return withBooks(run, async ({ issuer }) => {
    const file = await makeFile(issuer, commandLine);
    if (file !== undefined) return written(run, file);
    run.out.say('Nothing is ordered that is in no file yet.');
    return { file: 0 };
  });
}

export function payoutAgain(run: Run): Promise<Outcome> {
  const number = Number(run.args[0]);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Failure('usage', `"${run.args[0] ?? ''}" is no file number.`);
  return withIssuer(run, async ({ issuer }) => written(run, await fileAgain(issuer, number)));
}

function written(run: Run, { number, messageId, payments, totals, content }: PayoutFile): Outcome {
  const { out } = run.options as { out?: string };
  const path = out ?? `${messageId}.xml`;
  writeFileSync(path, content, { mode: 0o600 });
  run.out.say(
    `Pay-out file ${number}: ${payments} payments, ${totals.map(formatMoney).join(', ')}, written to ${path}.`,
  );
  return { file: number, messageId, payments, totals: totals.map(formatMoney), path };
}

export function payoutList(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const files = await listFiles(issuer.store.db);
    for (const { number, madeAt, payments, states } of files) {
      const parts = Object.entries(states).map(([state, count]) => `${count} ${state}`);
      run.out.say(`file ${number}, ${formatTime(madeAt)}: ${payments} payments (${parts.join(', ')})`);
    }
    if (files.length === 0) run.out.say('No pay-out file was made yet.');
    return {
      files: files.map(({ madeAt, states, ...file }) => ({
        ...file,
        madeAt: formatTime(madeAt),
        states: { ...states },
      })),
    };
  });
}

export function payoutStatus(run: Run): Promise<Outcome> {
  const report = statusIn(run.args[0] ?? '');
  return withBooks(run, async ({ issuer }) => {
    const taken = await takeAnswers(issuer, commandLine, report);
    run.out.say(
      `File ${taken.file}: ${taken.paid} paid, ${taken.returned} returned and owed again, ${taken.unchanged} unchanged.`,
    );
    if (taken.contradictions > 0)
      run.out.say(`${taken.contradictions} contradict what the bank said before: ./epurse issuer case list`);
    return { ...taken };
  });
}

function statusIn(path: string): StatusReport {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Failure('file-missing', `The file ${path} cannot be read.`, {
      next: 'Nothing was done. Name a file that is there and may be read.',
      cause,
    });
  }
  try {
    return readStatusReport(text);
  } catch (cause) {
    if (!(cause instanceof StatusReportError)) throw cause;
    throw new Failure('issuer-refused', `${path} is no answer of a bank: ${cause.message}`, {
      next: 'Nothing was booked. It has to be a pain.002 status report.',
      cause,
    });
  }
}

export function merchantAdd(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) =>
    told(run, await addMerchant(issuer, commandLine, merchantIn(run), fieldsIn(run))),
  );
}

export function merchantSet(run: Run): Promise<Outcome> {
  const { hold, release } = run.options as { hold?: string; release?: boolean };
  const merchant = merchantIn(run);
  const fields = fieldsIn(run);
  return withIssuer(run, async ({ issuer }) => {
    if (hold !== undefined) await setHold(issuer, commandLine, merchant, { reason: hold });
    if (release === true) await setHold(issuer, commandLine, merchant, undefined);
    if (Object.keys(fields).length > 0) return told(run, await setMerchant(issuer, commandLine, merchant, fields));
    run.out.say(
      `merchant ${merchant}: ${release === true ? 'pay-outs released' : hold === undefined ? 'nothing changed' : 'pay-outs held'}`,
    );
    return { merchant };
  });
}

export function merchantList(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const merchants = await listMerchants(issuer);
    for (const entry of merchants) run.out.say(lineOf(entry));
    if (merchants.length === 0) run.out.say('No merchant is registered.');
    return { merchants: merchants.map(fieldsOf) };
  });
}

function told(run: Run, entry: MerchantEntry): Outcome {
  run.out.say(lineOf(entry));
  return fieldsOf(entry);
}

function lineOf({ merchant, name, iban, held }: MerchantEntry): string {
  return `merchant ${merchant}  ${name}  ${iban ?? 'no account: not paid by file'}${held ? '  pay-outs held' : ''}`;
}

function fieldsOf({ merchant, name, iban, bic, held }: MerchantEntry) {
  return { merchant, name, iban: iban ?? null, bic: bic ?? null, held };
}

function fieldsIn(run: Run) {
  const { name, iban, bic } = run.options as { name?: string; iban?: string; bic?: string };
  return {
    ...(name === undefined ? {} : { name }),
    ...(iban === undefined ? {} : { iban }),
    ...(bic === undefined ? {} : { bic }),
  };
}

export function merchantIn(run: Run): string {
  const text = (run.args[0] ?? '').replace(/\s/g, '').toLowerCase();
  if (/^[0-9a-f]{16}$/.test(text)) return text;
  throw new Failure('usage', `"${run.args[0] ?? ''}" is no merchant: 16 hexadecimal digits, as settlements show it.`);
}
