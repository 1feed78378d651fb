/** The commands of `epurse issuer …` about money and what is wrong with it. */
import type { Command } from 'commander';
import type { CommandLine, Outcome, Run } from '../../cli/command-line.js';
import { issuerExport, issuerReconcile, issuerReport, issuerSettle } from './books.js';
import { caseApprove, caseDismiss, caseList, caseShow } from './cases.js';

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
  issuer.command('report').description('where the money is').action(action('issuer-report', issuerReport));
  issuer
    .command('export')
    .argument('[file]', 'standard output without')
    .description('all transfers as CSV')
    .action(action('issuer-export', issuerExport));
  registerCases(issuer, action);
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
