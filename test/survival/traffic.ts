/**
 * Terminals at work over HTTPS: each worker has a card of its own and a shop where all cards buy. A request without an answer is
 * sent again until there is one, as terminals do; every answer that said "done" is kept.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { day } from '../../host/protocol/codec/time.js';
import { LoadType, Role, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type { IssuerPort, SignedAcknowledgement, SignedBatch } from '../../host/protocol/issuer/port.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import type { Exchange } from '../../host/terminal/https.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import type { TerminalTls } from '../../host/terminal/tls.js';
import { repeatableRandom } from '../helpers/keys.js';
import { schemeId, startTime, terminal } from '../helpers/scheme.js';
import { SoftCard } from '../helpers/soft-card.js';
import { SoftPos } from '../helpers/soft-pos.js';
import type { IssuerProcess } from './issuer-process.js';

const desk = terminal(Role.perso, 'soft desk', { expiry: startTime + 3650 * day });
const kiosk = terminal(Role.load, 'soft kiosk', { expiry: startTime + 3650 * day });

interface Worker {
  readonly card: SoftCard;
  readonly shop: SoftPos;
  readonly port: IssuerPort;
}

export class Traffic {
  readonly acknowledged: { readonly batch: SignedBatch; readonly answer: SignedAcknowledgement }[] = [];
  /** Sold and acknowledged, in minor units, by merchant. */
  readonly sold = new Map<string, bigint>();
  /** Requests that had to be sent again. */
  repeats = 0;
  private readonly workers: Worker[];
  private readonly desk: IssuerPort;
  private readonly kiosk: IssuerPort;
  private readonly random: (bytes: number) => Uint8Array;
  private stopped = false;

  constructor(
    private readonly issuer: IssuerProcess,
    workers: number,
    seed: number,
    /** In place of a connection to that one process. */
    private readonly network?: (tls: TerminalTls) => Exchange,
  ) {
    this.random = repeatableRandom(`traffic ${seed}`);
    this.desk = this.portOf(desk);
    this.kiosk = this.portOf(kiosk);
    this.workers = Array.from({ length: workers }, (_, i) => {
      const merchantId = Uint8Array.of(0, 0, 0, i + 1);
      const validity = { effective: startTime - 3600, expiry: startTime + 60 * day };
      const identity = terminal(Role.pos, `soft pos ${i + 1}`, { merchantId, ...validity });
      const shop = new SoftPos(identity, schemeId, () => startTime);
      return { card: new SoftCard(`traffic ${i}`), shop, port: this.portOf(identity) };
    });
  }

  get cards(): readonly SoftCard[] {
    return this.workers.map(({ card }) => card);
  }

  /** A number of 0 to `below` - 1, by the seed. */
  pick(below: number): number {
    const [a = 0, b = 0] = this.random(2);
    return (256 * a + b) % below;
  }

  async issueCards(): Promise<void> {
    const deskId = desk.certificate.terminalId;
    for (const { card } of this.workers) {
      const request = { deskId, serial: card.serial, signPoint: card.signer.point, agreePoint: card.agree.point };
      card.personalize(await this.answered(() => this.desk.issueCard({ ...request, holder: 'Traffic' })));
      await this.answered(() => this.desk.cardActivated(card.statement(StatementPurpose.log)));
    }
  }

  /** Works until told to stop, then hands everything in. */
  async work(): Promise<void> {
    await Promise.all(
      this.workers.map(async (worker) => {
        while (!this.stopped) await this.round(worker);
        await this.handIn(worker);
        await this.synchronise(worker.card);
      }),
    );
  }

  stop(): void {
    this.stopped = true;
  }

  /** Every acknowledgement is given again, byte for byte. */
  async askAgain(): Promise<void> {
    for (const { batch, answer } of this.acknowledged) {
      const port = this.workers.find(({ shop }) => shop.identity.certificate.bytes === batch.terminalCertificate)?.port;
      if (port === undefined) throw new Error('a batch of nobody');
      expect(await this.answered(() => port.uploadBatch(batch))).to.deep.equal(answer);
    }
  }

  private async round(worker: Worker): Promise<void> {
    if (worker.card.balance(0) < 20_00) await this.load(worker.card);
    for (let sales = 1 + this.pick(5); sales > 0; sales--) {
      const { card } = this.workers[this.pick(this.workers.length)] ?? worker;
      const amount = 1 + this.pick(3_00);
      if (card.hasRoom && card.balance(0) >= amount) worker.shop.sell(card, 0, amount);
    }
    await this.handIn(worker);
    if (this.pick(3) === 0 || !worker.card.hasRoom) await this.synchronise(worker.card);
  }

  private async load(card: SoftCard): Promise<void> {
    const kioskId = kiosk.certificate.terminalId;
    const log = card.initLoad(LoadType.load, 0, 50_00, kioskId);
    const answer = await this.answered(() => this.kiosk.authoriseLoad({ kioskId, log }));
    // the holder's daily limit ends the loads, not the sales
    if (answer.status !== 'authorised') return void (await this.giveUp(card));
    const proof = card.credit(answer.authorisation, answer.signature);
    await this.answered(() => this.kiosk.loadCredited(proof));
  }

  private async giveUp(card: SoftCard): Promise<void> {
    const proof = card.cancelLoad();
    await this.answered(() => this.kiosk.loadCancelled(proof));
  }

  private async handIn({ shop, port }: Worker): Promise<void> {
    const sold = shop.entries.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    const batch = shop.close();
    const answer = await this.answered(() => port.uploadBatch(batch));
    this.acknowledged.push({ batch, answer });
    this.sold.set(shop.merchant, (this.sold.get(shop.merchant) ?? 0n) + sold);
  }

  private async synchronise(card: SoftCard): Promise<void> {
    const log = card.log();
    for (const order of await this.answered(() => this.kiosk.synchronise(log))) card.put(order);
  }

  private async answered<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof IssuerError) || !passing.has(error.code)) throw error;
        this.repeats++;
        await pause(20);
      }
    }
  }

  private portOf(identity: TerminalIdentity): IssuerPort {
    const tls = this.issuer.tls.of(identity, startTime);
    const exchange = this.network === undefined ? {} : { exchange: this.network(tls) };
    return httpIssuer({ url: this.issuer.url, tls, attempts: 1, patience: 15_000, ...exchange });
  }
}

/** Nobody was there, or not in time. */
const passing = new Set(['unreachable', 'busy']);
