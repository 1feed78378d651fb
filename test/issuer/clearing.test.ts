import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { block } from '../../host/issuer/service/listing.js';
import { partyBalances } from '../../host/issuer/store/ledger.js';
import { parseTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, Outcome, Role } from '../../host/protocol/generated/enums.js';
import { batchAcknowledgementCodec, recordCodec } from '../../host/protocol/generated/structures.js';
import type { BatchEntryFields } from '../../host/protocol/generated/structures.js';
import { keysOf } from '../../host/protocol/scheme.js';
import { verifyBatchAcknowledgement } from '../../host/protocol/signed/batch-acknowledgement.js';
import { signerFor } from '../helpers/keys.js';
import { scheme, schemeId, terminal } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { SoftPos, totalsOf } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';
import { sharedIssuer } from './shared.js';

describe('Clearing', () => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  const merchantOf = ({ identity: { certificate } }: SoftPos): string =>
    toHex(concat(certificate.acquirerId, certificate.merchantId));
  const owed = async (at: SoftPos = pos, unit = 'EUR'): Promise<bigint> => {
    const balances = await partyBalances(site.issuer.store.db, 'merchantsPayable');
    return balances.find((one) => one.party === merchantOf(at) && one.money.unit.name === unit)?.money.amount ?? 0n;
  };
  const results = async (at: SoftPos = pos): Promise<string[]> => {
    const rows = await site.issuer.store.db
      .selectFrom('batch_entry')
      .select('result')
      .where('terminal_id', '=', toHex(at.identity.certificate.terminalId))
      .orderBy('batch')
      .orderBy('tn')
      .execute();
    return rows.map(({ result }) => result);
  };

  before(async () => (site = await sharedIssuer()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.card();
    await site.load(card, 0, 100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('pays what was sold, once, and acknowledges with the same bytes as often as asked', async () => {
    pos.sell(card, 0, 3_50);
    pos.sell(card, 0, 1_00);
    const batch = pos.close();
    const first = await site.port.uploadBatch(batch);
    expect(await site.port.uploadBatch(batch)).to.deep.equal(first);
    expect(await owed()).to.equal(4_50n);
    expect(await site.shadow(card)).to.deep.equal([95_50, 0, 4]);
    const { batchNumber, terminalId } = batchAcknowledgementCodec.decode(first.acknowledgement);
    expect([batchNumber, terminalId]).to.deep.equal([1, pos.identity.certificate.terminalId]);
    const [key] = keysOf(scheme, Authority.order);
    const fields = batchAcknowledgementCodec.decode(first.acknowledgement);
    expect(verifyBatchAcknowledgement(fields, first.signature, key?.point ?? new Uint8Array())).to.equal(true);
  });

  it('settles a merchant once; the next run has only what came since', async () => {
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    const float = await site.account('float');
    const first = await settle(site.issuer);
    const mine = first.merchants.filter(({ merchant }) => merchant === merchantOf(pos));
    expect(mine.map(({ sales, paid }) => [sales, paid.amount])).to.deep.equal([[1, 3_50n]]);
    expect(await owed()).to.equal(0n);
    expect((await settle(site.issuer)).merchants).to.deep.equal([]);
    expect(float - (await site.account('float')) >= 3_50n).to.equal(true);
    pos.sell(card, 0, 2_00);
    await site.port.uploadBatch(pos.close());
    expect((await settle(site.issuer)).merchants.map(({ paid }) => paid.amount)).to.deep.equal([2_00n]);
  });

  it('takes points as a unit of their own', async () => {
    pos.sell(card, 0, 50_00);
    pos.sell(card, 2, 30);
    await site.port.uploadBatch(pos.close());
    expect(await owed(pos, 'PTS')).to.equal(30n);
    expect(await site.shadow(card)).to.deep.equal([50_00, 0, 20]);
    await settle(site.issuer);
    expect(await owed(pos, 'PTS')).to.equal(0n);
  });

  it('does not pay a cancelled sale', async () => {
    pos.sell(card, 0, 3_50);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(0n);
    expect(await results()).to.deep.equal(['noted', 'noted']);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
  });

  it('takes back from the merchant what he cancels after he claimed it, and nets it in the next settlement', async () => {
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    await settle(site.issuer);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(-3_50n);
    expect((await settle(site.issuer)).merchants).to.deep.equal([]);
    pos.sell(card, 0, 5_00);
    await site.port.uploadBatch(pos.close());
    const [line] = (await settle(site.issuer)).merchants;
    expect([line?.sold.amount, line?.reversed.amount, line?.paid.amount]).to.deep.equal([5_00n, 3_50n, 1_50n]);
  });

  it('[R13] convicts a merchant who settles what he cancelled, by his own signed order', async () => {
    const sale = pos.sell(card, 0, 3_50);
    const { proof } = pos.undo(card);
    await site.synchronise(card);
    pos.note(Outcome.void, proof, { tn: pos.lastTn, ntSeen: card.nt - 1 });
    expect(recordCodec.decode(sale.record).amount).to.equal(3_50);
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(0n);
    expect(await results()).to.deep.equal(['cancelled-but-claimed', 'noted']);
    expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal(['cancelled-but-claimed']);
    const orders = await site.issuer.store.db
      .selectFrom('cancel_order')
      .select(['cancelled_nt', 'tn'])
      .where('card_id', '=', toHex(card.cardId))
      .execute();
    expect(orders.map(({ cancelled_nt, tn }) => [cancelled_nt, tn])).to.deep.equal([[2n, 2n]]);
  });

  it('[R13] refuses a log whose cancels come without the terminal’s order, or with another’s', async () => {
    pos.sell(card, 0, 3_50);
    pos.undo(card);
    const log = card.log();
    await expectRefusal(
      site.port.synchronise({ ...log, cancelOrders: [] }),
      'rejected',
      /order for the cancel 3 is missing/,
    );
    const forger = new SoftPos({ ...pos.identity, signer: signerFor('a forger') }, schemeId, site.clock.read);
    const framed = await site.card();
    await site.load(framed, 0, 10_00);
    forger.sell(framed, 0, 1_00);
    forger.undo(framed);
    await expectRefusal(site.port.synchronise(framed.log()), 'rejected', /not signed by the terminal/);
  });

  it('pays in spite of a gap, and puts the card’s side in order when the missing record comes', async () => {
    const other = await site.pos();
    pos.sell(card, 0, 1_00);
    other.sell(card, 0, 2_00);
    await site.port.uploadBatch(other.close());
    expect(await owed(other)).to.equal(2_00n);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
    await site.port.uploadBatch(pos.close());
    expect(await site.shadow(card)).to.deep.equal([97_00, 0, 3]);
  });

  it('[M12] pays for a cloned card from the fraud account and lists it at the first broken chain', async () => {
    const clone = card.copy();
    const other = await site.pos();
    pos.sell(card, 0, 60_00);
    other.sell(clone, 0, 70_00);
    await site.port.uploadBatch(pos.close());
    const fraud = await site.account('fraud');
    await site.port.uploadBatch(other.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['two-contents']);
    expect(await owed(other)).to.equal(70_00n);
    expect(await site.account('fraud')).to.equal(fraud + 70_00n);
    clone.pay({ ...sale(other), tn: 2, slot: 0, amount: 20_00 });
    other.note(Outcome.sold, clone.proof(clone.nt), { tn: 2 });
    await site.port.uploadBatch(other.close({ firstTn: 2, lastTn: 2 }));
    expect(await site.account('fraud')).to.equal(fraud + 90_00n);
    expect(await owed(other)).to.equal(90_00n);
  });

  function sale(at: SoftPos) {
    const { terminalId, acquirerId, merchantId } = at.identity.certificate;
    return { terminalId, acquirerId, merchantId, time: site.clock.now };
  }

  it('[M12] finds money that was never loaded by the broken chain', async () => {
    card.books.balances[0] = 900_00;
    pos.sell(card, 0, 50_00);
    const fraud = await site.account('fraud');
    await site.port.uploadBatch(pos.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['balance-chain']);
    expect(await site.account('fraud')).to.equal(fraud + 50_00n);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
  });

  it('[M12] does not pay for a listed card that a fresh list would have shown', async () => {
    const id = toHex(card.cardId);
    await block(site.issuer, id, 'stolen');
    await site.port.hotList(0);
    pos.sell(card, 0, 5_00);
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(5_00n);
    site.clock.advance(2 * day);
    pos.sell(card, 0, 7_00);
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(5_00n);
    expect(await results()).to.deep.equal(['accepted', 'listed-card']);
  });

  it('gives a purchase to the holder when its terminal had signed it void', async () => {
    const proof = pos.debit(card, 0, 3_50);
    pos.note(Outcome.void, proof);
    await site.port.uploadBatch(pos.close());
    const holders = await site.account('holdersPayable');
    await site.synchronise(card);
    expect(await site.account('holdersPayable')).to.equal(holders + 3_50n);
    expect(await owed()).to.equal(0n);
    await settle(site.issuer);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/holder/2`)?.money.amount).to.equal(3_50n);
  });

  it('gives it to the holder also when the record was known before the void', async () => {
    const proof = pos.debit(card, 0, 3_50);
    await site.synchronise(card);
    const holders = await site.account('holdersPayable');
    pos.note(Outcome.void, proof);
    await site.port.uploadBatch(pos.close());
    expect(await site.account('holdersPayable')).to.equal(holders + 3_50n);
    await settle(site.issuer);
  });

  it('pays an order that was open in one batch and proved in the next', async () => {
    const proof = pos.debit(card, 0, 3_50);
    pos.note(Outcome.open, proof);
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(0n);
    pos.note(Outcome.sold, proof, { correction: 1 });
    await site.port.uploadBatch(pos.close());
    expect(await owed()).to.equal(3_50n);
    pos.note(Outcome.sold, proof, { correction: 1 });
    await expectRefusal(site.port.uploadBatch(pos.close()), 'rejected', /tn 1 is not open/);
  });

  describe('refuses a batch', () => {
    it('with a wrong total, and books nothing of it', async () => {
      pos.sell(card, 0, 3_50);
      const raised = totalsOf(pos.entries).map((total) => ({ ...total, soldAmount: total.soldAmount + 1n }));
      await expectRefusal(
        site.port.uploadBatch(pos.close({ totals: raised })),
        'rejected',
        /soldAmount is 351, the entries make 350/,
      );
      expect(await owed()).to.equal(0n);
      expect(await results()).to.deep.equal([]);
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

  describe('does not pay a claim, and names the terminal,', () => {
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
        expect(await results()).to.deep.equal([result]);
        expect(await owed()).to.equal(0n);
        expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal([result]);
      });
    }

    it('above the limit in its certificate', async () => {
      const small = await site.pos({ limits: [{ unit: 0x0978, limit: 2_00 }] });
      small.sell(card, 0, 3_50);
      await site.port.uploadBatch(small.close());
      expect(await results(small)).to.deep.equal(['above-limit']);
    });

    it('after the presentation window; the holder gets it back', async () => {
      pos.sell(card, 0, 3_50);
      site.clock.advance(31 * day);
      await site.port.uploadBatch(pos.close());
      expect(await results()).to.deep.equal(['too-late']);
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
      expect(await results(twin)).to.deep.equal(['wrong-record']);
      expect(await owed()).to.equal(3_50n);
    });
  });

  it('[M12] lists a card that signs two messages with one random number', async () => {
    const first = pos.sell(card, 0, 1_00);
    await site.port.uploadBatch(pos.close());
    const second = pos.sell(card, 0, 1_00);
    const r = second.s3.slice(4, 4 + (second.s3[3] ?? 0));
    await site.issuer.store.db
      .insertInto('signature_seen')
      .values({ card_id: toHex(card.cardId), r, message_hash: new Uint8Array(32) })
      .execute();
    await site.port.uploadBatch(pos.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['signature-repeated']);
    expect(first.s3).to.not.deep.equal(second.s3);
  });
});
