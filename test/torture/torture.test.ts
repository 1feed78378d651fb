// The frame of `epurse torture`: a campaign that found something, broke off or did nothing can never look like one that held.
import { expect } from 'chai';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignResult } from './campaign.js';
import { campaignNamed, campaignNames } from './campaigns.js';
import { page } from './page.js';
import type { Ran } from './page.js';
import { ProgressLine } from './progress.js';
import { runCampaign, untilInterrupted } from './run.js';

const silent = { write: () => true };
const settings = { seed: 7, long: false, screen: silent };
const held: CampaignResult = { name: 'toy', seed: 7, unit: 'cuts', done: 3, findings: [], notes: [] };

function toy(run: Campaign['run']): Campaign {
  return { name: 'toy', title: 'plays', unit: 'cuts', budgetMs: () => 1000, run };
}

describe('epurse torture', () => {
  it('shows what a campaign did that found nothing', async () => {
    const ran = await runCampaign(
      toy(() => Promise.resolve(held)),
      settings,
    );
    expect(ran.result.findings).to.deep.equal([]);
    expect(page([ran], 'nine before').join('\n'))
      .to.include('3 cuts')
      .and.to.include('nine before')
      .and.to.include('The purse held');
  });

  it('shows a finding with its story and the command that shows it again', async () => {
    const finding = { seed: 7, where: 'DEBIT', story: ['a cent came'], replay: replayOf('toy', 7, true) };
    const ran = await runCampaign(
      toy(() => Promise.resolve({ ...held, findings: [finding] })),
      settings,
    );
    expect(page([ran], 'nine before').join('\n'))
      .to.include('a cent came')
      .and.to.include('--only toy --seed 7 --long')
      .and.to.include('gave way: 1 finding');
  });

  it('does not take a campaign that broke off for one that held', async () => {
    const ran = await runCampaign(
      toy(() => Promise.reject(new Error('no simulator'))),
      settings,
    );
    expect(ran.result.findings.map(({ where }) => where)).to.deep.equal(['the campaign itself broke off']);
    expect(page([ran], 'nine before').join('\n')).to.include('no simulator');
  });

  it('does not take a campaign that did nothing for one that held', async () => {
    const ran = await runCampaign(
      toy(() => Promise.resolve({ ...held, done: 0 })),
      settings,
    );
    expect(ran.result.findings).to.have.length(1);
  });

  it('shows what was run whole before a Ctrl-C, and not the campaign that it broke', async () => {
    for (const how of ['endless', 'broken by it too']) {
      const interrupt = new AbortController();
      const second = (): Promise<CampaignResult> => {
        interrupt.abort();
        return how === 'endless' ? new Promise(() => undefined) : Promise.reject(new Error('its processes are gone'));
      };
      const run = (name: string): Promise<Ran> =>
        runCampaign(toy(name === 'first' ? () => Promise.resolve(held) : second), settings);
      const shown: CampaignResult[] = [];
      for await (const { result } of untilInterrupted(['first', 'second', 'third'], interrupt.signal, run))
        shown.push(result);
      expect(shown, how).to.deep.equal([held]);
    }
  });

  it('says of a campaign that was given less than its usual time that it was brief, however early it ended', async () => {
    const quick = toy(() => Promise.resolve(held));
    const brief = await runCampaign(quick, { ...settings, budgetMs: 900 });
    expect(page([brief], 'nine before').join('\n')).to.include('briefly: not all it does in its usual time, 1 s');
    expect((await runCampaign(quick, settings)).isBrief).to.equal(false);
  });

  it('says the same of one that did not do what it had set out to do, and never of one that did', async () => {
    const cut = toy(() => Promise.resolve({ ...held, isWhole: false }));
    expect((await runCampaign(cut, settings)).isBrief).to.equal(true);
    const whole = toy(() => Promise.resolve({ ...held, isWhole: true }));
    expect((await runCampaign(whole, { ...settings, budgetMs: 10 })).isBrief).to.equal(false);
  });

  it('refuses a campaign that there is not', async () => {
    const error: unknown = await campaignNamed('tickling').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RangeError);
  });

  it('knows each campaign by its own name', async () => {
    for (const name of campaignNames) expect((await campaignNamed(name)).name).to.equal(name);
  });

  it('draws a bar on a terminal, and cleans up behind itself', () => {
    const drawn: string[] = [];
    const line = new ProgressLine({ isTTY: true, columns: 80, write: (text) => drawn.push(text) }, 'toy', 1000);
    line.show({ done: 5, of: 10 });
    line.end();
    expect(drawn.join(''))
      .to.include('5 of 10')
      .and.to.satisfy((all: string) => all.endsWith('\r\u001b[2K'));
  });
});
