/** The words of `epurse issuer card|holder|product|parameters|terminal|keys`. */
import type { Command } from 'commander';
import type { Action } from './action.js';
import {
  cardAssign,
  cardAssigned,
  cardDestroy,
  cardRegister,
  cardRenewals,
  cardStock,
  holderEdit,
  holderFind,
  holderNew,
} from './desk.js';
import { terminalInvite } from './invite.js';
import { keysShow, parametersSet, parametersShow, productClose, productList, productNew } from './limits.js';
import { terminalHold, terminalRelease, terminalRevoke } from './terminals.js';

export function registerDesk(issuer: Command, action: Action): void {
  registerCards(issuer.command('card').description('stock of raw cards, orders for the desk, renewals'), action);
  registerHolders(issuer.command('holder').description('who has cards'), action);
  registerProducts(issuer, action);
  registerTerminals(issuer.command('terminal').description('terminals the issuer knows'), action);
  issuer
    .command('keys')
    .description('which keys are in use, and what runs out')
    .action(action('issuer-keys', keysShow));
}

function registerTerminals(terminal: Command, action: Action): void {
  terminal
    .command('invite')
    .argument('[merchant]', 'of a POS: acquirer and merchant, 16 hexadecimal digits')
    .option('--role <role>', 'pos, kiosk or desk', 'pos')
    .option('--limit <amount...>', "most a POS may take at once, such as 'EUR 100.00'; once for each unit")
    .requiredOption('--token-file <file>', 'a new file for its token, which serves once within a day')
    .description('let a POS, a kiosk or a desk elsewhere enrol itself')
    .action(action('terminal-invite', terminalInvite));
  terminal
    .command('revoke')
    .argument('<terminal>', 'terminal id')
    .requiredOption('--reason <text>', 'kept with it and in the audit log')
    .description('answer a terminal no more, and pay nothing it sells from now on')
    .action(action('terminal-revoke', terminalRevoke));
  terminal
    .command('hold')
    .argument('<terminal>', 'terminal id')
    .requiredOption('--reason <text>', 'kept with it and in the audit log')
    .description('settle nothing it claims until it is released; a kiosk or desk is not answered meanwhile')
    .action(action('terminal-hold', terminalHold));
  terminal
    .command('release')
    .argument('<terminal>', 'terminal id')
    .description('settle what it claims again')
    .action(action('terminal-release', terminalRelease));
}

function registerCards(card: Command, action: Action): void {
  card
    .command('register')
    .description('raw cards of a delivery enter the stock; from the first on, only these are issued')
    .option('--from <serial>', 'first serial')
    .option('--to <serial>', 'last serial')
    .option('--file <file>', 'a serial a line')
    .requiredOption('--delivery <name>', 'as on its papers')
    .action(action('card-register', cardRegister));
  card.command('stock').description('what is in the stock').action(action('card-stock', cardStock));
  card
    .command('destroy')
    .argument('<serial>', '16 hexadecimal digits')
    .requiredOption('--reason <text>', 'kept with it')
    .description('a card that is not in use was shredded or never arrived')
    .action(action('card-destroy', cardDestroy));
  card
    .command('assign')
    .argument('<file>', 'orders as CSV: holder, and holder_id, product, serial, replaces')
    .option('--out <file>', 'list for the desk', 'desk.csv')
    .description('check a file of orders whole, then give each a card of the stock')
    .action(action('card-assign', cardAssign));
  card
    .command('assigned')
    .requiredOption('--out <file>', 'a new file for the list')
    .description('the list again: cards that are assigned and wait for their holders at the desk')
    .action(action('card-assigned', cardAssigned));
  card
    .command('renewals')
    .option('--months <n>', 'that end within so many months', '3')
    .option('--out <file>', 'write an order file for their successors')
    .description('cards whose five years are over soon')
    .action(action('card-renewals', cardRenewals));
}

function registerHolders(holder: Command, action: Action): void {
  const fields = (command: Command): Command =>
    command
      .option('--iban <iban>', 'where unloads and closing balances are paid to, by file')
      .option('--account <account>', 'the same where it is no IBAN: what the funding port knows him by')
      .option('--reference <number>', "the operator's own number for this person")
      .option('--note <text>');
  fields(holder.command('new')).argument('<name>', 'as people write it').action(action('holder-new', holderNew));
  fields(holder.command('edit'))
    .argument('<holder>', 'holder id')
    .option('--name <name>')
    .action(action('holder-edit', holderEdit));
  holder.command('find').argument('<text>', 'part of a name, number or id').action(action('holder-find', holderFind));
}

function registerProducts(issuer: Command, action: Action): void {
  const product = issuer.command('product').description('kinds of cards');
  product
    .command('new')
    .argument('<name>', 'small letters, digits, hyphens')
    .option('--label <text>', 'as people know it')
    .option('--years <n>', 'how long a card lives')
    .action(action('product-new', productNew));
  product.command('close').argument('<name>').action(action('product-close', productClose));
  product.command('list').action(action('product-list', productList));

  const parameters = issuer.command('parameters').description('limits of a product, versioned, signed to each card');
  parameters
    .command('show')
    .option('--product <name>', 'product', 'standard')
    .action(action('parameters-show', parametersShow));
  parameters
    .command('set')
    .argument('<file>', 'JSON; what it leaves out stays')
    .option('--product <name>', 'product', 'standard')
    .action(action('parameters-set', parametersSet));
}
