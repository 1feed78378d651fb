/** A shop on the issuer's books: the till that meets real cards, and the batches it hands in. */
import type { RecordWithProof } from '../../../host/protocol/commands/credit.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import { registerTerminal } from '../../../host/issuer/service/terminals.js';
import { schemeId } from '../../helpers/scheme.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { SoftPos } from '../../helpers/soft-pos.js';
import type { IssuedCard } from './issued-card.js';
import { Till } from './till.js';

export class Shop {
  private constructor(
    private readonly issuer: SoftIssuer,
    readonly till: Till,
    private readonly books: SoftPos,
  ) {}

  /**
   * @param name seeds the till's keys
   * @param merchantId 4 bytes; a merchant of its own
   */
  static async open(issuer: SoftIssuer, name: string, merchantId: Uint8Array): Promise<Shop> {
    const till = new Till(name, { merchantId });
    await registerTerminal(issuer.issuer.store.db, till.identity.certificate);
    return new Shop(issuer, till, new SoftPos(till.identity, schemeId, issuer.clock.read));
  }

  get terminalId(): Uint8Array {
    return this.till.identity.certificate.terminalId;
  }

  /** Enters in the open batch what a card signed, or what somebody says it did. */
  note({ cardId }: IssuedCard, { record, s3 }: RecordWithProof, outcome: Outcome = Outcome.sold): void {
    this.books.note(outcome, { cardId, record: recordCodec.encode(record), s3 });
  }

  /** @param lastTn the till's newest transaction number @param closedAt what a dishonest till writes in place of the time */
  async handIn(lastTn: number, closedAt?: number): Promise<void> {
    await this.issuer.port.uploadBatch(this.books.close({ lastTn, ...(closedAt === undefined ? {} : { closedAt }) }));
  }

  /** What the issuer owes the merchant, in cents. */
  owed(): Promise<bigint> {
    return this.issuer.owed(this.books);
  }
}
