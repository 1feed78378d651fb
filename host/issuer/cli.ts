/** `epurse scheme …` and `epurse issuer …`: the ceremony and the back office. */
import type { Command } from 'commander';
import type { CommandLine } from '../cli/command-line.js';
import type { Action } from './cli/action.js';
import { issuerBackup, issuerRestore } from './cli/backup.js';
import { issuerBlock, issuerUnblock } from './cli/cards.js';
import { registerBooks } from './cli/register-books.js';
import { operatorAdd, operatorDisable, operatorList, operatorReset } from './cli/operators.js';
import { registerDesk } from './cli/register-desk.js';
import { withIssuerFailures } from './cli/failures.js';
import { registerScheme } from './cli/scheme-commands.js';
import { issuerServe } from './cli/serve.js';
import { issuerShowEvent, issuerShowTrace } from './cli/show.js';
import { issuerSeal, issuerVerify } from './cli/verify.js';

export function register(program: Command, cli: CommandLine): void {
  const action: Action = (event, act) => cli.action(event, (run) => withIssuerFailures(() => act(run)));

  registerScheme(program, action);

  const issuer = program.command('issuer').description('back office');
  issuer
    .command('serve')
    .description('answer terminals over HTTPS')
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--port <number>', 'port; 0 takes a free one', '8420')
    .option('--name <names>', 'further host names of this machine, separated by commas')
    .option('--log <file>', 'where the log goes (default: standard error)')
    .option('--log-level <level>', 'fatal, error, warn, info, debug or silent', 'info')
    .action(action('issuer-serve', issuerServe));
  issuer
    .command('verify')
    .description('follow the hash chains: nothing that was written has been changed')
    .option('--head <number:hash>', 'a head of the audit log that was noted earlier, to be found again')
    .action(action('issuer-verify', issuerVerify));
  issuer
    .command('seal')
    .description('bind the ledger as it stands to the audit log; settlement does it too')
    .action(action('issuer-seal', issuerSeal));
  issuer
    .command('block')
    .argument('<card>', 'card number')
    .option('--reason <text>', 'kept with the entry', 'operator')
    .description('put a card on the hot list')
    .action(action('issuer-block', issuerBlock));
  issuer
    .command('unblock')
    .argument('<card>', 'card number')
    .description('take a card off the hot list; a desk then unblocks it')
    .action(action('issuer-unblock', issuerUnblock));
  issuer
    .command('backup')
    .argument('<file>', 'a new file')
    .description('everything the store holds, as of one moment')
    .action(action('issuer-backup', issuerBackup));
  issuer
    .command('restore')
    .argument('<file>', 'made by issuer backup')
    .description('fill an empty store from a backup, and compare')
    .action(action('issuer-restore', issuerRestore));
  const show = issuer.command('show').description('one entry of the books');
  show
    .command('event')
    .argument('<owner>', 'card or merchant')
    .argument('<event>', 'as the export and the dashboard name it: record-booked/7')
    .description('its transfers, its place in the chain, the request that booked it')
    .action(action('issuer-show-event', issuerShowEvent));
  show
    .command('trace')
    .argument('<trace>', '32 hexadecimal digits, from the log or from a refusal')
    .description('what a request left in the ledger and in the audit log')
    .action(action('issuer-show-trace', issuerShowTrace));
  registerBooks(issuer, action);

  const operator = issuer.command('operator').description('who may sign in at the dashboard');
  operator
    .command('add')
    .argument('<name>', 'small letters and digits')
    .option('--role <role>', 'teller, operator or auditor')
    .option('--password-file <file>', 'first line; typed twice without')
    .description('let somebody sign in')
    .action(action('operator-add', operatorAdd));
  operator.command('list').description('who may').action(action('operator-list', operatorList));
  operator
    .command('disable')
    .argument('<name>')
    .description('sign somebody out, and let him in no more')
    .action(action('operator-disable', operatorDisable));
  operator
    .command('reset')
    .argument('<name>')
    .option('--password-file <file>', 'first line; typed twice without')
    .description('new password; enabled, not locked')
    .action(action('operator-reset', operatorReset));
  registerDesk(issuer, action);
}
