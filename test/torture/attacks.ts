/** Every attack of test/attack, by name, in a process of its own: what `./epurse test` runs too, counted and told here. */
import { root } from '../runner/run.js';
import { runMocha } from '../runner/mocha.js';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.js';

const name = 'attacks';
const tick = 500;

export const campaign: Campaign = {
  name,
  title: 'every attack there is a name for; some also on applets without the check that stops them, where they succeed',
  unit: 'attacks',
  budgetMs: () => 180_000,
  run,
};

async function run({ seed, report }: CampaignOptions): Promise<CampaignResult> {
  // how many there are is known at the end only; the bar goes by time
  const clock = setInterval(() => report({ done: 0 }), tick);
  try {
    const suite = { suite: 'attacks', cwd: root, sources: ['test/attack'] };
    const { passes, failures, skips } = await runMocha(suite, false);
    const findings = failures.map(({ test, message }) => {
      const [first = '', ...story] = message.split('\n');
      return { seed, where: `${test}: ${first}`, story, replay: replayOf(name, seed) };
    });
    const onWeak = passes.filter(({ title }) => title.startsWith('succeeds where ')).length;
    const notes = [
      `${passes.length - onWeak} failed against ours, as they have to; ${onWeak} succeeded on weakened builds, as they have to`,
      ...skips.map(({ test, reason }) => `left out: ${test}: ${reason}`),
    ];
    return { name, seed, unit: 'attacks', done: passes.length + failures.length, isWhole: true, findings, notes };
  } finally {
    clearInterval(clock);
  }
}
