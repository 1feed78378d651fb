/**
 * Credit transfers as a bank takes them: ISO 20022 pain.001.001.09 (CustomerCreditTransferInitiationV09). Element order, lengths
 * and choices are those of its message definition report. The same orders give the same bytes.
 */
import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { formatAmount, money, sum } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { bankText } from './text.js';

export const pain001Namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

export interface Party {
  readonly name: string;
  /** Compact, valid. */
  readonly iban: string;
  readonly bic?: string | undefined;
}

export interface CreditTransfer {
  /** At most 35 characters; comes back in the bank's answer. */
  readonly endToEndId: string;
  readonly money: Money;
  readonly creditor: Party;
  /** Read by the payee. */
  readonly remittance: string;
}

export interface CreditTransferFile {
  /** Unique for ever; at most 35 characters. */
  readonly messageId: string;
  /** Seconds. */
  readonly madeAt: number;
  readonly debtor: Party;
  readonly transfers: readonly CreditTransfer[];
}

/** One block for each currency: a control sum over two currencies says nothing, but the schema wants one in the header. */
export function pain001(file: CreditTransferFile): string {
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele(pain001Namespace, 'Document').ele('CstmrCdtTrfInitn');
  const header = root.ele('GrpHdr');
  text(header, 'MsgId', file.messageId);
  text(header, 'CreDtTm', isoTime(file.madeAt));
  text(header, 'NbOfTxs', String(file.transfers.length));
  text(header, 'CtrlSum', controlSum(file.transfers.map((one) => one.money)));
  text(header.ele('InitgPty'), 'Nm', bankText(file.debtor.name, 140));
  for (const code of new Set(file.transfers.map((one) => one.money.unit.code))) {
    block(
      root,
      file,
      file.transfers.filter((one) => one.money.unit.code === code),
    );
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function block(root: XMLBuilder, file: CreditTransferFile, transfers: readonly CreditTransfer[]): void {
  const currency = transfers[0]?.money.unit.name ?? '';
  const payment = root.ele('PmtInf');
  text(payment, 'PmtInfId', `${file.messageId}.${currency}`);
  text(payment, 'PmtMtd', 'TRF');
  text(payment, 'BtchBookg', 'true');
  text(payment, 'NbOfTxs', String(transfers.length));
  text(payment, 'CtrlSum', controlSum(transfers.map((one) => one.money)));
  if (currency === 'EUR') text(payment.ele('PmtTpInf').ele('SvcLvl'), 'Cd', 'SEPA');
  text(payment.ele('ReqdExctnDt'), 'Dt', isoTime(file.madeAt).slice(0, 10));
  text(payment.ele('Dbtr'), 'Nm', bankText(file.debtor.name, 70));
  text(payment.ele('DbtrAcct').ele('Id'), 'IBAN', file.debtor.iban);
  const agent = payment.ele('DbtrAgt').ele('FinInstnId');
  if (file.debtor.bic === undefined) text(agent.ele('Othr'), 'Id', 'NOTPROVIDED');
  else text(agent, 'BICFI', file.debtor.bic);
  text(payment, 'ChrgBr', currency === 'EUR' ? 'SLEV' : 'SHAR');
  for (const transfer of transfers) creditTransfer(payment, transfer);
}

function creditTransfer(
  payment: XMLBuilder,
  { endToEndId, money: amount, creditor, remittance }: CreditTransfer,
): void {
  const entry = payment.ele('CdtTrfTxInf');
  text(entry.ele('PmtId'), 'EndToEndId', endToEndId);
  entry.ele('Amt').ele('InstdAmt', { Ccy: amount.unit.name }).txt(formatAmount(amount));
  if (creditor.bic !== undefined) text(entry.ele('CdtrAgt').ele('FinInstnId'), 'BICFI', creditor.bic);
  text(entry.ele('Cdtr'), 'Nm', bankText(creditor.name, 70));
  text(entry.ele('CdtrAcct').ele('Id'), 'IBAN', creditor.iban);
  text(entry.ele('RmtInf'), 'Ustrd', bankText(remittance, 140));
}

function text(parent: XMLBuilder, name: string, value: string): void {
  parent.ele(name).txt(value);
}

/** Sum of the figures without regard to currency, as the definition says. */
function controlSum(amounts: readonly Money[]): string {
  const units = new Map(amounts.map(({ unit }) => [unit.code, unit.digits]));
  const digits = Math.max(...units.values());
  const total = amounts.reduce((all, { amount, unit }) => all + amount * 10n ** BigInt(digits - unit.digits), 0n);
  const text_ = total.toString().padStart(digits + 1, '0');
  return digits === 0 ? text_ : `${text_.slice(0, -digits)}.${text_.slice(-digits)}`;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';
}

/** What a file moves, unit by unit. */
export function totalsOf(transfers: readonly CreditTransfer[]): readonly Money[] {
  const codes = [...new Set(transfers.map((one) => one.money.unit.code))];
  return codes.map((code) => {
    const unit = unitByCode(code);
    const of = transfers.filter((one) => one.money.unit.code === code).map((one) => one.money);
    return of.length === 0 ? money(0n, unit) : sum(of, unit);
  });
}
