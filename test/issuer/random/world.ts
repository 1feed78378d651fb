/** Cards and shops of one random history, on one or more processes of one issuer. The model is the cards: what they hold is true. */
import { expect } from 'chai';
import { reconcile } from '../../../host/issuer/jobs/reconcile.js';
import { settle } from '../../../host/issuer/jobs/settle.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { LoadState, LoadType, Outcome, RecordType } from '../../../host/protocol/generated/enums.js';
import { pointsSlot } from '../../../host/protocol/generated/parameters.js';
import type { Authorisation } from '../../../host/protocol/issuer/port.js';
import type { SoftCard } from '../../helpers/soft-card.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import type { SoftPos } from '../../helpers/soft-pos.js';
import { brokenEquations } from './equation.js';
import { PostOffice, message } from './messages.js';
import type { Message } from './messages.js';
import type { Step } from './steps.js';

export class World {
  private readonly cards: SoftCard[] = [];
  private readonly shops: SoftPos[] = [];
  private readonly post: PostOffice;
  private readonly answers = new Map<SoftCard, Authorisation>();
  /** Sales that a terminal reported open in the batch before, to be proved in the next. */
  private readonly corrections = new Map<SoftPos, (() => void)[]>();
  /** Shops that have had a batch under way. */
  private readonly late = new Set<SoftPos>();
  private operations = 0;

  private constructor(private readonly sites: readonly SoftIssuer[]) {
    this.post = new PostOffice(sites);
  }

  /** @param sites processes of one issuer, with one bank */
  static async make(sites: readonly SoftIssuer[]): Promise<World> {
    const world = new World(sites);
    for (let i = 0; i < 4; i++) world.cards.push(await world.site.card());
    for (let i = 0; i < 3; i++) world.shops.push(await world.site.pos());
    return world;
  }

  async perform(one: Step): Promise<void> {
    this.operations++;
    switch (one.do) {
      case 'ask':
      case 'unload':
        return this.ask(this.card(one.card), one.amount, one.do === 'ask' ? LoadType.load : LoadType.unload);
      case 'give':
        return this.give(this.card(one.card));
      case 'cancel-load':
      case 'lose-cancel':
        return this.cancelLoad(this.card(one.card), one.do === 'cancel-load');
      case 'synchronise':
        return this.synchronise(this.card(one.card));
      case 'sell':
      case 'lose-sale':
        return this.sell(this.card(one.card), this.shop(one.pos), one.slot, one.amount, one.do === 'lose-sale');
      case 'undo':
        return this.undo(this.card(one.card), this.shop(one.pos));
      case 'hand-in':
        return this.handIn(this.shop(one.pos));
      case 'lie':
        return this.lie(this.shop(one.pos));
      case 'settle':
        await Promise.all(this.sites.map(({ issuer }) => settle(issuer)));
        return this.check();
      case 'bank':
        this.site.bank.script.push(one.says);
        return;
      case 'deliver':
        await this.post.deliver(one.which);
        return this.check();
      case 'repeat':
        this.site.bank.script.length = 0;
        return this.post.repeat(one.which);
      case 'cut':
        return this.post.spoil(one.which, one);
      case 'together':
        await this.post.together(one.which);
        return this.check();
    }
  }

  /** INIT LOAD and the question; the same question again where the bank has not answered. */
  private async ask(one: SoftCard, wanted: number, type: LoadType): Promise<void> {
    const { register } = one.books;
    const waits = register.state === LoadState.pending;
    if (waits && this.answers.get(one)?.status !== 'pending') return;
    if (!waits && type === LoadType.unload && wanted > one.balance(0)) return;
    const kioskId = this.site.kiosk.certificate.terminalId;
    const log = waits
      ? one.initLoad(register.type as LoadType, register.slot, register.amount, kioskId)
      : one.initLoad(type, 0, wanted, kioskId);
    this.answers.set(one, (await this.post.send(message('authoriseLoad', { kioskId, log }))) as Authorisation);
  }

  /** Half of the reports are lost: the log brings them. */
  private async give(one: SoftCard): Promise<void> {
    const answer = this.answers.get(one);
    if (answer?.status !== 'authorised' || one.books.register.state !== LoadState.pending) return;
    if (one.books.register.type === LoadType.unload && one.books.register.amount > one.balance(0)) return;
    const proof = one.credit(answer.authorisation, answer.signature);
    if (this.operations % 2 === 0) await this.say(message('loadCredited', proof));
  }

  private async cancelLoad(one: SoftCard, told: boolean): Promise<void> {
    if (one.books.register.state !== LoadState.pending) return;
    const proof = one.cancelLoad();
    if (told) await this.say(message('loadCancelled', proof));
  }

  private async synchronise(one: SoftCard): Promise<void> {
    const log = one.log();
    const orders = await this.post.send(message('synchronise', log));
    for (const order of orders as Awaited<ReturnType<SoftIssuer['port']['synchronise']>>) one.put(order);
    expect((await this.site.shadow(one)).join(), 'shadow balances').to.equal(one.books.balances.join());
  }

  private async sell(one: SoftCard, at: SoftPos, slot: number, wanted: number, lost: boolean): Promise<void> {
    const price = slot === pointsSlot ? Math.ceil(wanted / 100) : wanted;
    if (price > one.balance(slot) || !one.hasRoom) return;
    const proof = at.debit(one, slot, price);
    at.note(lost ? Outcome.open : Outcome.sold, proof);
    if (lost) this.correctionsOf(at).push(() => at.note(Outcome.sold, proof, { correction: 1 }));
    await Promise.resolve();
  }

  private async undo(one: SoftCard, at: SoftPos): Promise<void> {
    const last = one.books.records.at(-1);
    const mine = last !== undefined && toHex(last.terminalId) === toHex(at.identity.certificate.terminalId);
    if (!mine || last.type !== RecordType.purchase || one.books.cancelOrders.length >= 4) return;
    if (at.entries.some(({ ntSeen, outcome }) => ntSeen + 1 === last.nt && outcome === Outcome.open)) return;
    if (last.points > one.balance(pointsSlot)) return;
    at.cancel(one);
    await Promise.resolve();
  }

  private async handIn(at: SoftPos): Promise<void> {
    const batch = message('uploadBatch', at.close());
    this.prove(at);
    await this.say(batch, at);
    await this.check();
  }

  /** A batch whose totals lie is refused and leaves nothing; the honest one goes through afterwards. */
  private async lie(at: SoftPos): Promise<void> {
    if (!at.entries.some(({ proof }) => proof.length > 0)) return;
    const honest = at.close();
    await this.post.refused(message('uploadBatch', at.signed({ ...at.opened(honest), totals: [] })));
    this.prove(at);
    await this.say(message('uploadBatch', honest), at);
  }

  /** Now, or later. A terminal hands in its batches in order: none overtakes by itself. */
  private async say(one: Message, at?: SoftPos): Promise<void> {
    const behind =
      at !== undefined && this.late.has(at) && this.post.underway.some(({ method }) => method === one.method);
    if (!behind && this.operations % 3 !== 0) return void (await this.post.send(one));
    if (at !== undefined) this.late.add(at);
    this.post.underway.push(one);
  }

  private prove(at: SoftPos): void {
    for (const correct of this.correctionsOf(at).splice(0)) correct();
  }

  private correctionsOf(at: SoftPos): (() => void)[] {
    const known = this.corrections.get(at) ?? [];
    this.corrections.set(at, known);
    return known;
  }

  async check(): Promise<void> {
    expect(await brokenEquations(this.site, this.cards), 'M1').to.deep.equal([]);
    if (this.operations % 50 === 0) expect(await this.site.differences()).to.deep.equal([]);
  }

  /** Everybody hands in everything: no suspense is left, nobody is listed, and the float is what the cards hold. */
  async finish(): Promise<void> {
    this.site.bank.script.length = 0;
    await this.post.deliverAll();
    for (const one of this.cards) if (one.books.register.state === LoadState.pending) await this.cancelLoad(one, true);
    for (const one of this.cards) await this.synchronise(one);
    for (const at of [...this.shops, ...this.shops]) await this.handIn(at);
    await this.post.deliverAll();
    await settle(this.site.issuer);
    await this.check();
    expect(await this.site.differences()).to.deep.equal([]);
    // whoever buys at random may look like one who plays for points
    const { found } = await reconcile(this.site.issuer);
    expect(found.filter(({ kind }) => kind !== 'wash-sale')).to.deep.equal([]);
    for (const one of this.cards) expect(await this.site.findings(one.cardId), 'findings').to.deep.equal([]);
    for (const at of this.shops)
      expect(await this.site.findings(at.identity.certificate.terminalId), 'findings').to.deep.equal([]);
    for (const account of ['suspense', 'fraud', 'clearing', 'loadsInFlight', 'funding'])
      expect(await this.site.account(account), account).to.equal(0n);
  }

  private get site(): SoftIssuer {
    return this.sites[0] as SoftIssuer;
  }

  private card(index: number): SoftCard {
    return this.cards[index % this.cards.length] as SoftCard;
  }

  private shop(index: number): SoftPos {
    return this.shops[index % this.shops.length] as SoftPos;
  }
}
