/** Full and resumed sessions, and how they end. */
import { expect } from 'chai';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { presentCertificate } from '../../../host/protocol/commands/present-certificate.js';
import { select } from '../../../host/protocol/commands/select.js';
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { classes } from '../../../host/protocol/generated/parameters.js';
import { statusWords } from '../../../host/protocol/generated/status-words.js';
import { apdu, clearAnswer } from '../../helpers/wire.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { signerFor } from '../../helpers/keys.js';
import { lost } from '../../helpers/expectations.js';
import { openWith } from '../../helpers/cards.js';
import { refused } from '../../helpers/refused.js';
import { MemoryPairs, startTime, terminal } from '../../helpers/scheme.js';
import { Counted, terminals } from '../story.js';
import type { Story } from '../story.js';

export function sessionPart(story: Story): void {
  it('meets a terminal for the first time in five commands, the attempt to resume among them [R7]', async () => {
    const link = new Counted(await story.card());
    const session = await story.openOver(link, 'pos');
    expect(session.kind).to.equal('full');
    expect(toHex(session.s1.cardId)).to.equal(toHex(story.cardId));
    expect(link.instructions).to.deep.equal([
      commands.SELECT.ins,
      commands.OPEN_SESSION_RESUMED.ins,
      commands.PRESENT_CERTIFICATE.ins,
      commands.OPEN_SESSION_FULL.ins,
      commands.CONFIRM_SESSION.ins,
    ]);
  });

  it('knows it the next time: two commands', async () => {
    const link = new Counted(await story.card());
    expect((await story.openOver(link, 'pos')).kind).to.equal('resumed');
    expect(link.instructions).to.deep.equal([commands.SELECT.ins, commands.OPEN_SESSION_RESUMED.ins]);
  });

  it('never uses a nonce twice, through resets [R12]', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const link = await story.card();
      await select(link);
      for (let j = 0; j < 2; j++) {
        nonces.add(toHex(await presentCertificate(link, terminals.pos.certificate.bytes)));
      }
    }
    expect(nonces.size).to.equal(8);
  });

  it('refuses a terminal whose certificate another CA signed [R7] [R6]', async () => {
    const link = await story.card();
    await select(link);
    const forged = terminal(Role.pos, 'forged', { ca: signerFor('another CA') });
    await refused(presentCertificate(link, forged.certificate.bytes), 'incorrectData');
  });

  it('refuses a kiosk certified by the acquirer’s CA [R7]', async () => {
    const link = await story.card();
    await select(link);
    const { authority } = terminals.pos.certificate;
    const kiosk = terminal(Role.load, 'from the acquirer', { authority, ca: signerFor('posCa 1') });
    await refused(presentCertificate(link, kiosk.certificate.bytes), 'incorrectData');
  });

  it('shows nothing to whoever has a copied certificate only [R7]', async () => {
    const impostor = { ...terminals.pos, signer: signerFor('an impostor') };
    await refused(openWith(await story.card(), impostor, { pairs: new MemoryPairs() }), 'incorrectData');
  });

  it('ends the session with a wrong MAC, and with a command in clear [R9]', async () => {
    const link = await story.card();
    const session = await story.openOver(link, 'kiosk');
    await link.transmit(Uint8Array.of(0x84, commands.READ_LOG.ins, 3, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0));
    await lost(readTotals(session), 'no');
    const again = await story.openOver(link, 'kiosk');
    await link.transmit(Uint8Array.of(0x80, commands.READ_LOG.ins, 3, 0, 0));
    await lost(readTotals(again), 'no');
  });

  it('ends the session with a reset [R12]', async () => {
    const session = await story.open('desk');
    await readTotals(session);
    const link = await story.card();
    await select(link);
    const mac = new Uint8Array(8);
    const { sw } = clearAnswer(await link.transmit(apdu(classes.protected, commands.READ_LOG.ins, 3, 0, mac)));
    expect(sw).to.equal(statusWords.securityStatus.sw);
  });

  it('shows a POS nothing of a unit that it was not granted [R10]', async () => {
    const pointsOnly = terminal(Role.pos, 'points only', { limits: [] });
    const { s1 } = await openWith(await story.card(), pointsOnly);
    expect(s1.balance.amount).to.equal(0n);
    expect(s1.headroom?.transaction.amount).to.equal(0n);
    expect(s1.date).to.equal(startTime);
  });
}
