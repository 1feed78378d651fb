/** The commands of `epurse issuer …` about money and what is wrong with it. */
import type { Command } from 'commander';
import type { CommandLine, Outcome, Run } from '../../cli/command-line.js';
import { issuerExport, issuerReconcile, issuerSettle } from './books.js';
import {
  merchantAdd,
  merchantList,
  merchantSet,
  payoutAgain,
  payoutList,
  payoutMake,
  payoutStatus,
} from './payouts.js';
import { issuerReport } from './report.js';
import { caseApprove, caseDismiss, caseList, casePropose, caseShow } from './cases.js';

type Action = (event: string, act: (run: Run) => Promise<Outcome>) => ReturnType<CommandLine['action']>;

export function registerBooks(issuer: Command, action: Action): void {
  issuer
    .command('settle')
    .description("pay merchants, holders and given-up loads; the day's end")
    .action(action('issuer-settle', issuerSettle));
  issuer
    .command('reconcile')
    .option('--look', 'record nothing: open no case')
    .option('--verify-signatures', 'verify every stored signature of a card again')
    .description('check the books against themselves and what cards signed')
    .action(action('issuer-reconcile', issuerReconcile));
  issuer
    .command('report')
    .option('--format <format>', 'text, csv, html or pdf', 'text')
    .option('--out <file>', 'into a file')
    .option('--settlement <number>', 'this settlement in place of the day')
    .description('where the money is')
    .action(action('issuer-report', issuerReport));
  issuer
    .command('export')
    .argument('[file]', 'standard output without')
    .description('all transfers as CSV')
    .action(action('issuer-export', issuerExport));
  registerCases(issuer, action);
  registerPayouts(issuer, action);
  registerMerchants(issuer, action);
}

function registerCases(issuer: Command, action: Action): void {
  const cases = issuer.command('case').description('what findings ask a person to decide');
  cases
    .command('list')
    .option('--all', 'decided ones too')
    .description('open cases, oldest first')
    .action(action('issuer-case-list', caseList));
  cases
    .command('show')
    .argument('<case>', 'PARTY/KIND, as the list prints it')
    .description('findings and the proposed resolution')
    .action(action('issuer-case-show', caseShow));
  cases
    .command('propose')
    .argument('<case>', 'PARTY/KIND')
    .requiredOption(
      '--measures <file>',
      'JSON: a list such as [{"do": "hold-terminal", "terminalId": "…"}]; [] for nothing',
    )
    .option('--as <name>', 'operator who proposes; another approves')
    .description('propose something else than the system; nothing is done yet')
    .action(action('issuer-case-propose', casePropose));
  cases
    .command('approve')
    .argument('<case>', 'PARTY/KIND')
    .option('--as <name>', 'operator who approves; not the one who proposed')
    .option('--revision <text>', 'approve only what `show` showed')
    .description('book and list as proposed')
    .action(action('issuer-case-approve', caseApprove));
  cases
    .command('dismiss')
    .argument('<case>', 'PARTY/KIND')
    .option('--as <name>', 'operator who decides')
    .requiredOption('--reason <text>', 'kept with the case')
    .description('close it; nothing is done')
    .action(action('issuer-case-dismiss', caseDismiss));
}

function registerPayouts(issuer: Command, action: Action): void {
  const payout = issuer.command('payout').description('files to the bank (ISO 20022) and its answers');
  payout
    .command('make')
    .option('--out <file>', 'default: the message id, in this folder')
    .description('put everything ordered into the next file')
    .action(action('issuer-payout-make', payoutMake));
  payout
    .command('again')
    .argument('<number>', 'of a file made before')
    .option('--out <file>', 'default: the message id, in this folder')
    .description('the same file, byte for byte')
    .action(action('issuer-payout-again', payoutAgain));
  payout.command('list').description('files and what became of them').action(action('issuer-payout-list', payoutList));
  payout
    .command('status')
    .argument('<file>', 'pain.002')
    .description("take the bank's answer: paid, or returned and owed again")
    .action(action('issuer-payout-status', payoutStatus));
}

function registerMerchants(issuer: Command, action: Action): void {
  const merchant = issuer.command('merchant').description('who is paid, and where');
  const fields = (command: Command): Command =>
    command
      .argument('<merchant>', 'acquirer and merchant id, 16 hexadecimal digits')
      .option('--iban <iban>', 'account')
      .option('--bic <bic>', 'bank');
  fields(merchant.command('add'))
    .requiredOption('--name <name>', 'as on the account')
    .description('enter a merchant')
    .action(action('issuer-merchant-add', merchantAdd));
  fields(merchant.command('set'))
    .option('--name <name>', 'as on the account')
    .option('--hold <reason>', 'pay nothing until released')
    .option('--release', 'pay again')
    .description('change what is registered; what is not named stays')
    .action(action('issuer-merchant-set', merchantSet));
  merchant.command('list').description('all of them').action(action('issuer-merchant-list', merchantList));
}
