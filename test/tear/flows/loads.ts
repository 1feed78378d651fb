/** INIT LOAD, CREDIT, CANCEL LOAD. Each is simply done again. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { cancelLoad } from '../../../host/protocol/commands/cancel-load.js';
import { credit } from '../../../host/protocol/commands/credit.js';
import { getRecord } from '../../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LoadState, LoadType } from '../../../host/protocol/generated/enums.js';
import type { Authorisation } from '../../helpers/orders.js';
import { euroSlot, holderPin } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { startTime } from '../../helpers/scheme.js';
import { flow } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { meet } from '../stage.js';
import type { CardSource, Stage } from '../stage.js';
import { authoriseWith } from '../past.js';
import { eur, expectEuros, expectProof, knownCard, lastNt, livedOf, nextLoad, pendingLoad } from './common.js';

export function loads(source: CardSource): AnyFlow[] {
  return [
    init(source),
    creditOf(source, LoadType.load, 5_00n),
    creditOf(source, LoadType.unload, -5_00n),
    giveUp(source),
    giveUpTooLate(source),
  ];
}

/** The same load asked again gets the same counter; a cut never costs a second one. */
function init(source: CardSource): AnyFlow {
  const run = async (link: CardChannel, stage: Stage): Promise<Authorisation> => {
    const { channel } = await meet(link, stage, 'kiosk');
    await verifyPin(channel, holderPin);
    const request = { type: LoadType.load, slot: euroSlot, amount: eur(5_00n), time: startTime } as const;
    const { statement } = await initLoad(channel, request);
    return authoriseWith(livedOf(stage).keys, stage, statement);
  };
  return flow({
    name: 'INIT LOAD',
    start: knownCard(source),
    run: async (link, stage) => void (await run(link, stage)),
    finish: async (link, stage) => {
      const { fields, signature } = await run(link, stage);
      expect(fields.counter).to.equal(nextLoad(stage));
      await credit((await meet(link, stage, 'kiosk')).channel, fields, signature);
      await expectEuros(link, stage, 5_00n);
    },
    triesMayRise: true,
  });
}

/** Applied once, however often it is presented [M3]. */
export function creditOf(source: CardSource, type: LoadType, change: bigint): AnyFlow {
  return flow<Authorisation>({
    name: type === LoadType.load ? 'CREDIT of a load' : 'CREDIT of an unload',
    start: knownCard(source, (stage) => pendingLoad(stage, type)),
    run: async (link, stage) => void (await present(link, stage)),
    finish: async (link, stage) => {
      const proof = await present(link, stage);
      expect(proof.record).to.include({ nt: lastNt(stage) + 1, ref: nextLoad(stage) });
      const { channel } = await meet(link, stage, 'kiosk');
      expect((await getRecord(channel, lastNt(stage) + 1)).record).to.deep.equal(proof.record);
      expectProof(stage, proof);
      await expectEuros(link, stage, change);
    },
  });
}

async function present(link: CardChannel, stage: Stage<Authorisation>): ReturnType<typeof credit> {
  const { channel } = await meet(link, stage, 'kiosk');
  return credit(channel, stage.facts.fields, stage.facts.signature);
}

/** Once given up, the authorisation is worth nothing, and another load can be asked for. */
function giveUp(source: CardSource): AnyFlow {
  return flow<Authorisation>({
    name: 'CANCEL LOAD',
    start: knownCard(source, (stage) => pendingLoad(stage)),
    run: async (link, stage) => void (await cancelLoad((await meet(link, stage, 'kiosk')).channel, nextLoad(stage))),
    finish: async (link, stage) => {
      const { channel, s1 } = await meet(link, stage, 'kiosk');
      expect(s1.load).to.include({ counter: nextLoad(stage), state: LoadState.cancelled });
      expect((await cancelLoad(channel, nextLoad(stage))).kind).to.equal('statement');
      await refused(present(link, stage), 'conditions', 'noLoad');
      await pendingLoad(stage);
      await expectEuros(link, stage, 0n);
    },
  });
}

/** A credit that was applied cannot be given up: its record is the answer. */
function giveUpTooLate(source: CardSource): AnyFlow {
  return flow({
    name: 'CANCEL LOAD of a credited load',
    start: knownCard(source, async (stage) => {
      const facts = await pendingLoad(stage);
      await present(stage.card, { ...stage, facts });
    }),
    run: async (link, stage) => void (await cancelLoad((await meet(link, stage, 'kiosk')).channel, nextLoad(stage))),
    finish: async (link, stage) => {
      const end = await cancelLoad((await meet(link, stage, 'kiosk')).channel, nextLoad(stage));
      expect(end.kind).to.equal('credited');
      await expectEuros(link, stage, 5_00n);
    },
  });
}
