/** `epurse reload …`: the kiosk's loop, and one command for each thing a holder does there. */
import type { Command } from 'commander';
import type { CommandLine, Run } from '../cli/command-line.js';
import { Counter, amountOf, slotFor } from '../cli/terminals/counter.js';
import { registerEnrol } from '../cli/terminals/enrol.js';
import { LoadType, Role } from '../protocol/generated/enums.js';
import { pinPrompt } from '../terminal/prompts.js';
import { asFailureOf } from '../terminal/refusal.js';
import { doneFields, doneLines } from './done.js';
import { kioskLoop } from './loop.js';
import { KioskTerminal } from './terminal.js';
import type { ReloadOutcome, ReloadTask } from './types.js';
import { noticeLine, pinPurpose } from './words.js';
import type { Fields } from './words.js';

export function register(program: Command, cli: CommandLine): void {
  const reload = program.command('reload').description('reload kiosk: without more words, the unattended loop');
  const command = (name: string, description: string): Command => reload.command(name).description(description);
  const withAmount = (sub: Command): Command =>
    sub
      .requiredOption('--amount <amount>', 'such as 20.00')
      .option('--unit <name>', 'currency; the scheme’s first without');
  reload.action(cli.action('reload', (run) => atKiosk(run, kioskLoop), { movesMoney: true }));
  withAmount(command('load', 'load the card in the reader; needs the PIN')).action(
    cli.action('load', (run) => atKiosk(run, load(LoadType.load)), { movesMoney: true }),
  );
  withAmount(command('unload', 'pay out from the card to the holder’s account; needs the PIN')).action(
    cli.action('unload', (run) => atKiosk(run, load(LoadType.unload)), { movesMoney: true }),
  );
  command('cancel', 'give up the load that waits').action(
    cli.action('load-cancel', (run) => atKiosk(run, simple({ task: 'cancel' })), { movesMoney: true }),
  );
  command('balance', 'synchronise the card, show balances and the last records; needs the PIN').action(
    cli.action('balance', (run) => atKiosk(run, simple({ task: 'balance' })), { movesMoney: true }),
  );
  command('pin-change', 'choose another PIN; --pin-file holds the old one and the new one').action(
    cli.action('pin-change', (run) => atKiosk(run, simple({ task: 'change-pin' })), { movesMoney: true }),
  );
  command('finish', 'finish what an earlier visit left unfinished; needs no PIN').action(
    cli.action('finish', (run) => atKiosk(run, simple({ task: 'visit' })), { movesMoney: true }),
  );
  registerEnrol(reload, cli, 'kiosk');
}

type Act = (kiosk: KioskTerminal, counter: Counter) => Promise<Fields>;

function atKiosk(run: Run, act: Act): Promise<Fields> {
  return Counter.at(run, { name: 'kiosk', role: Role.load }, (counter) =>
    act(new KioskTerminal(counter.station), counter),
  );
}

function load(type: LoadType): Act {
  return (kiosk, counter) => {
    const { slot, unit } = slotFor(counter.station, counter.run.options['unit']);
    return serve(kiosk, counter, { task: 'load', type, slot, amount: amountOf(counter.run.options['amount'], unit) });
  };
}

function simple(task: ReloadTask): Act {
  return (kiosk, counter) => serve(kiosk, counter, task);
}

/** One card, one task. @throws Failure for a refusal, or for an end that nobody knows yet */
async function serve(kiosk: KioskTerminal, counter: Counter, task: ReloadTask): Promise<Fields> {
  await kiosk.station.refreshHotList();
  const pins = counter.pins();
  const prompt = pinPrompt(pinPurpose(task));
  const outcome = await counter.withCard((connection) =>
    kiosk.visit(connection, task, {
      show: (notice) => {
        if (notice.notice === 'outcome') return show(kiosk, counter, notice.outcome);
        const line = noticeLine(notice);
        if (line !== undefined) counter.out.say(line);
      },
      askPin: (triesLeft) => pins.ask(prompt(triesLeft)),
      askPinChange: async (triesLeft) => {
        const old = await pins.ask(prompt(triesLeft));
        const wanted = old === undefined ? undefined : await pins.ask('New PIN: ');
        return old === undefined || wanted === undefined ? undefined : { old, wanted };
      },
    }),
  );
  if (outcome.result === 'refused' || outcome.result === 'unresolved') throw asFailureOf(outcome.refusal);
  return { result: outcome.result, ...doneFields(kiosk.station.scheme, outcome) };
}

function show(kiosk: KioskTerminal, { out }: Counter, outcome: ReloadOutcome): void {
  if (outcome.result === 'refused' || outcome.result === 'unresolved') return; // thrown as a failure
  for (const line of doneLines(kiosk.station.scheme, outcome)) out.say(line);
  out.event(outcome.result, doneFields(kiosk.station.scheme, outcome));
}
