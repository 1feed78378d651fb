/** `epurse bench`: ratios and limits measured in one run, and the card-time model. Timing never decides whether a test passes. */
import type { Command } from 'commander';
import type { CommandLine } from '../../host/cli/command-line.js';
import { bridgeAgainstPlain, durablePayment } from './bridge.js';
import { measureFlows } from './flows.js';
import { pcscRoundTrip } from './pcsc.js';
import { summary, textReport } from './report.js';

export function register(program: Command, cli: CommandLine): void {
  program
    .command('bench')
    .description('measure: bridge against jCardSim, PC/SC round trip, what each flow costs a real card')
    .action(
      cli.action('summary', async ({ out }) => {
        const flows = await measureFlows();
        const measurements = {
          flows,
          durable: await durablePayment(),
          pcsc: await pcscRoundTrip(),
          bridge: await bridgeAgainstPlain(),
        };
        for (const line of textReport(measurements)) out.say(line);
        for (const { name, title, apdus, counts } of flows) out.event('flow', { name, title, apdus, counts });
        return summary(measurements);
      }),
    );
}
