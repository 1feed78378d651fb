// Power cuts between wrong PINs win nobody a try [M8] [R16].
import { expect } from 'chai';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import { pinTries } from '../../host/protocol/generated/parameters.js';
import { holderPin } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { knownCard } from './flows/common.js';
import { isPowerLost } from './cutter.js';
import { tearSource } from './source.js';
import { meet } from './stage.js';
import type { Stage } from './stage.js';

const start = knownCard(tearSource);
const wrongPin = '9999';

describe('Wrong PINs under power cuts [M8] [R16]', function () {
  this.timeout(60_000);

  it('block the card after the fifth, wherever power fails after each', async () => {
    const writes = await writesOfWrongPin();
    expect(writes).to.be.greaterThan(0);
    for (let cut = 1; cut <= writes; cut++) {
      const stage = await start();
      for (let left = pinTries - 1; left >= 0; left--) {
        await cutWrongPin(stage, cut);
        expect(await triesOf(stage), `cut before write ${cut}`).to.equal(left);
      }
      expect((await select(stage.card)).state).to.equal(LifeCycle.blocked);
    }
  });

  it('cost nothing where power fails before the first write, and then give no answer either', async () => {
    const stage = await start();
    for (let i = 0; i < 2 * pinTries; i++) {
      await cutWrongPin(stage, 0);
      expect(await triesOf(stage)).to.equal(pinTries);
    }
  });

  it('are counted through resets, sessions and power-offs without any cut', async () => {
    const stage = await start();
    for (let left = pinTries - 1; left >= 0; left--) {
      const { channel } = await meet(stage.card, stage, left % 2 === 0 ? 'pos' : 'kiosk');
      const { sw } = await tryWrong(channel);
      expect(sw).to.equal(0x63c0 | left);
      if (left % 2 === 0) await stage.card.card.reset();
      else {
        await stage.card.card.powerOff();
        await stage.card.card.powerOn();
      }
    }
    expect((await select(stage.card)).state).to.equal(LifeCycle.blocked);
  });

  it('refuse the right PIN after the fifth', async () => {
    const stage = await start();
    const { channel } = await meet(stage.card, stage, 'kiosk');
    for (let i = 0; i < pinTries; i++) await tryWrong(channel);
    await refused(verifyPin(channel, holderPin), 'blocked', 'lifeCycle');
  });

  it('give all tries back with the right PIN alone', async () => {
    const stage = await start();
    const { channel } = await meet(stage.card, stage, 'kiosk');
    for (let i = 0; i < pinTries - 1; i++) await tryWrong(channel);
    expect(await triesOf(stage)).to.equal(1);
    await verifyPin((await meet(stage.card, stage, 'kiosk')).channel, holderPin);
    expect(await triesOf(stage)).to.equal(pinTries);
  });
});

async function tryWrong(channel: { transmit(apdu: Uint8Array): Promise<Uint8Array> }): Promise<{ sw: number }> {
  const { ins, p1, p2 } = commands.VERIFY_PIN;
  const answer = await channel.transmit(Uint8Array.of(0x84, ins, p1, p2, 8, ...pinBlock(wrongPin), 0));
  return { sw: ((answer[answer.length - 2] ?? 0) << 8) | (answer[answer.length - 1] ?? 0) };
}

async function writesOfWrongPin(): Promise<number> {
  const stage = await start();
  await tryWrong((await meet(stage.card, stage, 'pos')).channel);
  return (await stage.card.card.counters()).persistentWrites;
}

async function cutWrongPin(stage: Stage, write: number): Promise<void> {
  const { channel } = await meet(stage.card, stage, 'pos');
  await stage.card.card.cutPowerAt(write);
  const error: unknown = await tryWrong(channel).then(
    () => new Error('power did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!isPowerLost(error)) throw error;
  await stage.card.card.powerOn();
}

/** The desk sees them on a blocked card, too. */
async function triesOf(stage: Stage): Promise<number> {
  return (await meet(stage.card, stage, 'desk')).s1.pinTries;
}
