/** VERIFY PIN and CHANGE PIN. Two wrong PINs came before, so that tries could go up where they must not [M8]. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { changePin } from '../../../host/protocol/commands/change-pin.js';
import { presentCertificate } from '../../../host/protocol/commands/present-certificate.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { select } from '../../../host/protocol/commands/select.js';
import { isCardError } from '../../../host/protocol/errors.js';
import { LifeCycle } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { holderPin } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { flow } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { meet, terminals } from '../stage.js';
import type { CardSource, Stage } from '../stage.js';
import { expectEuros, knownCard, livedOf } from './common.js';

const wrongPin = '9999';
const newPin = '135790';
const spent = 2;

export function pins(source: CardSource): AnyFlow[] {
  return [
    rightPin(source),
    oneWrongPin(source),
    otherPin(source),
    otherPinWithWrongOne(source),
    wrongPinsToTheEnd(source),
  ];
}

/** A card with two tries spent. */
function worn(source: CardSource): () => Promise<Stage<void>> {
  return knownCard(source, async (stage) => {
    const { channel } = await meet(stage.card, stage, 'pos');
    const gone = pinTries - livedOf(stage).totals.pinTries;
    for (let i = gone; i < spent; i++) await verifyPin(channel, wrongPin).catch(() => undefined);
  });
}

async function verify(link: CardChannel, stage: Stage, pin: string): Promise<void> {
  await verifyPin((await meet(link, stage, 'kiosk')).channel, pin);
}

function rightPin(source: CardSource): AnyFlow {
  return flow({
    name: 'VERIFY PIN, right',
    start: worn(source),
    run: (link, stage) => verify(link, stage, holderPin),
    finish: async (link, stage) => {
      expect((await meet(link, stage, 'kiosk')).s1.pinTries).to.equal(pinTries);
      await expectEuros(link, stage, 0n);
    },
    triesMayRise: true,
  });
}

/** A cut wins nobody a try; it may cost one. */
function oneWrongPin(source: CardSource): AnyFlow {
  const left = pinTries - spent;
  return flow({
    name: 'VERIFY PIN, wrong',
    start: worn(source),
    run: (link, stage) => wrong(verify(link, stage, wrongPin)),
    recover: () => Promise.resolve(),
    finish: async (link, stage) => {
      expect((await meet(link, stage, 'kiosk')).s1.pinTries).to.be.within(left - 1, left);
      await expectEuros(link, stage, 0n);
    },
  });
}

/** Lost answer: either PIN may be the right one, and the holder is asked for the new one first. */
function otherPin(source: CardSource): AnyFlow {
  return flow({
    name: 'CHANGE PIN',
    start: worn(source),
    run: async (link, stage) => changePin((await meet(link, stage, 'kiosk')).channel, holderPin, newPin),
    recover: async (link, stage) => {
      const { channel } = await meet(link, stage, 'kiosk');
      await verifyPin(channel, newPin).catch(async (error: unknown) => {
        if (!isCardError(error, 'refused')) throw error;
        await changePin(channel, holderPin, newPin);
      });
    },
    finish: async (link, stage) => {
      await verify(link, stage, newPin);
      await wrong(verify(link, stage, holderPin));
      await verify(link, stage, newPin);
      await expectEuros(link, stage, 0n);
    },
    triesMayRise: true,
  });
}

function otherPinWithWrongOne(source: CardSource): AnyFlow {
  return flow({
    name: 'CHANGE PIN, wrong',
    start: worn(source),
    run: async (link, stage) => wrong(changePin((await meet(link, stage, 'kiosk')).channel, wrongPin, newPin)),
    recover: () => Promise.resolve(),
    finish: async (link, stage) => {
      await verify(link, stage, holderPin);
      await expectEuros(link, stage, 0n);
    },
    triesMayRise: true, // in its end only, which has the right PIN
  });
}

/** Somebody guesses until the card blocks, whatever power does in between: it ends after five guesses at the most [R16]. */
function wrongPinsToTheEnd(source: CardSource): AnyFlow {
  return flow({
    name: 'VERIFY PIN, wrong until the card blocks',
    start: knownCard(source),
    run: async (link, stage) => {
      for (let guesses = 0; (await select(link)).state !== LifeCycle.blocked; guesses++) {
        expect(guesses, 'guesses').to.be.lessThan(pinTries);
        await wrong(verify(link, stage, wrongPin));
      }
    },
    finish: async (link, stage) => {
      expect((await select(link)).state).to.equal(LifeCycle.blocked);
      await refused(presentCertificate(link, terminals.kiosk.certificate.bytes), 'blocked');
      expect((await meet(link, stage, 'desk')).s1.pinTries).to.equal(0);
    },
  });
}

/** Refused as a wrong PIN; whatever else happens comes through. */
async function wrong(attempt: Promise<unknown>): Promise<void> {
  const error = await attempt.then(
    () => new Error('a wrong PIN was taken'),
    (thrown: unknown) => thrown,
  );
  if (!isCardError(error, 'refused') || error.pinTriesLeft === undefined) throw error;
}
