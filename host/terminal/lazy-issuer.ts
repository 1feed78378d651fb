/** The issuer, reached when it is first asked: a payment at a known terminal never waits for a ledger to open. */
import type { IssuerPort } from '../protocol/issuer/port.js';

export interface IssuerAccess {
  readonly port: IssuerPort;
  close(): Promise<void>;
}

export class LazyIssuer implements IssuerAccess {
  #access: Promise<IssuerAccess> | undefined;

  /** @param open may fail with IssuerError: the next call tries again */
  constructor(private readonly open: () => Promise<IssuerAccess>) {}

  async #reach(): Promise<IssuerPort> {
    this.#access ??= this.open();
    try {
      return (await this.#access).port;
    } catch (error) {
      this.#access = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#access?.then((access) => access.close());
    this.#access = undefined;
  }

  readonly port: IssuerPort = {
    issueCard: async (request) => (await this.#reach()).issueCard(request),
    cardActivated: async (proof) => (await this.#reach()).cardActivated(proof),
    orderFor: async (request) => (await this.#reach()).orderFor(request),
    orderTaken: async (proof) => (await this.#reach()).orderTaken(proof),
    synchronise: async (log) => (await this.#reach()).synchronise(log),
    authoriseLoad: async (request) => (await this.#reach()).authoriseLoad(request),
    loadStatus: async (request) => (await this.#reach()).loadStatus(request),
    loadCredited: async (proof) => (await this.#reach()).loadCredited(proof),
    loadCancelled: async (proof) => (await this.#reach()).loadCancelled(proof),
    hotList: async (known) => (await this.#reach()).hotList(known),
    blockTaken: async (proof) => (await this.#reach()).blockTaken(proof),
    uploadBatch: async (batch) => (await this.#reach()).uploadBatch(batch),
    entryAnswer: async (request) => (await this.#reach()).entryAnswer(request),
  };
}
