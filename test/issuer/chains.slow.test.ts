import { expect } from 'chai';
import { sql } from 'kysely';
import { settle } from '../../host/issuer/jobs/settle.js';
import { verify, verifyIn } from '../../host/issuer/jobs/verify.js';
import { sealLedger } from '../../host/issuer/service/seal.js';
import { chainExistingEvents } from '../../host/issuer/store/chain-existing.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftCard } from '../helpers/soft-card.js';

const system = { kind: 'system', name: 'test' } as const;

describe('The chains of the ledger', function () {
  this.timeout(60_000);
  let site: SoftIssuer;
  let card: SoftCard;
  let merchant: string;

  before(async () => {
    site = await SoftIssuer.open();
    card = await site.fundedCard(50_00);
    const shop = await site.pos();
    shop.sell(card, 0, 3_50);
    await site.port.uploadBatch(shop.close());
    await settle(site.issuer);
    shop.sell(card, 0, 1_20);
    await site.port.uploadBatch(shop.close());
    const { acquirerId, merchantId } = shop.identity.certificate;
    merchant = toHex(acquirerId) + toHex(merchantId);
  });
  after(() => site.close());

  /** What is found after a statement that only the owner of the database can make; nothing of it stays. */
  const flawAfter = async (...statements: readonly string[]): Promise<string | undefined> => {
    let flaw: string | undefined;
    const undone = site.issuer.store.transaction(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      for (const statement of statements) await sql.raw(statement).execute(tx);
      ({ flaw } = await verifyIn(tx));
      throw new Error('undo');
    });
    const error = await undone.then(
      () => undefined,
      (caught: unknown) => caught as Error,
    );
    expect(error?.message).to.equal('undo');
    return flaw;
  };

  it('hold, and are sealed by settlement', async () => {
    const { flaw, entries } = await verify(site.issuer);
    expect(flaw).to.equal(undefined);
    expect(entries >= 1n).to.equal(true);
    const seals = await site.issuer.store.db.selectFrom('ledger_seal').select('owner').execute();
    expect(seals.map(({ owner }) => owner)).to.include.members([toHex(card.cardId), merchant]);
  });

  it('are sealed as far as they grew, and not again', async () => {
    expect(await sealLedger(site.issuer, system)).to.include({ owners: 1 });
    expect(await sealLedger(site.issuer, system)).to.equal(undefined);
    expect((await verify(site.issuer)).flaw).to.equal(undefined);
  });

  const tampered: readonly [string, readonly string[], RegExp][] = [
    [
      'an amount',
      [`update ledger_event set amounts[1] = amounts[1] + 1 where owner = 'CARD' and seq = 1`],
      /transfers of event .* of CARD are not those/,
    ],
    [
      'whom a transfer pays',
      [`update ledger_event set credits[1] = 'float:x' where owner = 'MERCHANT'`],
      /transfers of event merchant-paid.* of MERCHANT/,
    ],
    [
      'the account it takes from',
      [`update ledger_event set debits[1] = 'fraud' where owner = 'CARD' and debits[1] = 'float'`],
      /transfers of event load-funded\/1 of CARD/,
    ],
    [
      'a transfer taken out',
      [
        `update ledger_event set debits = debits[2:], credits = credits[2:], units = units[2:], amounts = amounts[2:] where owner = 'CARD' and seq = 2`,
      ],
      /transfers of event/,
    ],
    [
      'a transfer put in',
      [
        `update ledger_event set debits = debits || debits[1], credits = credits || credits[1], units = units || units[1], amounts = amounts || 1::bigint where owner = 'CARD' and seq = 1`,
      ],
      /transfers of event/,
    ],
    [
      'two transfers exchanged',
      [
        `update ledger_event set debits = array[debits[2], debits[1]], credits = array[credits[2], credits[1]], units = array[units[2], units[1]], amounts = array[amounts[2], amounts[1]] where owner = 'CARD' and cardinality(amounts) = 2`,
      ],
      /transfers of event/,
    ],
    [
      'when an event was booked',
      [`update ledger_event set booked_at = booked_at - 1 where owner = 'CARD' and seq = 1`],
      /Event .* of CARD is not what was booked/,
    ],
    [
      'the kind of an event',
      [`update ledger_event set kind = 'x' where owner = 'CARD' and seq = 1`],
      /transfers of event/,
    ],
    [
      'the key of an event',
      [`update ledger_event set id = 'x' where owner = 'CARD' and seq = 1`],
      /Event x of CARD is not what was booked/,
    ],
    [
      'an event taken out',
      [`delete from ledger_event where owner = 'CARD' and seq = 2`],
      /Event 2 of CARD is missing; 3/,
    ],
    [
      'the last event taken out',
      [`delete from ledger_event where owner = 'CARD' and seq = (select seq from ledger_head where owner = 'CARD')`],
      /of CARD is missing; its chain ends before its head/,
    ],
    [
      'an event put in',
      [
        `insert into ledger_event select owner, 'x', kind, input_hash, booked_at, seq + 1, hash, trace, debits, credits, units, amounts from ledger_event where owner = 'CARD' order by seq desc limit 1`,
      ],
      /Event x of CARD is not what|transfers of event x/,
    ],
    [
      'the head of a chain',
      [`update ledger_head set hash = sha256(hash) where owner = 'CARD'`],
      /head of the chain of CARD is not its last event/,
    ],
    [
      'the head taken out',
      [`delete from ledger_head where owner = 'MERCHANT'`],
      /Events of MERCHANT are there, but no head/,
    ],
    [
      'a seal',
      [`update ledger_seal set hash = sha256(hash) where owner = 'CARD'`],
      /rows of seal\/\d+ are not those that were sealed/,
    ],
    ['a seal taken out', [`delete from ledger_seal where owner = 'CARD'`], /rows of seal\/\d+ are not those/],
    ['a record without card', [`update record set card_id = 'x'`], /belongs to no card: x|Record/],
    [
      'an entry of no batch',
      [
        `insert into batch_entry (terminal_id, tn, batch, outcome, card_id, unit, amount, result)
           values ('MERCHANT', 1, 99, 'void', 'CARD', 2424, 1, 'noted')`,
      ],
      /belongs to no batch: 99/,
    ],
  ];
  const named = (text: string): string => text.replaceAll('CARD', toHex(card.cardId)).replaceAll('MERCHANT', merchant);
  for (const [what, statements, sentence] of tampered) {
    it(`show a change behind the issuer's back: ${what}`, async () => {
      expect(await flawAfter(...statements.map(named))).to.match(new RegExp(named(sentence.source)));
    });
  }

  it('show a whole chain written anew, by the seal', async () => {
    const rewritten = site.issuer.store.transaction(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      await sql`update ledger_event set amounts[1] = amounts[1] + 1 where debits[1] = 'float'`.execute(tx);
      await sql`delete from ledger_head`.execute(tx);
      await chainExistingEvents(tx);
      expect((await verifyIn(tx)).flaw).to.match(
        /^The chain of [0-9a-f]+ up to event .* is not the one that was sealed/,
      );
      throw new Error('undo');
    });
    expect(await rewritten.catch((error: unknown) => (error as Error).message)).to.equal('undo');
    expect((await verify(site.issuer)).flaw).to.equal(undefined);
  });
});
