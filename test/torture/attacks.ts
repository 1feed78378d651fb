/** Every attack of test/attack, by name, in a process of its own: what `./epurse test` runs too, counted and told here. */
import { sep } from 'node:path';
import { root } from '../runner/run.js';
import { runMocha, testFiles } from '../runner/mocha.js';
import type { MochaSuite } from '../runner/mocha.js';
import type { SuiteResult } from '../runner/result.js';
import { saysRefusal } from '../support/refusal-words.js';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.js';

const name = 'attacks';
const tick = 500;
const suite: MochaSuite = { suite: 'attacks', cwd: root, sources: ['test/attack'] };

export const campaign: Campaign = {
  name,
  title:
    'every attack there is a name for; each also where it succeeds: on a build without the check that stops it, or on the source design',
  unit: 'attacks',
  budgetMs: () => 180_000,
  run,
};

async function run({ seed, report }: CampaignOptions): Promise<CampaignResult> {
  // how many there are is known at the end only; the bar goes by time
  const clock = setInterval(() => report({ done: 0 }), tick);
  try {
    const weakened = testFiles(suite, false).filter((file) => file.includes(`${sep}weakened${sep}`));
    return judge(await runMocha(suite, false), weakened.length, seed);
  } finally {
    clearInterval(clock);
  }
}

/** @param weakened how many files perform an attack on a weakened build: it has to have succeeded that often */
export function judge({ passes, failures, skips }: SuiteResult, weakened: number, seed: number): CampaignResult {
  const replay = replayOf(name, seed);
  const findings = failures.map(({ test, message }) => {
    const [first = '', ...story] = message.split('\n');
    return { seed, where: `${test}: ${first}`, story, replay };
  });
  const onWeak = passes.filter(({ title }) => title.startsWith('succeeds where '));
  const onSource = passes.filter(({ title }) => title.startsWith('in Group 14’s protocol '));
  const onOurs = passes.filter((pass) => saysRefusal(pass.title) && !onWeak.includes(pass) && !onSource.includes(pass));
  const lost = weakened - onWeak.length;
  if (lost > 0) {
    const where = `on ${lost} of ${weakened} weakened builds nothing succeeded: what they lack is not shown to matter`;
    findings.push({ seed, where, story: [], replay });
  }
  const notes = [
    `${onOurs.length} refused by ours; ${onWeak.length} succeeded on weakened builds and ${onSource.length} on the source design, as they have to`,
    `${passes.length - onOurs.length - onWeak.length - onSource.length} more show that what is right goes through`,
    ...skips.map(({ test, reason }) => `left out: ${test}: ${reason}`),
  ];
  const done = onOurs.length + onWeak.length + onSource.length + failures.length;
  return { name, seed, unit: 'attacks', done, isWhole: skips.length === 0, findings, notes };
}
