/** From raw to active: GENERATE KEYS, every STORE DATA, ACTIVATE. A card that is still raw is personalized from the start [R3]. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { select } from '../../../host/protocol/commands/select.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LifeCycle } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { holderPin, personalize } from '../../helpers/personalize.js';
import { flow, stillRaw } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { meet, stageOf } from '../stage.js';
import type { CardSource, Stage } from '../stage.js';

export function personalization(source: CardSource): AnyFlow {
  return flow({
    name: 'personalization',
    start: stageOf(source, async () => ({ card: await source.take('raw'), pairs: {}, facts: undefined })),
    run: (link, { card }) => personalize(link, { cardId: card.cardId }),
    recover: async (link, { card }) => {
      if ((await select(link)).state === LifeCycle.raw) await personalize(link, { cardId: card.cardId });
    },
    finish: useIt,
    named: [stillRaw('GENERATE_KEYS'), stillRaw('STORE_DATA')],
    triesMayRise: true,
  });
}

/** Nothing happened in its life yet, and the holder's PIN is the one stored. */
async function useIt(link: CardChannel, stage: Stage): Promise<void> {
  const { channel, s1 } = await meet(link, stage, 'kiosk');
  expect(s1).to.include({ nt: 0, blocked: false, pinTries });
  await verifyPin(channel, holderPin);
}
