import { expect } from 'chai';
import { parseTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { day } from '../../host/protocol/codec/time.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { signerFor } from '../helpers/keys.js';
import { schemeId, terminal } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { SoftPos, totalsOf } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('A batch is refused', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;

  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('with a wrong total, and books nothing of it', async () => {
    pos.sell(card, 0, 3_50);
    const raised = totalsOf(pos.entries).map((total) => ({ ...total, soldAmount: total.soldAmount + 1n }));
    await expectRefusal(
      site.port.uploadBatch(pos.close({ totals: raised })),
      'rejected',
      /soldAmount is 351, the entries make 350/,
    );
    expect(await site.owed(pos)).to.equal(0n);
    expect(await site.results(pos)).to.deep.equal([]);
  });

  it('that leaves a transaction number out', async () => {
    pos.sell(card, 0, 3_50);
    pos.debit(card, 0, 1_00);
    pos.sell(card, 0, 2_00);
    await expectRefusal(site.port.uploadBatch(pos.close()), 'rejected', /tn is 3, 2 is due/);
  });

  it('that skips a batch number', async () => {
    pos.sell(card, 0, 3_50);
    await expectRefusal(
      site.port.uploadBatch(pos.close({ batchNumber: 2 })),
      'rejected',
      /batchNumber is 2, the next one is 1/,
    );
  });

  it('with a number that was used for another batch', async () => {
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    pos.sell(card, 0, 2_00);
    await expectRefusal(
      site.port.uploadBatch(pos.close({ batchNumber: 1 })),
      'conflict',
      /handed in before, with other content/,
    );
  });

  it('changed on the way', async () => {
    pos.sell(card, 0, 3_50);
    const { batch, ...rest } = pos.close();
    const changed = batch.slice();
    changed[20] = (changed[20] ?? 0) ^ 1;
    await expectRefusal(site.port.uploadBatch({ ...rest, batch: changed }), 'rejected', /not signed by the terminal/);
    await expectRefusal(
      site.port.uploadBatch({ ...rest, batch: batch.slice(0, -1) }),
      'rejected',
      /batch cannot be read/,
    );
  });

  it('[R7] of a terminal another CA certified', async () => {
    const foreign = await site.pos().then(({ identity }) => identity);
    const stranger = terminal(Role.pos, 'stranger', {
      ca: signerFor('another acquirer'),
      terminalId: foreign.certificate.terminalId,
    });
    const forged = new SoftPos(stranger, schemeId, site.clock.read);
    forged.sell(card, 0, 3_50);
    await expectRefusal(
      site.port.uploadBatch(forged.close()),
      'rejected',
      /signature of the certificate does not hold/,
    );
  });

  it('whose certificate had run out when it was closed', async () => {
    const old = await site.pos({ expiry: site.clock.now + day });
    old.sell(card, 0, 3_50);
    site.clock.advance(2 * day);
    await expectRefusal(site.port.uploadBatch(old.close()), 'rejected', /valid until/);
    await expectRefusal(site.port.uploadBatch(old.close({ closedAt: site.clock.now + 30 * day })), 'rejected');
  });

  it('that was closed in the future', async () => {
    pos.sell(card, 0, 3_50);
    await expectRefusal(
      site.port.uploadBatch(pos.close({ closedAt: site.clock.now + 3 * day })),
      'rejected',
      /closedAt lies in the future/,
    );
  });

  it('under the name of another terminal or merchant', async () => {
    const other = await site.pos();
    pos.sell(card, 0, 3_50);
    await expectRefusal(
      site.port.uploadBatch(pos.close({ terminalId: other.identity.certificate.terminalId })),
      'rejected',
      /terminalId is not/,
    );
    await expectRefusal(
      site.port.uploadBatch(pos.close({ merchantId: other.identity.certificate.merchantId })),
      'rejected',
      /merchantId is not/,
    );
    await expectRefusal(site.port.uploadBatch(pos.close({ scheme: 7 })), 'rejected', /another scheme/);
  });

  it('[R7] of a kiosk', async () => {
    const kiosk = new SoftPos(site.kiosk, schemeId, site.clock.read);
    await expectRefusal(site.port.uploadBatch(kiosk.close()), 'rejected', /Only a POS/);
  });

  it('of a terminal id that belongs to another key', async () => {
    const thief = terminal(Role.pos, 'thief', {
      terminalId: pos.identity.certificate.terminalId,
      merchantId: pos.identity.certificate.merchantId,
      expiry: site.clock.now + 80 * day,
      effective: site.clock.now - day,
    });
    const batch = new SoftPos(thief, schemeId, site.clock.read).close();
    await expectRefusal(site.port.uploadBatch(batch), 'conflict', /belongs to another key/);
    expect(parseTerminalCertificate(batch.terminalCertificate).terminalId).to.deep.equal(
      pos.identity.certificate.terminalId,
    );
  });
});
