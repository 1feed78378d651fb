/** CONFIRM SESSION is the only command of a session that writes: the pair slot. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { pairSlots } from '../../../host/protocol/generated/parameters.js';
import { lastingTerminal } from '../../helpers/cards.js';
import { fullSession } from '../../helpers/wire.js';
import { flow, pairSlotEmpty } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { Recorder } from '../cutter.js';
import { meet } from '../stage.js';
import type { CardSource, Stage, TerminalName } from '../stage.js';
import { expectEuros, knownCard } from './common.js';

export function sessions(source: CardSource): AnyFlow[] {
  return [
    meetingAgain(source, 'full session of a terminal that the card knows', 0),
    meetingAgain(source, 'full session of a terminal that takes the oldest slot', pairSlots),
    flow({
      name: 'resumed session',
      start: knownCard(source),
      run: async (link, stage) => void (await meet(link, stage, 'pos')),
      finish: (link, stage) => expectEuros(link, stage, 0n),
    }),
  ];
}

/** @param strangers other terminals that come in between, and push out whom the card knew */
function meetingAgain(source: CardSource, name: string, strangers: number): AnyFlow {
  return flow({
    name,
    start: knownCard(source, async (stage) => {
      for (let i = 0; i < strangers; i++) {
        await fullSession(stage.card, lastingTerminal(Role.pos, `stranger ${i}`));
      }
      await meet(stage.card, stage, 'desk');
      await meet(stage.card, stage, 'rival');
    }),
    run: async (link, stage) => void (await meet(link, stage, 'pos', true)),
    finish: async (link, stage) => {
      await expectResumed(stage, 'pos');
      await expectResumed(stage, 'desk');
      await expectEuros(link, stage, 0n);
    },
    named: [pairSlotEmpty],
  });
}

/** Without a public-key operation. */
async function expectResumed(stage: Stage, name: TerminalName): Promise<void> {
  const link: CardChannel & Pick<Recorder, 'steps'> = new Recorder(stage.card);
  await meet(link, stage, name);
  expect(link.steps.map(({ ins }) => ins)).to.deep.equal([commands.SELECT.ins, commands.OPEN_SESSION_RESUMED.ins]);
}
