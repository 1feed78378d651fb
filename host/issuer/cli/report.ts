/** `epurse issuer report`: the day or one settlement, as text, CSV, HTML or PDF. */
import { writeFileSync } from 'node:fs';
import { moneyToJson } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { report } from '../jobs/report.js';
import { renderCsv } from '../reports/csv.js';
import { dailyReport } from '../reports/daily.js';
import type { ReportDocument } from '../reports/document.js';
import { renderHtml } from '../reports/html.js';
import { settlementReport } from '../reports/settlement.js';
import { renderText } from '../reports/text.js';
import type { Issuer } from '../service/context.js';
import { withIssuer } from './with-issuer.js';

const formats = ['text', 'csv', 'html', 'pdf'] as const;
type Format = (typeof formats)[number];

export function issuerReport(run: Run): Promise<Outcome> {
  const { format = 'text', out, settlement } = run.options as { format?: string; out?: string; settlement?: string };
  const wanted = formats.find((one) => one === format);
  if (wanted === undefined) throw new Failure('usage', `"${format}" is no format: ${formats.join(', ')}.`);
  if (wanted === 'pdf' && out === undefined) throw new Failure('usage', 'A PDF goes into a file: --out FILE.');
  const number = settlement === undefined ? undefined : settlementNumber(settlement);
  return withIssuer(run, async ({ issuer }) => {
    const document = number === undefined ? await dailyReport(issuer) : await settlementReport(issuer, number);
    const content = await rendered(document, wanted);
    if (out !== undefined) {
      writeFileSync(out, content, { mode: 0o600 });
      run.out.say(`${document.title} written to ${out}.`);
    } else for (const line of String(content).trimEnd().split(/\r?\n/)) run.out.say(line);
    return { format: wanted, ...(out === undefined ? {} : { file: out }), ...(await figures(issuer)) };
  });
}

async function rendered(document: ReportDocument, format: Format): Promise<string | Uint8Array> {
  switch (format) {
    case 'text':
      return renderText(document);
    case 'csv':
      return renderCsv(document);
    case 'html':
      return renderHtml(document);
    case 'pdf':
      // loaded when it is wanted: the library is larger than the rest of the command
      return (await import('../reports/pdf.js')).renderPdf(document);
  }
}

/** For scripts. */
async function figures(issuer: Issuer) {
  const result = await report(issuer);
  return {
    at: formatTime(result.at),
    accounts: result.accounts.map(({ account, money }) => ({ account, balance: moneyJson(money) })),
    cards: result.cards.map((line) => ({ ...line })),
    listedCards: result.listedCards,
    merchants: result.merchants.map(({ merchant, owed }) => ({ merchant, owed: moneyJson(owed) })),
    settlements: result.settlements.map((line) => ({
      ...line,
      settledAt: formatTime(line.settledAt),
      fee: moneyJson(line.fee),
      paid: moneyJson(line.paid),
    })),
    findings: result.findings,
  };
}

function settlementNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Failure('usage', `"${text}" is no number of a settlement.`);
  return Number(text);
}

function moneyJson(value: Money): { amount: string; unit: string } {
  return { ...moneyToJson(value) };
}
