// Would the campaigns notice? Each is let loose on a system with one defect, has to find it, and says where.
import { expect } from 'chai';
import type { ClassTransformSpec } from 'jcardsim-ts-bridge';
import type { PosEffect } from '../../host/pos/types.js';
import { PosTerminal } from '../../host/pos/terminal.js';
import { doctoredCard, withoutCall, withoutCheck } from '../helpers/doctored.js';
import { creditOf } from '../tear/flows/loads.js';
import { smallDebit } from '../tear/flows/payments.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import type { AnyFlow } from '../tear/flow.js';
import type { CardSource } from '../tear/stage.js';
import { weakenedPrograms } from '../survival/stage/programs.js';
import type { Programs } from '../survival/stage/programs.js';
import type { CampaignOptions } from './campaign.js';
import { cutEverything } from './cuts.js';
import { Databases } from './databases.js';
import { suffer } from './kills.js';
import { tasksOn } from './kills/tasks.js';
import type { Suffered } from './kills/worker.js';
import { liveBesideModel, liveOnAllCores } from './model.js';

const options: CampaignOptions = { seed: 1, long: false, budgetMs: 20_000, report: () => undefined };

const debitCalls = (...calls: readonly string[]): ClassTransformSpec[] =>
  calls.map((call) => withoutCall('Payments.debit', call));

const credits = (source: CardSource): AnyFlow => creditOf(source, LoadType.load, 5_00n);

const defects: readonly {
  readonly what: string;
  readonly transforms: readonly ClassTransformSpec[];
  readonly flow: (source: CardSource) => AnyFlow;
  readonly where: RegExp;
}[] = [
  {
    what: 'the transaction is taken out of DEBIT [M5]',
    transforms: debitCalls('beginTransaction', 'commitTransaction'),
    flow: smallDebit,
    where: /debit at a known POS: neither old nor new nor named/,
  },
  {
    what: 'DEBIT commits only after its answer, where no power is any more [M4]',
    transforms: debitCalls('commitTransaction'),
    flow: smallDebit,
    where: /debit at a known POS/,
  },
  {
    what: 'the transaction is taken out of CREDIT [M3] [M5]',
    transforms: [withoutCall('Loads.apply', 'beginTransaction'), withoutCall('Loads.apply', 'commitTransaction')],
    flow: credits,
    where: /CREDIT of a load/,
  },
  {
    what: 'DEBIT leaves the figures as they are [M2]',
    transforms: [withoutCheck('PurseMemory.storeSpending')],
    flow: smallDebit,
    where: /debit at a known POS/,
  },
];

describe('The power-cut campaign', function () {
  this.timeout(120_000);

  for (const { what, transforms, flow, where } of defects) {
    it(`does not let it pass that ${what}`, async () => {
      const { findings } = await cutEverything([flow(await doctoredCard(`torture: ${what}`, transforms))], options);
      expect(findings.map((finding) => finding.where).join('\n')).to.match(where);
      expect(findings[0]?.replay).to.include('--seed 1');
    });
  }

  it('finds nothing on the applet as it is, until no cut leads to anything new', async () => {
    const { findings, done, notes } = await cutEverything([smallDebit(await doctoredCard('unchanged', []))], options);
    expect(findings).to.deep.equal([]);
    expect(done).to.be.greaterThan(10);
    expect(notes.join('\n')).to.include('1 of 1 reach nothing new');
  });
});

/** A POS that writes its order down when the answer is there: what was ordered without an answer, nobody knows of. */
function carelessPos(...given: Parameters<typeof PosTerminal.open>): PosTerminal {
  const pos = PosTerminal.open(...given);
  const careful = pos.performer.bind(pos);
  pos.performer = (...way) => {
    const perform = careful(...way);
    let unwritten: PosEffect | undefined;
    return async (effect) => {
      if (effect.do === 'journal' && effect.entry.entry === 'opened') {
        unwritten = effect;
        return { on: 'journal' };
      }
      const event = await perform(effect);
      if (unwritten !== undefined && event?.on !== 'lost') await perform(unwritten);
      unwritten = undefined;
      return event;
    };
  };
  return pos;
}

describe('The model campaign', function () {
  this.timeout(900_000);

  it('does not let it pass that a POS writes its journal after the order [M2]', async () => {
    const [finding] = (await liveBesideModel({ ...options, seed: 303, budgetMs: 6_000 }, carelessPos)).findings;
    expect(finding?.where).to.match(/executed-twice|POS|merchants/);
    expect(finding?.story.join('\n')).to.match(/card \d pays .* but .*the order that moves money/);
    expect(finding?.replay).to.include('--only model --seed 303');
  });

  it('agrees with the real system on a good POS in every one of 2,000 deeds, and in the evenings of their days', async () => {
    const { findings, done } = await liveOnAllCores({ ...options, budgetMs: 0 }, 2_000);
    expect(findings).to.deep.equal([]);
    expect(done).to.be.at.least(2_000);
  });
});

/** Payments in a shop whose terminals run these programs. The first row of this seed kills the POS when the card has its order. */
async function aShopSuffers(programs: Programs): Promise<Suffered | undefined> {
  const databases = await Databases.open();
  try {
    const database = databases.missing === undefined ? { database: await databases.fresh() } : {};
    const share = { number: 0, of: tasksOn(true).length };
    const until = Date.now() + 60_000;
    const job = { what: 'installation', seed: 'teeth 3', share, until, programs, ...database } as const;
    return (await suffer([job], () => undefined))[0];
  } finally {
    await databases.close();
  }
}

describe('The kills campaign', function () {
  this.timeout(120_000);

  it('does not let it pass that a POS writes its journal after the order [M2]', async () => {
    const careless = await weakenedPrograms([
      {
        module: 'host/pos/terminal.js',
        find: 'journal.append(effect.entry);',
        put: `this.unwritten ??= [];
          this.unwritten.push(effect.entry);
          if (effect.entry.entry !== 'opened') for (const entry of this.unwritten.splice(0)) journal.append(entry);`,
      },
    ]);
    const suffered = await aShopSuffers(careless);
    expect(suffered?.wrong?.message).to.match(/movements that people were told of|the balance was/);
    expect(suffered?.wrong?.story.join('\n')).to.match(/pos pay:\n.*killed at step \d+.*\n.*killed after/);
  });
});
