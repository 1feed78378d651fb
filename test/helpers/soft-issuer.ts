/** The real issuer on a store in memory, with the test scheme, a clock that is moved by hand, and a bank that does as it is told. */
import { day } from '../../host/protocol/codec/time.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { Authority, LoadType, Role, StatementPurpose } from '../../host/protocol/generated/enums.js';
import type { DeskOrder, IssuerPort, SignedOrder } from '../../host/protocol/issuer/port.js';
import { defaultPolicy } from '../../host/issuer/domain/policy.js';
import type { Policy } from '../../host/issuer/domain/policy.js';
import { SimulatedBank } from '../../host/issuer/funding/simulated-bank.js';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { startIssuer } from '../../host/issuer/open.js';
import { keyring } from '../../host/issuer/pki/keyring.js';
import { batchEntriesOf } from '../../host/issuer/service/batch-entries.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import { registerTerminal } from '../../host/issuer/service/terminals.js';
import { openMemoryStore } from '../../host/issuer/store/embedded.js';
import type { Store } from '../../host/issuer/store/database.js';
import { accountBalances, partyBalances } from '../../host/issuer/store/ledger.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { TestClock, authoritySigner, scheme, schemeId, startTime, terminal } from './scheme.js';
import type { AuthorityName } from './scheme.js';
import { SoftCard } from './soft-card.js';
import { SoftPos } from './soft-pos.js';

/** Short windows, wide limits. */
export const testPolicy: Policy = {
  ...defaultPolicy,
  cardDaily: { EUR: 5_000_00n, USD: 5_000_00n },
  holderDaily: { EUR: 8_000_00n, USD: 8_000_00n },
};

export class SoftIssuer {
  readonly desk: TerminalIdentity = terminal(Role.perso, 'soft desk', { expiry: startTime + 3650 * day });
  readonly kiosk: TerminalIdentity = terminal(Role.load, 'soft kiosk', { expiry: startTime + 3650 * day });
  private cards = 0;
  private terminals = 0;

  private constructor(
    readonly issuer: Issuer,
    readonly port: IssuerPort,
    readonly bank: SimulatedBank,
    readonly clock: TestClock,
  ) {}

  /** @param bank that of another process of the same issuer */
  static async open(
    store?: Store,
    policy: Policy = testPolicy,
    bank = new SimulatedBank(),
    signerOf: (name: AuthorityName) => Signer = authoritySigner,
  ): Promise<SoftIssuer> {
    const clock = new TestClock();
    const names = Object.keys(Authority) as AuthorityName[];
    const keys = keyring(
      scheme,
      names.map((name) => ({ authority: Authority[name], version: 1, signer: signerOf(name) })),
    );
    const parts = { store: store ?? (await openMemoryStore()), scheme, keys, policy, clock: clock.read, funding: bank };
    const { issuer, port } = await startIssuer(parts);
    const self = new SoftIssuer(issuer, port, bank, clock);
    for (const { certificate } of [self.desk, self.kiosk]) await registerTerminal(issuer.store.db, certificate);
    return self;
  }

  close(): Promise<void> {
    return this.issuer.store.close();
  }

  /** A card in a holder's hands. */
  async card(holder?: string, replaces?: Uint8Array): Promise<SoftCard> {
    const number = ++this.cards;
    const card = new SoftCard(`soft card ${number}`);
    const issued = await this.port.issueCard({
      deskId: this.desk.certificate.terminalId,
      serial: card.serial,
      signPoint: card.signer.point,
      agreePoint: card.agree.point,
      holder: holder ?? `Holder ${number}`,
      ...(replaces === undefined ? {} : { replaces }),
    });
    card.personalize(issued);
    await this.port.cardActivated(card.statement(StatementPurpose.log));
    return card;
  }

  /** A POS of one more merchant, known to the issuer. */
  async pos(overrides: Parameters<typeof terminal>[2] = {}): Promise<SoftPos> {
    const number = ++this.terminals;
    const merchantId = Uint8Array.of(0, 0, 0, number);
    const identity = terminal(Role.pos, `soft pos ${number}`, {
      merchantId,
      effective: this.clock.now - 3600,
      expiry: this.clock.now + 60 * day,
      ...overrides,
    });
    await registerTerminal(this.issuer.store.db, identity.certificate);
    return new SoftPos(identity, schemeId, this.clock.read);
  }

  /** The whole of a load or unload that nothing disturbs. */
  async load(card: SoftCard, slot: number, amount: number, type: LoadType = LoadType.load): Promise<void> {
    const kioskId = this.kiosk.certificate.terminalId;
    const answer = await this.port.authoriseLoad({ kioskId, log: card.initLoad(type, slot, amount, kioskId) });
    if (answer.status !== 'authorised') throw new Error(`load ${answer.status}: ${JSON.stringify(answer)}`);
    await this.port.loadCredited(card.credit(answer.authorisation, answer.signature));
  }

  /** A card of somebody new, with money on its first slot. @param amount minor units */
  async fundedCard(amount: number): Promise<SoftCard> {
    const card = await this.card();
    await this.load(card, 0, amount);
    return card;
  }

  /** Upload at a kiosk, and what it brings. */
  async synchronise(card: SoftCard): Promise<void> {
    for (const order of await this.port.synchronise(card.log())) card.put(order);
  }

  /** What a desk asks the issuer for about a card. */
  order(card: SoftCard, order: DeskOrder): Promise<SignedOrder> {
    const proof = card.statement(StatementPurpose.log);
    return this.port.orderFor({ deskId: this.desk.certificate.terminalId, order, proof, reason: 'test' });
  }

  /** Sentences on everything that does not agree; empty when all is well. */
  async differences(): Promise<string[]> {
    const { equations, ledgerSum, differences } = await reconcile(this.issuer);
    const unequal = equations
      .filter(({ holds }) => !holds)
      .map((one) => `${one.unit.name}: owed ${one.owed}, held ${one.held}`);
    return [...unequal, ...differences, ...(ledgerSum === 0n ? [] : [`ledger sum ${ledgerSum}`])];
  }

  /** Shadow balances of a card, by slot. */
  async shadow(card: SoftCard): Promise<number[]> {
    const rows = await this.issuer.store.db
      .selectFrom('card_slot')
      .select('balance')
      .where('card_id', '=', hex(card.cardId))
      .orderBy('slot')
      .execute();
    return rows.map(({ balance }) => Number(balance));
  }

  /** Kinds of findings about a party. */
  async findings(party: Uint8Array): Promise<string[]> {
    const rows = await this.issuer.store.db
      .selectFrom('finding')
      .select('kind')
      .where('party', '=', hex(party))
      .orderBy('kind')
      .execute();
    return rows.map(({ kind }) => kind);
  }

  /** Whether the newest hot list names a card. */
  async lists(cardId: Uint8Array): Promise<boolean> {
    const newest = await this.port.hotList(0);
    return newest !== null && hex(newest.list).includes(hex(cardId));
  }

  /** What a merchant has claimed and not been paid, in minor units. */
  async owed(at: SoftPos, unit = 'EUR'): Promise<bigint> {
    const balances = await partyBalances(this.issuer.store.db, 'merchantsPayable');
    return balances.find((one) => one.party === at.merchant && one.money.unit.name === unit)?.money.amount ?? 0n;
  }

  /** What became of every entry a terminal handed in. */
  async results(at: SoftPos): Promise<string[]> {
    const { db } = this.issuer.store;
    const terminalId = hex(at.identity.certificate.terminalId);
    const batches = await db
      .selectFrom('batch')
      .select('number')
      .where('terminal_id', '=', terminalId)
      .orderBy('number')
      .execute();
    const results: string[] = [];
    for (const { number } of batches)
      results.push(...(await batchEntriesOf(db, terminalId, number)).map(({ result }) => result));
    return results;
  }

  /** Balance of an account of the chart in minor units of a unit. */
  async account(name: string, unit = 'EUR'): Promise<bigint> {
    const all = await accountBalances(this.issuer.store.db);
    return all.find(({ account, money }) => account === name && money.unit.name === unit)?.money.amount ?? 0n;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
