import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Outcome } from '../../host/protocol/generated/enums.js';
import { recordCodec } from '../../host/protocol/generated/structures.js';
import type { BatchEntryFields } from '../../host/protocol/generated/structures.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('A claim that does not hold is not paid, and names the terminal,', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;

  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  const entryOf = (changes: Partial<BatchEntryFields>) => async (): Promise<void> => {
    const proof = pos.debit(card, 0, 3_50);
    pos.note(Outcome.sold, proof, changes);
  };
  const claims: readonly [string, () => Promise<void>, string][] = [
    [
      'with a signature that does not hold',
      () => {
        const { s3, record, cardId } = pos.debit(card, 0, 3_50);
        const bad = s3.slice();
        bad[s3.length - 1] = (bad[s3.length - 1] ?? 0) ^ 1;
        pos.note(Outcome.sold, { cardId, record, s3: bad });
        return Promise.resolve();
      },
      'bad-proof',
    ],
    [
      '[M11] with a record that says another amount than was signed',
      () => {
        const { s3, record, cardId } = pos.debit(card, 0, 3_50);
        const raised = recordCodec.encode({ ...recordCodec.decode(record), amount: 9_50 });
        pos.note(Outcome.sold, { cardId, record: raised, s3 });
        return Promise.resolve();
      },
      'bad-proof',
    ],
    ['[M11] with another amount than its record', entryOf({ amount: 9_50 }), 'wrong-record'],
    ['with another NT than its record', entryOf({ ntSeen: 7 }), 'wrong-record'],
    ['with a record of another number', entryOf({ slot: 1 }), 'wrong-record'],
    [
      'with no signature for a record nobody else has sent',
      () => {
        const { record, cardId } = pos.debit(card, 0, 3_50);
        pos.note(Outcome.sold, { cardId, record, s3: new Uint8Array() });
        return Promise.resolve();
      },
      'bad-proof',
    ],
    [
      '[R15] with another card’s signature',
      async () => {
        const other = await site.card();
        const { record } = pos.debit(card, 0, 3_50);
        const { s3 } = other.signed(recordCodec.decode(record));
        pos.note(Outcome.sold, { cardId: card.cardId, record, s3 });
      },
      'bad-proof',
    ],
    ['of a card nobody issued', entryOf({ cardId: new Uint8Array(8).fill(9) }), 'unknown-card'],
  ];
  for (const [what, make, result] of claims) {
    it(what, async () => {
      await make();
      await site.port.uploadBatch(pos.close());
      expect(await site.results(pos)).to.deep.equal([result]);
      expect(await site.owed(pos)).to.equal(0n);
      expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal([result]);
    });
  }

  it('above the limit in its certificate', async () => {
    const small = await site.pos({ limits: [{ unit: 0x0978, limit: 2_00 }] });
    small.sell(card, 0, 3_50);
    await site.port.uploadBatch(small.close());
    expect(await site.results(small)).to.deep.equal(['above-limit']);
  });

  it('after the presentation window; the holder gets it back', async () => {
    pos.sell(card, 0, 3_50);
    site.clock.advance(31 * day);
    await site.port.uploadBatch(pos.close());
    expect(await site.results(pos)).to.deep.equal(['too-late']);
    site.clock.advance(31 * day);
    expect((await settle(site.issuer)).forfeited).to.be.at.least(1);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/holder/2`)?.money.amount).to.equal(3_50n);
  });

  it('twice', async () => {
    const proof = pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    const twin = await site.pos({ terminalId: pos.identity.certificate.terminalId.map((byte) => byte ^ 1) });
    twin.note(Outcome.sold, proof);
    await site.port.uploadBatch(twin.close({ lastTn: 1 }));
    expect(await site.results(twin)).to.deep.equal(['wrong-record']);
    expect(await site.owed(pos)).to.equal(3_50n);
  });
});
