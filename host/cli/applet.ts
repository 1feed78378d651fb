/**
 * `epurse applet …`: the applet on physical cards. The CAP builder, the Java Card SDK and GlobalPlatformPro are not ours and
 * not downloaded; each is given by path.
 */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { toHex } from '../protocol/codec/bytes.js';
import { aids } from '../protocol/generated/parameters.js';
import { installParameters, newSerial, readBatchKey } from '../terminal/raw-card.js';
import { check } from './applet/check.js';
import type { CommandLine, Outcome, Run } from './command-line.js';
import { required, runTool } from './tools.js';

const sources = {
  antJavacard: 'ant-javacard.jar comes from the releases of the project martinpaljak/ant-javacard on GitHub.',
  sdk: 'The Java Card Development Kit (3.1 or newer, target 3.0.4) comes from Oracle’s Java Card download page.',
  gp: 'gp.jar comes from the releases of the project martinpaljak/GlobalPlatformPro on GitHub.',
  cap: 'Build it with: ./epurse applet build --ant-javacard JAR --sdk FOLDER',
  ant: 'Apache Ant builds the CAP file; on Debian: sudo apt-get install ant',
} as const;

const cardKeys =
  'The card’s keys are read by gp.jar from the environment: GP_KEY, or GP_KEY_ENC, GP_KEY_MAC and GP_KEY_DEK; without them it takes the test keys.';

export function register(program: Command, cli: CommandLine): void {
  const applet = program.command('applet').description('the applet on a physical card');
  const cap = join(cli.folder, 'applet', 'target', 'epurse.cap');

  applet
    .command('check')
    .description('say whether the card in the reader can run the purse, as far as it tells without its keys')
    .action(cli.action('applet-check', check));

  applet
    .command('build')
    .description('make the CAP file')
    .option('--ant-javacard <jar>', 'ant-javacard.jar')
    .option('--sdk <folder>', 'Java Card Development Kit, 3.1 or newer')
    .option('--cap <file>', 'the file to make', cap)
    .action(cli.action('applet-build', (run) => build(run, cli.folder)));

  applet
    .command('install')
    .description('load the CAP file onto the card in the reader: a raw card, ready to be personalized')
    .option('--gp <jar>', 'gp.jar, GlobalPlatformPro')
    .option('--cap <file>', 'the CAP file', cap)
    .addHelpText('after', `\n${cardKeys}`)
    .action(cli.action('applet-install', install));

  applet
    .command('delete')
    .description('delete the applet and everything it holds from the card in the reader')
    .option('--gp <jar>', 'gp.jar, GlobalPlatformPro')
    .addHelpText('after', `\n${cardKeys}`)
    .action(cli.action('applet-delete', remove));
}

async function build(run: Run, folder: string): Promise<Outcome> {
  const { antJavacard, sdk, cap } = run.options as { antJavacard?: string; sdk?: string; cap: string };
  const jar = required('--ant-javacard', antJavacard, 'file', sources.antJavacard);
  const kit = required('--sdk', sdk, 'folder', sources.sdk);
  const file = resolve(cap);
  const settings = [`-Dantjavacard.jar=${jar}`, `-Djckit=${kit}`, `-Dcap=${file}`];
  await runTool(run, 'ant', 'ant', ['-f', join(folder, 'applet', 'build.xml'), ...settings], sources.ant);
  run.out.say(`Made ${file}`);
  return { cap: file };
}

async function install(run: Run): Promise<Outcome> {
  const { gp, cap } = run.options as { gp?: string; cap: string };
  const jar = required('--gp', gp, 'file', sources.gp);
  const file = required('--cap', cap, 'file', sources.cap);
  const serial = newSerial();
  const parameters = toHex(installParameters(readBatchKey(run.home()), serial));
  run.out.warn(
    'The card’s transport keys pass the command line of gp.jar, where other users of this machine could read them: install on a machine of your own.',
  );
  await runTool(
    run,
    'gp.jar',
    'java',
    ['-jar', jar, ...readerOf(run), '--install', file, '--params', parameters],
    cardKeys,
  );
  run.out.say(`Installed; the raw card has the serial ${toHex(serial)}. Next: ./epurse personalize`);
  return { serial: toHex(serial) };
}

async function remove(run: Run): Promise<Outcome> {
  const { gp } = run.options as { gp?: string };
  const jar = required('--gp', gp, 'file', sources.gp);
  await run.confirm('Delete the applet, and with it every key and balance it holds?');
  await runTool(run, 'gp.jar', 'java', ['-jar', jar, ...readerOf(run), '--delete', toHex(aids.package)], cardKeys);
  run.out.say('Deleted.');
  return undefined;
}

function readerOf(run: Run): readonly string[] {
  return run.global.reader === undefined ? [] : ['--reader', run.global.reader];
}
