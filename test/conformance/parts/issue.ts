/** From raw to active, with the card taken away half-way. */
import { expect } from 'chai';
import { activate } from '../../../host/protocol/commands/activate.js';
import { exchange } from '../../../host/protocol/commands/exchange.js';
import { generateKeys } from '../../../host/protocol/commands/generate-keys.js';
import { select } from '../../../host/protocol/commands/select.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { DataGroup, LifeCycle } from '../../../host/protocol/generated/enums.js';
import { openRawSession } from '../../../host/protocol/session/raw.js';
import { transportKeys } from '../../../host/protocol/session/keys.js';
import { isCardError } from '../../../host/protocol/errors.js';
import { pinBlock } from '../../../host/protocol/codec/pin.js';
import { bytesFor } from '../../helpers/keys.js';
import { personalize, rawSession, storeEverything } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { schemeId } from '../../helpers/scheme.js';
import type { Story } from '../story.js';

export function issuePart(story: Story): void {
  const { batchKey } = story.target;
  let serial: Uint8Array | undefined;

  it('makes its keys once, and shows the same public keys again [R5]', async () => {
    const link = await story.card();
    serial = (await select(link)).serial;
    await story.identify(link);
    const first = await generateKeys(await rawSession(link, batchKey));
    expect(await generateKeys(await rawSession(await story.card(), batchKey))).to.deep.equal(first);
  });

  it('is not active with data missing, whatever the desk says [R3]', async () => {
    const session = await rawSession(await story.card(), batchKey);
    await refused(activate(session), 'incorrectData', 'missing');
  });

  it('goes on after it was taken away half-way, and becomes active [R3]', async () => {
    const card = { cardId: story.cardId, batchKey, pin: story.pin };
    await storeEverything(await rawSession(await story.card(), batchKey), card);
    expect((await select(await story.card())).state).to.equal(LifeCycle.raw);
    await personalize(await story.card(), card);
    const { state, scheme, serial: shown } = await select(await story.card());
    expect({ state, scheme, shown }).to.deep.equal({ state: LifeCycle.active, scheme: schemeId, shown: undefined });
  });

  it('knows the transport keys no more [R4]', async () => {
    if (!serial) throw new Error('the serial was not seen');
    const link = await story.card();
    await select(link);
    const keys = transportKeys(batchKey, serial);
    const error: unknown = await openRawSession(link, { keys, terminalId: bytesFor('a desk', 8) }).catch(
      (e: unknown) => e,
    );
    expect(isCardError(error)).to.equal(true);
  });

  it('takes no data any more, even from a desk [R4]', async () => {
    const session = await story.open('desk');
    const pin = exchange(session, commands.STORE_DATA, { data: pinBlock('1111') }, { p1: DataGroup.pin, p2: 0 });
    await refused(pin, 'conditions', 'lifeCycle');
    await refused(generateKeys(session), 'conditions', 'lifeCycle');
  });
}
