/** From raw to active: GENERATE KEYS, every STORE DATA, ACTIVATE. A card that is still raw is personalized from the start [R3]. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { activate } from '../../../host/protocol/commands/activate.js';
import { select } from '../../../host/protocol/commands/select.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LifeCycle } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { holderPin, personalize, rawSession, storeEverything } from '../../helpers/personalize.js';
import { flow, stillRaw } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { meet, stageOf } from '../stage.js';
import type { CardSource, Stage } from '../stage.js';

export function personalization(source: CardSource): AnyFlow {
  return flow({
    name: 'personalization',
    start: stageOf(source, async () => ({
      card: await source.take('raw'),
      pairs: {},
      facts: undefined,
      lived: undefined,
    })),
    run: (link, { card }) => personalize(link, { cardId: card.cardId }),
    recover: async (link, { card }) => {
      if ((await select(link)).state === LifeCycle.raw) await personalize(link, { cardId: card.cardId });
    },
    finish: useIt,
    named: [stillRaw('GENERATE_KEYS'), stillRaw('STORE_DATA')],
    triesMayRise: true,
  });
}

/** Power failed in ACTIVATE, between the state and the transport keys: the next SELECT erases them, and may be cut in turn [R4]. */
export function tornErase(source: CardSource): AnyFlow {
  const prepared = stageOf(source, async () => {
    const card = await source.take('raw');
    const session = await rawSession(card);
    await storeEverything(session, { cardId: card.cardId });
    await card.card.cutPowerAt(1);
    await activate(session).catch(() => undefined);
    return { card, pairs: {}, facts: undefined, lived: undefined };
  });
  return flow({
    name: 'SELECT after ACTIVATE was cut',
    start: prepared,
    run: async (link) => {
      expect((await select(link)).state).to.equal(LifeCycle.active);
    },
    finish: async (link, stage) => {
      const { text } = await stage.card.persistentState();
      expect(text).to.match(/transportEncryption\.key\.storage\[0\] = 0+$/m);
      expect(text).to.match(/transportMac\.key\.storage\[0\] = 0+$/m);
      await useIt(link, stage);
    },
  });
}

/** Nothing happened in its life yet, and the holder's PIN is the one stored. */
async function useIt(link: CardChannel, stage: Stage): Promise<void> {
  const { channel, s1 } = await meet(link, stage, 'kiosk');
  expect(s1).to.include({ nt: 0, blocked: false, pinTries });
  await verifyPin(channel, holderPin);
}
