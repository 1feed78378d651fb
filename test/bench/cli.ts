/** `epurse bench`, what it measures, one thing after the other. Timing never decides whether a test passes. */
import type { Outcome, Run } from '../../host/cli/command-line.js';
import { Failure } from '../../host/terminal/outcome.js';
import { bridgeAgainstPlain, durablePayment } from './bridge.js';
import { measureFlows } from './flows.js';
import { pcscRoundTrip } from './pcsc.js';
import { summary, textReport } from './report.js';

export async function run(given: Run): Promise<Outcome> {
  const what = given.args[0] ?? 'cards';
  switch (what) {
    case 'cards':
      return measureCards(given);
    case 'issuer':
      return (await import('./issuer/cli.js')).run(given);
    default:
      throw new Failure('usage', `There is nothing called "${what}" to measure.`, { next: 'Say issuer, or nothing.' });
  }
}

async function measureCards({ out }: Run): Promise<Outcome> {
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
}
