/** Batches that arrive while the day is settled: what they bring is in this settlement or in the next, and in one of them. */
import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';

const rounds = 4;

onEachDatabase('While the day is settled', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));

  /** What a settlement pays a merchant, what for, and what it took back. */
  const settled = async (pos: SoftPos): Promise<{ paid: bigint; sold: bigint; reversed: bigint }> => {
    const lines = (await settle(site.issuer)).merchants.filter(
      ({ merchant, paid }) => merchant === pos.merchant && paid.unit.name === 'EUR',
    );
    const sum = (of: (line: (typeof lines)[number]) => bigint): bigint =>
      lines.reduce((total, line) => total + of(line), 0n);
    return {
      paid: sum(({ paid }) => paid.amount),
      sold: sum(({ sold }) => sold.amount),
      reversed: sum(({ reversed }) => reversed.amount),
    };
  };

  it('[M1] a cancel that arrives is taken off once, in that settlement or in the next', async () => {
    const pos = await site.pos();
    const card = await site.fundedCard(400_00);
    for (let round = 0; round < rounds; round++) {
      pos.sell(card, 0, 7_00);
      await site.port.uploadBatch(pos.close());
      pos.cancel(card);
      const cancel = pos.close();
      pos.sell(card, 0, 20_00);
      const more = pos.close();
      const [during] = await Promise.all([settled(pos), site.port.uploadBatch(cancel)]);
      await site.port.uploadBatch(more);
      const after = await settled(pos);
      expect(during.sold + after.sold, 'sold').to.equal(27_00n);
      expect(during.reversed + after.reversed, 'taken back').to.equal(7_00n);
      expect(during.paid + after.paid, 'paid').to.equal(20_00n);
      expect(await site.owed(pos)).to.equal(0n);
    }
    expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal([]);
    expect(await site.differences()).to.deep.equal([]);
  });

  it('[M1] a sale that arrives is paid once, however many settle at once', async () => {
    const pos = await site.pos();
    const card = await site.fundedCard(400_00);
    for (let round = 0; round < rounds; round++) {
      pos.sell(card, 0, 5_00);
      const [one, , other] = await Promise.all([settled(pos), site.port.uploadBatch(pos.close()), settled(pos)]);
      const after = await settled(pos);
      expect(one.paid + other.paid + after.paid).to.equal(5_00n);
    }
    expect(await site.differences()).to.deep.equal([]);
  });
});
