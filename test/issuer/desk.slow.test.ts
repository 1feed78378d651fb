import { expect } from 'chai';
import { day } from '../../host/protocol/codec/time.js';
import { CsvError, csvLine, parseCsv } from '../../host/protocol/codec/csv.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { formatMoney } from '../../host/protocol/codec/money.js';
import { StatementPurpose } from '../../host/protocol/generated/enums.js';
import { assignCards, renewalsDue } from '../../host/issuer/service/assign.js';
import { ordersIn } from '../../host/issuer/service/order-file.js';
import { cardsOfHolder, createHolder, editHolder, searchHolders } from '../../host/issuer/service/holders.js';
import { keyStatus } from '../../host/issuer/service/key-status.js';
import { closeProduct, createProduct, listProducts, setParameters } from '../../host/issuer/service/products.js';
import { destroyStock, registerStock, serialIn, serialRange, stockCounts } from '../../host/issuer/service/stock.js';
import { revokeTerminal } from '../../host/issuer/service/terminals.js';
import { SoftCard } from '../helpers/soft-card.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { freshServerStore } from '../support/shared-postgres.js';
import { needsPostgresql } from '../helpers/postgres-server.js';
import { euroSlot } from '../helpers/personalize.js';

const clerk = { kind: 'operator', name: 'Ada' } as const;

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return (error as Error).message;
  }
  return expect.fail('it was not refused');
}

describe('Comma-separated values', () => {
  it('are read with quotes, line ends of both kinds, and the line each record begins on', () => {
    expect(parseCsv('a,b\r\n"x, ""y""","two\nlines"\n\nlast,\n')).to.deep.equal([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['x, "y"', 'two\nlines'] },
      { line: 5, fields: ['last', ''] },
    ]);
    for (const fields of [
      ['a', 'b'],
      ['x, "y"', ''],
      [' spaces ', 'two\nlines'],
    ])
      expect(parseCsv(csvLine(fields))[0]?.fields).to.deep.equal(fields);
  });

  it('are refused with the line where a quote is wrong', () => {
    for (const [text, line] of [
      ['a\n"b', 2],
      ['a\nb"c', 2],
      ['"a"b', 1],
    ] as const)
      try {
        parseCsv(text);
        expect.fail(text);
      } catch (error) {
        expect((error as CsvError).line).to.equal(line);
      }
  });
});

describe('An order file', () => {
  it('names its columns in any order, and is refused by line and field', () => {
    expect(ordersIn('product,holder\nyouth,  Olive   Oak\n')[0]).to.deep.include({
      line: 2,
      holder: 'Olive Oak',
      product: 'youth',
      serial: '',
    });
    for (const [text, why] of [
      ['', /empty/],
      ['name\nx', /"name"/],
      ['product\nx', /no column "holder"/],
      ['holder,holder\nx,y', /twice/],
      ['holder,product\nx', /Line 2 has 1 fields/],
    ] as const)
      expect(() => ordersIn(text), text).to.throw(CsvError, why);
  });
});

function deskSuite(open: () => Promise<SoftIssuer>): void {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  const order = (line: number, fields: object) => {
    return { line, holder: '', holderId: '', product: '', serial: '', replaces: '', ...fields };
  };
  const issue = async (card: SoftCard, holder: string, replaces?: Uint8Array) => {
    const issued = await site.port.issueCard({
      deskId: site.desk.certificate.terminalId,
      serial: card.serial,
      signPoint: card.signer.point,
      agreePoint: card.agree.point,
      holder,
      ...(replaces === undefined ? {} : { replaces }),
    });
    card.personalize(issued);
    await site.port.cardActivated(card.statement(StatementPurpose.log));
    return toHex(issued.cardId);
  };
  const stateOf = async (cardId: string) =>
    (
      await site.issuer.store.db
        .selectFrom('card_stock')
        .select('state')
        .where('card_id', '=', cardId)
        .executeTakeFirst()
    )?.state;

  describe('holders', () => {
    it('are made, found by part of a name, number or id, changed, and may share a name', async () => {
      const one = await createHolder(site.issuer, clerk, { name: '  Ólive   Oak ', reference: 'C-17' });
      const two = await createHolder(site.issuer, clerk, { name: 'Ólive Oak' });
      expect(one).to.not.equal(two);
      expect((await searchHolders(site.issuer, 'live o')).map(({ id }) => id).sort()).to.deep.equal([one, two].sort());
      expect((await searchHolders(site.issuer, 'C-17')).map(({ id }) => id)).to.deep.equal([one]);
      await editHolder(site.issuer, clerk, one, { account: 'DE02', name: 'Olive Ash' });
      expect((await searchHolders(site.issuer, one))[0]).to.include({ name: 'Olive Ash', account: 'DE02' });
    });

    it('with SQL, wildcards or control characters in their names are names or are refused, never anything else', async () => {
      const id = await createHolder(site.issuer, clerk, { name: "Robert'); drop table card; -- 100%" });
      expect((await searchHolders(site.issuer, '100%')).map((holder) => holder.id)).to.deep.equal([id]);
      expect((await searchHolders(site.issuer, '_obert')).length).to.equal(0);
      expect(await refusal(createHolder(site.issuer, clerk, { name: 'a\u0007b' }))).to.contain('no control characters');
      for (const name of ['=HYPERLINK("x")', ' +1', '-1', '@SUM(1)'])
        expect(await refusal(createHolder(site.issuer, clerk, { name })), name).to.contain('a spreadsheet');
      expect(await refusal(createHolder(site.issuer, clerk, { name: ' ' }))).to.contain('1 to 80');
      expect(await refusal(editHolder(site.issuer, clerk, 'nobody', { name: 'x' }))).to.contain('no holder');
      expect(await refusal(editHolder(site.issuer, clerk, id, {}))).to.contain('Nothing');
    });
  });

  describe('products', () => {
    it('carry limits of their own, under one numbering of all sets, to their cards alone', async () => {
      const [standard] = await listProducts(site.issuer);
      await createProduct(site.issuer, clerk, { name: 'youth', label: 'Youth purse', lifetimeYears: 2 });
      const { version: _, ...limits } = standard?.parameters ?? expect.fail('no standard product');
      const slots = limits.slots.map((slot, i) =>
        i === euroSlot ? { ...slot, maxBalance: 100_00, maxTransaction: 50_00 } : slot,
      );
      const version = await setParameters(site.issuer, clerk, 'youth', { ...limits, slots });
      expect(version).to.be.greaterThan(standard?.parameters.version ?? 0);
      const products = await listProducts(site.issuer);
      expect(products.find(({ name }) => name === 'youth')?.parameters.version).to.equal(version);
      expect(products.find(({ name }) => name === 'standard')?.parameters).to.deep.equal(standard?.parameters);
    });

    it('are refused with limits that make no purse, and names that are none', async () => {
      const [standard] = await listProducts(site.issuer);
      const limits = standard?.parameters ?? expect.fail('no standard product');
      const withSlot = (slot: object) => ({
        ...limits,
        slots: limits.slots.map((one, i) => (i === euroSlot ? { ...one, ...slot } : one)),
      });
      for (const [change, why] of [
        [{ ...limits, slots: limits.slots.slice(1) }, 'slots'],
        [{ ...limits, offlineCount: 0 }, 'offlineCount'],
        [{ ...limits, cancelsBetweenSyncs: 99 }, 'cancel'],
        [withSlot({ maxTransaction: 1e9 }), 'exceeds maxBalance'],
        [withSlot({ pinlessSingle: 200_00 }), 'exceeds maxTransaction'],
        [withSlot({ pinlessSum: 1 }), 'below'],
        [withSlot({ offlineSum: 2 ** 33 }), 'out of range'],
      ] as const)
        expect(await refusal(setParameters(site.issuer, clerk, 'standard', change))).to.contain(why);
      expect(await refusal(setParameters(site.issuer, clerk, 'gold', limits))).to.contain('no product');
      expect(await refusal(createProduct(site.issuer, clerk, { name: 'Gold!', label: 'x' }))).to.contain(
        'small letters',
      );
      expect(await refusal(createProduct(site.issuer, clerk, { name: 'youth', label: 'x' }))).to.contain('already');
      expect(await refusal(closeProduct(site.issuer, clerk, 'standard'))).to.contain('stays open');
    });

    it('bring a new set to a card at its next visit, signed for it, once', async () => {
      const card = await site.card('Paula Parameter');
      const [standard] = await listProducts(site.issuer);
      const limits = standard?.parameters ?? expect.fail('no standard product');
      const version = await setParameters(site.issuer, clerk, 'standard', { ...limits, offlineCount: 19 });
      await site.synchronise(card);
      expect(card.parameters.version).to.equal(version);
      expect(card.parameters.offlineCount).to.equal(19);
      await site.port.synchronise(card.log());
      const types = (await site.port.synchronise(card.log())).map(({ type }) => type);
      expect(types).to.have.length(1);
    });
  });

  describe('the stock', () => {
    const serials = serialRange('00a0000000000000', '00a0000000000009');
    const cards = serials.map((serial) => new SoftCard(`stock ${toHex(serial)}`, serial));

    it('takes a delivery by range, once; serials that are none are refused', async () => {
      expect(await registerStock(site.issuer, clerk, serials, 'first')).to.deep.equal({ registered: 10, known: 0 });
      expect(await registerStock(site.issuer, clerk, serials.slice(0, 3), 'first')).to.deep.equal({
        registered: 0,
        known: 3,
      });
      expect(() => serialRange('00a0000000000002', '00a0000000000001')).to.throw(/before it begins/);
      expect(() => serialRange('0000000000000000', 'ffffffffffffffff')).to.throw(/at most/);
      expect(() => serialIn('12')).to.throw(/16 hexadecimal/);
      expect(await refusal(registerStock(site.issuer, clerk, [], 'x'))).to.contain('No serial');
    });

    it('once kept, lets no other raw card be issued', async () => {
      expect(await refusal(issue(new SoftCard('from elsewhere'), 'Eve'))).to.contain('not in the stock');
    });

    it('is checked whole before a card is assigned: every fault with line and field', async () => {
      const result = await assignCards(site.issuer, clerk, [
        order(2, { holder: 'Good One' }),
        order(3, { holder: '' }),
        order(4, { holder: 'X', product: 'gold' }),
        order(5, { holder: 'X', serial: 'ffffffffffffffff' }),
        order(6, { holder: 'X', serial: toHex(serials[1] ?? new Uint8Array()) }),
        order(7, { holder: 'X', serial: toHex(serials[1] ?? new Uint8Array()) }),
        order(8, { holder: 'X', holderId: '00'.repeat(8) }),
        order(9, { holder: 'X', replaces: '11'.repeat(8) }),
      ]);
      const faults = 'faults' in result ? result.faults : expect.fail('it went through');
      expect(faults.map(({ line, field }) => [line, field])).to.deep.equal([
        [3, 'holder'],
        [4, 'product'],
        [5, 'serial'],
        [7, 'serial'],
        [8, 'holder_id'],
        [9, 'replaces'],
      ]);
      expect(await stockCounts(site.issuer)).to.deep.equal([{ delivery: 'first', state: 'raw', count: 10 }]);
    });

    it('does not assign more cards than it has', async () => {
      const orders = Array.from({ length: 11 }, (_, i) => order(i + 2, { holder: `Many ${i}` }));
      const result = await assignCards(site.issuer, clerk, orders);
      expect('faults' in result && result.faults[0]?.message).to.contain('11 cards are ordered, and 10');
    });

    it('gives an assigned card to its holder alone, with its product and lifetime', async () => {
      const result = await assignCards(site.issuer, clerk, [
        order(2, { holder: 'Yves Young', product: 'youth', serial: toHex(serials[0] ?? new Uint8Array()) }),
      ]);
      expect('lines' in result && result.lines).to.deep.equal([
        { serial: '00a0000000000000', holder: 'Yves Young', product: 'youth', replaces: '' },
      ]);
      const [card = expect.fail('no card')] = cards;
      expect(await refusal(issue(card, 'Eve'))).to.contain('somebody else');
      const cardId = await issue(card, 'yves  young');
      expect(await stateOf(cardId)).to.equal('issued');
      const row = await site.issuer.store.db
        .selectFrom('card')
        .select(['product', 'expiry', 'issued_at'])
        .where('card_id', '=', cardId)
        .executeTakeFirstOrThrow();
      expect(row.product).to.equal('youth');
      expect(Number(row.expiry - row.issued_at)).to.be.within(730 * day, 732 * day);
      expect(card.parameters.slots[euroSlot]?.maxBalance).to.equal(100_00);
    });

    it('never has a serial issued twice, nor one that was destroyed', async () => {
      const [first = expect.fail('no card'), second = expect.fail('no card')] = cards;
      const twin = new SoftCard('twin', first.serial);
      expect(await refusal(issue(twin, 'Yves Young'))).to.contain('issued before');
      await destroyStock(site.issuer, clerk, second.serial, 'bent');
      expect(await refusal(issue(second, 'Zoe'))).to.contain('destroyed');
      expect(await refusal(destroyStock(site.issuer, clerk, first.serial, 'bent'))).to.contain('in use');
      expect(await refusal(destroyStock(site.issuer, clerk, fromHex('ff'.repeat(8)), 'x'))).to.contain(
        'not in the stock',
      );
    });

    it('follows a card that is retired or lost, whose balance then follows as a load', async () => {
      const [, , lost = expect.fail('no card'), next = expect.fail('no card')] = cards;
      const lostId = await issue(lost, 'Lena Lost');
      await site.load(lost, euroSlot, 40_00);
      const result = await assignCards(site.issuer, clerk, [
        order(2, { holder: 'Lena Lost', replaces: lostId, serial: toHex(next.serial) }),
      ]);
      expect('lines' in result).to.equal(true);
      const nextId = await issue(next, 'Lena Lost', fromHex(lostId));
      expect([await stateOf(lostId), await stateOf(nextId)]).to.deep.equal(['lost', 'issued']);
      const holder = (await searchHolders(site.issuer, 'Lena Lost'))[0] ?? expect.fail('no holder');
      expect((await cardsOfHolder(site.issuer, holder.id)).map(({ state }) => state).sort()).to.deep.equal([
        'active',
        'lost',
      ]);
      const left = (await cardsOfHolder(site.issuer, holder.id)).find(({ cardId }) => cardId === lostId);
      expect(left?.replacedBy).to.equal(nextId);
      expect(left?.left.map(formatMoney)).to.deep.equal(['40.00 EUR']);
    });
  });

  describe('renewals', () => {
    it('are the cards that end soon, until their holder has or is assigned a successor', async () => {
      const mine = async () =>
        (await renewalsDue(site.issuer, 800 * day)).filter(({ holder }) => holder === 'Yves Young');
      const [due = expect.fail('nothing is due')] = await mine();
      expect(due.product).to.equal('youth');
      expect(await renewalsDue(site.issuer, day)).to.deep.equal([]);
      const result = await assignCards(site.issuer, clerk, [
        order(2, { holder: due.holder, holderId: due.holderId, product: due.product }),
      ]);
      expect('lines' in result).to.equal(true);
      expect(await mine()).to.deep.equal([]);
    });
  });

  describe('terminals and keys', () => {
    it('revokes a terminal: its questions are refused from then on, and the log says who did it', async () => {
      const pos = await site.pos();
      const id = toHex(pos.identity.certificate.terminalId);
      expect(await refusal(revokeTerminal(site.issuer, id, ' ', clerk))).to.contain('reason');
      expect(await refusal(revokeTerminal(site.issuer, '00'.repeat(8), 'stolen', clerk))).to.contain('not registered');
      expect(await revokeTerminal(site.issuer, id, 'stolen', clerk)).to.equal(true);
      expect(await revokeTerminal(site.issuer, id, 'stolen', clerk)).to.equal(false);
      const question = { terminalId: pos.identity.certificate.terminalId, cardId: new Uint8Array(8), tn: 1, ntSeen: 1 };
      expect(await refusal(site.port.entryAnswer(question))).to.contain('revoked');
      const entry = await site.issuer.store.db
        .selectFrom('audit_entry')
        .selectAll()
        .where('subject', '=', `terminal/${id}`)
        .execute();
      expect(entry.map(({ action, actor_name }) => [action, actor_name])).to.deep.equal([['terminal-revoked', 'Ada']]);
    });

    it('tells which keys are in use and what runs out', async () => {
      const { keys, terminals } = await keyStatus(site.issuer);
      expect(keys.map(({ authority, current, next }) => [authority, current, next])).to.deep.equal(
        ['cardCa', 'terminalCa', 'posCa', 'credit', 'order'].map((name) => [name, 1, 2]),
      );
      expect(terminals).to.deep.equal([]);
      await site.pos({ expiry: site.clock.now + 5 * day });
      expect((await keyStatus(site.issuer)).terminals.map(({ role }) => role)).to.deep.equal(['pos']);
    });
  });
}

// issuers of their own: a stock that is kept concerns every later card
describe('The card desk (PGlite)', function () {
  this.timeout(60_000);
  let site: SoftIssuer | undefined;
  deskSuite(async () => (site = await SoftIssuer.open()));
  after(() => site?.close());
});

describe('The card desk (PostgreSQL)', function () {
  this.timeout(60_000);
  let site: SoftIssuer | undefined;
  before(function () {
    needsPostgresql(this);
  });
  deskSuite(async () => (site = await SoftIssuer.open(await freshServerStore())));
  after(() => site?.close());
});
