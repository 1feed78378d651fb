/** `epurse torture`: the fault campaigns, one after the other, and one page of what they found. */
import type { Outcome, Run } from '../../host/cli/command-line.js';
import { Failure } from '../../host/terminal/outcome.js';
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import { foundInWords, readFound } from '../support/found.js';
import { asJson } from '../support/as-json.js';
import { campaignNamed, campaignNames } from './campaigns.js';
import { page } from './page.js';
import type { Ran } from './page.js';
import { keep } from './results.js';
import type { NotKept } from './results.js';
import { runCampaign, untilInterrupted } from './run.js';
import type { Settings } from './run.js';

export async function run({ out, options }: Run): Promise<Outcome> {
  if (options['list'] === true) return list(out);
  const settings = settingsOf(options);
  const names = namesOf(options['only'] as readonly string[] | undefined);
  out.say(`seed ${settings.seed}`);
  const ran: Ran[] = [];
  // once: what runs is what was built before this, whatever is saved meanwhile
  const build = buildId(root);
  const interrupt = new AbortController();
  // the second one ends the program at once
  process.once('SIGINT', () => interrupt.abort());
  const runOne = async (name: string): Promise<Ran> => runCampaign(await campaignNamed(name), settings);
  for await (const one of untilInterrupted(names, interrupt.signal, runOne)) {
    const notKept = keep(root, build, one, new Date());
    if (notKept !== undefined) out.say(`${one.campaign.name}: not kept for grade; ${inWords(notKept)}`);
    ran.push(one);
    out.event('campaign', asJson({ ...one.result, title: one.campaign.title, seconds: one.seconds }));
  }
  const findings = told(ran, out);
  if (findings > 0)
    throw new Failure('gave-way', `${findings} ${findings === 1 ? 'finding' : 'findings'}, seed ${settings.seed}.`, {
      next: 'Each finding above names the command that shows it again.',
    });
  const broken = names[ran.length];
  if (broken !== undefined) throw interrupted(broken, settings);
  return { seed: settings.seed, campaigns: names, findings };
}

/** The page, where there is something to be shown. @returns how many findings it has */
function told(ran: readonly Ran[], out: Run['out']): number {
  if (ran.length > 0) for (const line of page(ran, foundInWords(readFound(root)))) out.say(line);
  return ran.reduce((sum, { result }) => sum + result.findings.length, 0);
}

function interrupted(campaign: string, { seed }: Settings): Failure {
  return new Failure(
    'interrupted',
    `Interrupted in ${campaign}, which shows nothing, as does what would have come after it.`,
    { next: `./epurse torture --only ${campaign} --seed ${seed} begins it again.` },
  );
}

function inWords(notKept: NotKept): string {
  switch (notKept.why) {
    case 'nobody knows the build':
      return 'the sources changed meanwhile, or this is no git checkout';
    case 'an earlier finding':
      return `on these sources it found something with seed ${notKept.seed}: that stands until the same seed finds nothing in its usual time`;
  }
}

async function list(out: Run['out']): Promise<Outcome> {
  for (const name of campaignNames) out.say(`${name.padEnd(10)} ${(await campaignNamed(name)).title}`);
  return { campaigns: campaignNames };
}

function settingsOf(options: Run['options']): Settings {
  const given = { seed: options['seed'] as string | undefined, seconds: options['seconds'] as string | undefined };
  return {
    seed: given.seed === undefined ? Date.now() % 1_000_000 : wholeNumber('--seed', given.seed),
    long: options['long'] === true,
    ...(given.seconds === undefined ? {} : { budgetMs: 1000 * wholeNumber('--seconds', given.seconds, 1) }),
    screen: process.stderr,
  };
}

function wholeNumber(option: string, text: string, least = 0): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new Failure('usage', `${option} takes a whole number from ${least} on, not "${text}".`);
  return Number(text);
}

function namesOf(only: readonly string[] | undefined): readonly string[] {
  const unknown = only?.find((name) => !campaignNames.includes(name));
  if (unknown !== undefined)
    throw new Failure('usage', `There is no campaign "${unknown}".`, {
      next: `There are ${campaignNames.join(', ')}.`,
    });
  return only ?? campaignNames;
}
