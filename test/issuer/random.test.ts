/**
 * Random histories on the real store, checked after every operation against invariants and a model that has only cards:
 *   1. M1 holds for every unit, with the shadow balances and with the balances the cards really have.
 *   2. The shadow of a card whose log is here is the balance the card has; a card that never lied is never listed.
 *   3. A merchant is owed or was paid exactly what he sold and did not cancel, as far as he handed it in.
 *   4. An operation that is refused, or repeated, changes no transfer.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { settle } from '../../host/issuer/jobs/settle.js';
import { moneyEquation } from '../../host/issuer/domain/money-equation.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { LoadState, LoadType, Outcome, RecordType } from '../../host/protocol/generated/enums.js';
import { pointsSlot } from '../../host/protocol/generated/parameters.js';
import type { Authorisation, SignedBatch, SignedRecord, SignedStatement } from '../../host/protocol/issuer/port.js';
import { accountBalances } from '../../host/issuer/store/ledger.js';
import { moneyTerms } from '../../host/issuer/store/equation.js';
import type { SoftCard } from '../helpers/soft-card.js';
import { hurried } from '../support/hurried.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';

/** One step of a history; numbers pick a card, a terminal, an amount. */
type Step =
  | {
      readonly do: 'ask' | 'give' | 'cancel-load' | 'lose-cancel' | 'synchronise' | 'unload';
      readonly card: number;
      readonly amount: number;
    }
  | {
      readonly do: 'sell' | 'lose-sale' | 'undo';
      readonly card: number;
      readonly pos: number;
      readonly amount: number;
      readonly slot: number;
    }
  | { readonly do: 'hand-in' | 'corrupt'; readonly pos: number }
  | { readonly do: 'settle' }
  | { readonly do: 'repeat'; readonly which: number };

/** EPURSE_RANDOM_RUNS=100 for a longer look; EPURSE_SEED for another. */
const runs = Number(process.env['EPURSE_RANDOM_RUNS'] ?? (hurried ? 2 : 10));

const card = fc.nat(2);
const pos = fc.nat(1);
const amount = fc.integer({ min: 1, max: 60_00 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), card, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('give' as const), card, amount }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('cancel-load' as const, 'lose-cancel' as const, 'unload' as const),
      card,
      amount,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('synchronise' as const), card, amount }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('sell' as const, 'sell' as const, 'sell' as const, 'lose-sale' as const),
      card,
      pos,
      amount,
      slot: fc.constantFrom(0, 0, 0, 2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undo' as const), card, pos, amount, slot: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hand-in' as const), pos }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('corrupt' as const), pos }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), which: fc.nat(1000) }) },
);

interface Unseen {
  purchases: bigint;
  loads: bigint;
  unloads: bigint;
  points: bigint;
}

const nothing: Unseen = { purchases: 0n, loads: 0n, unloads: 0n, points: 0n };

class World {
  readonly cards: SoftCard[] = [];
  readonly shops: SoftPos[] = [];
  /** What was said to the issuer before, to be said again. */
  private readonly said: (() => Promise<unknown>)[] = [];
  private readonly answers = new Map<SoftCard, Authorisation>();
  /** Sales that a terminal reports open until its next batch. */
  private readonly corrections = new Map<SoftPos, (() => void)[]>();
  operations = 0;

  private constructor(
    readonly site: SoftIssuer,
    /** Those of earlier histories too: the books are one. */
    private readonly everyCard: SoftCard[],
  ) {}

  static async make(site: SoftIssuer, everyCard: SoftCard[]): Promise<World> {
    const world = new World(site, everyCard);
    for (let i = 0; i < 3; i++) world.cards.push(await site.card());
    everyCard.push(...world.cards);
    for (let i = 0; i < 2; i++) world.shops.push(await site.pos());
    return world;
  }

  async perform(one: Step): Promise<void> {
    this.operations++;
    switch (one.do) {
      case 'ask':
        return this.ask(this.card(one.card), one.amount, LoadType.load);
      case 'unload':
        return this.ask(this.card(one.card), one.amount, LoadType.unload);
      case 'give':
        return this.give(this.card(one.card));
      case 'cancel-load':
        return this.cancelLoad(this.card(one.card), true);
      case 'lose-cancel':
        return this.cancelLoad(this.card(one.card), false);
      case 'synchronise':
        return this.synchronise(this.card(one.card));
      case 'sell':
      case 'lose-sale':
        return this.sell(this.card(one.card), this.shop(one.pos), one.slot, one.amount, one.do === 'lose-sale');
      case 'undo':
        return this.undo(this.card(one.card), this.shop(one.pos));
      case 'hand-in':
        return this.handIn(this.shop(one.pos));
      case 'corrupt':
        return this.corrupt(this.shop(one.pos));
      case 'settle':
        await settle(this.site.issuer);
        return;
      case 'repeat':
        return this.repeat(one.which);
    }
  }

  private async ask(one: SoftCard, wanted: number, type: LoadType): Promise<void> {
    if (one.books.register.state === LoadState.pending) return;
    if (type === LoadType.unload && wanted > one.balance(0)) return;
    const kioskId = this.site.kiosk.certificate.terminalId;
    const log = one.initLoad(type, 0, wanted, kioskId);
    const call = () => this.site.port.authoriseLoad({ kioskId, log });
    const answer = await call();
    this.answers.set(one, answer);
    this.said.push(call);
  }

  private async give(one: SoftCard): Promise<void> {
    const answer = this.answers.get(one);
    if (answer?.status !== 'authorised' || one.books.register.state !== LoadState.pending) return;
    if (one.books.register.type === LoadType.unload && one.books.register.amount > one.balance(0)) return;
    const proof: SignedRecord = one.credit(answer.authorisation, answer.signature);
    // half of the reports are lost: the log brings them
    if (this.operations % 2 === 0) await this.say(() => this.site.port.loadCredited(proof));
  }

  private async cancelLoad(one: SoftCard, told: boolean): Promise<void> {
    if (one.books.register.state !== LoadState.pending) return;
    const proof: SignedStatement = one.cancelLoad();
    if (told) await this.say(() => this.site.port.loadCancelled(proof));
  }

  private async synchronise(one: SoftCard): Promise<void> {
    const log = one.log();
    const orders = await this.site.port.synchronise(log);
    for (const order of orders) one.put(order);
    this.said.push(() => this.site.port.synchronise(log));
    expect((await this.site.shadow(one)).join()).to.equal(one.books.balances.join());
  }

  private async sell(one: SoftCard, at: SoftPos, slot: number, wanted: number, lost: boolean): Promise<void> {
    const price = slot === pointsSlot ? Math.ceil(wanted / 100) : wanted;
    if (price > one.balance(slot) || !one.hasRoom) return;
    const proof = at.debit(one, slot, price);
    // a lost answer is found again at the next meeting: reported open, then proved
    at.note(lost ? Outcome.open : Outcome.sold, proof);
    if (lost) this.correctionsOf(at).push(() => at.note(Outcome.sold, proof, { correction: 1 }));
  }

  private async undo(one: SoftCard, at: SoftPos): Promise<void> {
    const last = one.books.records.at(-1);
    const mine = last !== undefined && toHex(last.terminalId) === toHex(at.identity.certificate.terminalId);
    if (!mine || last.type !== RecordType.purchase || one.books.cancelOrders.length >= 4) return;
    if (at.entries.some(({ ntSeen, outcome }) => ntSeen + 1 === last.nt && outcome === Outcome.open)) return;
    if (last.points > one.balance(pointsSlot)) return;
    at.cancel(one);
  }

  private async handIn(at: SoftPos): Promise<void> {
    const batch: SignedBatch = at.close();
    await this.say(() => this.site.port.uploadBatch(batch));
    for (const correct of this.correctionsOf(at).splice(0)) correct();
  }

  private correctionsOf(at: SoftPos): (() => void)[] {
    const known = this.corrections.get(at) ?? [];
    this.corrections.set(at, known);
    return known;
  }

  /** A batch whose totals lie: refused, and the honest one goes through afterwards. */
  private async corrupt(at: SoftPos): Promise<void> {
    if (at.entries.length === 0) return;
    const before = await this.transfers();
    const entries = at.entries;
    const honest = at.close();
    const lie = at.signed({ ...at.opened(honest), totals: [] });
    let refused = false;
    await this.site.port.uploadBatch(lie).catch(() => (refused = true));
    expect(refused).to.equal(entries.some(({ proof }) => proof.length > 0));
    expect(await this.transfers()).to.equal(before);
    await this.say(() => this.site.port.uploadBatch(honest));
    for (const correct of this.correctionsOf(at).splice(0)) correct();
  }

  private async repeat(which: number): Promise<void> {
    const call = this.said[which % Math.max(1, this.said.length)];
    if (call === undefined) return;
    const before = await this.transfers();
    await call();
    expect(await this.transfers()).to.equal(before);
  }

  private async say(call: () => Promise<unknown>): Promise<void> {
    await call();
    this.said.push(call);
  }

  /** M1 after every operation; every table against every other after each tenth. */
  async check(): Promise<void> {
    if (this.operations % 10 === 0) await this.checkAll();
    const terms = await moneyTerms(this.site.issuer.store.db, this.site.issuer.scheme.units);
    const unseen = await this.unseen();
    for (const [slot, known] of terms.entries()) {
      expect(moneyEquation(known).difference, `M1 in ${known.unit.name}`).to.equal(0n);
      const cards = this.everyCard.reduce((total, one) => total + BigInt(one.balance(slot)), 0n);
      const of = unseen[slot] ?? nothing;
      const onCards = {
        ...known,
        cards,
        waiting: 0n,
        purchases: known.purchases + of.purchases,
        loads: known.loads - of.loads,
        payouts: known.payouts + of.unloads,
        loyalty: known.loyalty + of.points,
      };
      expect(moneyEquation(onCards).difference, `M1 on the cards in ${known.unit.name}`).to.equal(0n);
    }
  }

  private async checkAll(): Promise<void> {
    expect(await this.site.differences()).to.deep.equal([]);
  }

  /** What cards have done and the issuer does not know, by slot. */
  private async unseen(): Promise<Unseen[]> {
    const rows = await this.site.issuer.store.db.selectFrom('record').select(['card_id', 'nt']).execute();
    const known = new Set(rows.map(({ card_id, nt }) => `${card_id} ${nt}`));
    const sums: Unseen[] = [{ ...nothing }, { ...nothing }, { ...nothing }];
    for (const one of this.everyCard) {
      for (const record of one.books.records) {
        const [sum, points] = [sums[record.slot], sums[pointsSlot]];
        if (known.has(`${toHex(one.cardId)} ${record.nt}`) || sum === undefined || points === undefined) continue;
        const amount = BigInt(record.amount);
        switch (record.type) {
          case RecordType.purchase:
            sum.purchases += amount;
            points.points += BigInt(record.points);
            break;
          case RecordType.cancel:
            sum.purchases -= amount;
            points.points -= BigInt(record.points);
            break;
          case RecordType.load:
            sum.loads += amount;
            break;
          case RecordType.unload:
            sum.unloads += amount;
            break;
        }
      }
    }
    return sums;
  }

  /** Everybody hands in everything: no suspense is left, nobody is listed, and the float is what the cards hold. */
  async finish(): Promise<void> {
    for (const one of this.cards) if (one.books.register.state === LoadState.pending) await this.cancelLoad(one, true);
    for (const one of this.cards) await this.synchronise(one);
    for (const at of this.shops) await this.handIn(at);
    for (const at of this.shops) await this.handIn(at);
    await settle(this.site.issuer);
    await this.check();
    await this.checkAll();
    for (const one of this.cards) expect(await this.site.findings(one.cardId)).to.deep.equal([]);
    for (const at of this.shops) expect(await this.site.findings(at.identity.certificate.terminalId)).to.deep.equal([]);
    expect(await this.site.account('suspense')).to.equal(0n);
    expect(await this.site.account('fraud')).to.equal(0n);
  }

  private async transfers(): Promise<string> {
    const balances = await accountBalances(this.site.issuer.store.db);
    return balances.map(({ account, money }) => `${account} ${money.unit.name} ${money.amount}`).join('\n');
  }

  private card(index: number): SoftCard {
    return this.cards[index % this.cards.length] as SoftCard;
  }

  private shop(index: number): SoftPos {
    return this.shops[index % this.shops.length] as SoftPos;
  }
}

describe('[M1] Random histories', function () {
  this.timeout(60_000 + runs * 30_000);
  let site: SoftIssuer;
  before(async () => (site = await SoftIssuer.open()));
  after(() => site.close());

  it('keep the books in balance after every operation', async () => {
    let operations = 0;
    const everyCard: SoftCard[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }), async (history) => {
        const world = await World.make(site, everyCard);
        for (const one of history) {
          await world.perform(one);
          await world.check();
        }
        await world.finish();
        operations += world.operations;
      }),
      {
        numRuns: runs,
        seed: Number(process.env['EPURSE_SEED'] ?? 20_261_122),
        endOnFailure: true,
      },
    );
    expect(operations).to.be.above(Math.min(250, 30 * runs));
  });
});
