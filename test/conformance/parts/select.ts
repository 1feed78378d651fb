/** What anybody may ask of any card; nothing is changed. */
import { expect } from 'chai';
import { apdu, clearAnswer } from '../../helpers/wire.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { classes } from '../../../host/protocol/generated/parameters.js';
import { select } from '../../../host/protocol/commands/select.js';
import { openRawSession } from '../../../host/protocol/session/raw.js';
import { bytesFor } from '../../helpers/keys.js';
import { failing } from '../../helpers/expectations.js';
import { LifeCycle } from '../../../host/protocol/generated/enums.js';
import { statusWords } from '../../../host/protocol/generated/status-words.js';
import { transportKeys } from '../../../host/protocol/session/keys.js';
import type { Story } from '../story.js';

export function selectPart(story: Story): void {
  it('answers SELECT with version and state, within 62 bytes', async () => {
    const selected = await select(await story.card());
    expect(selected.version).to.deep.equal({ major: 1, minor: 0 });
    expect(Object.values(LifeCycle)).to.include(selected.state);
  });

  it('gives protected commands nothing without a session [M6]', async () => {
    const link = await story.card();
    await select(link);
    for (const { ins, protection } of Object.values(commands)) {
      if (protection !== 'protected') continue;
      const { sw, data } = clearAnswer(
        await link.transmit(apdu(classes.protected, ins, 0, 0, bytesFor('no keys', 24))),
      );
      expect(sw).to.equal(statusWords.securityStatus.sw);
      expect(data).to.have.length(0);
    }
  });

  it('wants secure messaging for what is protected, and knows no other class [M6]', async () => {
    const link = await story.card();
    await select(link);
    for (const { ins, protection } of Object.values(commands)) {
      if (protection !== 'protected') continue;
      const { sw } = clearAnswer(await link.transmit(apdu(classes.plain, ins, 0, 0, bytesFor('plain', 24))));
      expect(sw).to.equal(statusWords.smMissing.sw);
    }
    const { sw } = clearAnswer(await link.transmit(apdu(0xb0, commands.DEBIT.ins, 0, 0)));
    expect(sw).to.equal(statusWords.claNotSupported.sw);
  });

  it('raw, opens no session under the keys of another batch [R3]', async () => {
    const link = await story.card();
    const { serial } = await select(link);
    if (!serial) return;
    const keys = transportKeys(bytesFor('another batch', 16), serial);
    await failing(openRawSession(link, { keys, terminalId: bytesFor('a desk', 8) }), 'transport-keys');
  });
}
