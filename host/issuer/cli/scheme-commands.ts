/** The words of `epurse scheme`. */
import type { Command } from 'commander';
import type { Action } from './action.js';
import { rootExport, rootImport, schemeSeal } from './keys.js';
import { schemeDrop, schemeInstall, schemeRotate, schemeSign } from './rotation.js';
import { schemeInit, schemeRenew } from './scheme.js';

export function registerScheme(program: Command, action: Action): void {
  const scheme = program.command('scheme').description('root, issuer and acquirer keys, terminal certificates');
  scheme
    .command('init')
    .description('make a scheme in the home folder; an existing one is never changed')
    .option('--id <number>', 'scheme id, 1 to 65535 (default: 1)')
    .option('--name <name>', 'name of the scheme')
    .option('--root-passphrase-file <file>', 'seal the root key under the passphrase in this file')
    .option('--issuer-token <uri>', "make the issuer's keys in this PKCS #11 token; its PIN is in unlock/issuer.key")
    .option('--acquirer-token <uri>', "make the acquirer's keys in this PKCS #11 token")
    .action(action('scheme-init', schemeInit));
  scheme
    .command('renew')
    .argument('[terminal]', 'folder below terminals/', 'pos')
    .description('give a terminal a new certificate; those of POS last 90 days')
    .action(action('scheme-renew', schemeRenew));
  withSecrets(scheme.command('seal'))
    .argument('<party>', 'root, issuer or acquirer')
    .description('seal keys made before keys were sealed, or change what opens them')
    .action(action('scheme-seal', schemeSeal));

  scheme
    .command('rotate')
    .argument('<key>', 'cardCa, terminalCa, posCa, credit or order')
    .option('--proposal <file>', 'write what the root is to sign, where the root is elsewhere')
    .description('put the published successor of a key in use, and make the next')
    .action(action('scheme-rotate', schemeRotate));
  scheme
    .command('drop')
    .argument('<key>', 'as for rotate')
    .argument('<version>', 'an earlier one')
    .option('--proposal <file>', 'as for rotate')
    .description('take an earlier key out of the scheme')
    .action(action('scheme-drop', schemeDrop));
  scheme
    .command('sign')
    .argument('<proposal>')
    .argument('<file>', 'signed scheme file to write')
    .description('at the root key: sign a proposal that follows the scheme file here')
    .action(action('scheme-sign', schemeSign));
  scheme
    .command('install')
    .argument('<file>', 'signed scheme file')
    .description('use a newer scheme file of the same root')
    .action(action('scheme-install', schemeInstall));

  const root = scheme.command('root').description('the root key: off this machine, and back for a ceremony');
  withSecrets(root.command('export'))
    .argument('<folder>', 'on a medium that goes into a safe')
    .description('move the root key to a folder; it is removed here')
    .action(action('root-export', rootExport));
  root
    .command('import')
    .argument('<folder>', 'where it was exported to')
    .option('--passphrase', 'it is sealed under a passphrase, asked at the prompt')
    .option('--passphrase-file <file>', 'the passphrase that opens it, in a file')
    .description('bring the root key back for a ceremony')
    .action(action('root-import', rootImport));
}

function withSecrets(command: Command): Command {
  return command
    .option('--passphrase', 'seal under a passphrase, asked at the prompt, instead of an unlock file')
    .option('--passphrase-file <file>', 'the secret that opens it now, in a file')
    .option('--new-passphrase-file <file>', 'seal under the passphrase in this file');
}
