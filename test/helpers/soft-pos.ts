/** A POS in software, for tests that need batches and no reader: sells to {@link SoftCard}s and closes its day. */
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import type { Clock } from '../../host/protocol/codec/time.js';
import { Outcome } from '../../host/protocol/generated/enums.js';
import { batchCodec, recordCodec } from '../../host/protocol/generated/structures.js';
import type { BatchEntryFields, BatchFields, BatchTotalFields } from '../../host/protocol/generated/structures.js';
import type { SignedBatch, SignedRecord } from '../../host/protocol/issuer/port.js';
import { signBatch } from '../../host/protocol/signed/batch.js';
import { signCancelOrder } from '../../host/protocol/signed/cancel-order.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import type { SoftCard } from './soft-card.js';

const nothing = new Uint8Array();

export class SoftPos {
  private tn = 0;
  private batchNumber = 0;
  private firstTn = 1;
  entries: BatchEntryFields[] = [];

  constructor(
    readonly identity: TerminalIdentity,
    private readonly scheme: number,
    private readonly clock: Clock,
  ) {}

  get lastTn(): number {
    return this.tn;
  }

  /** Acquirer and merchant, as the ledger names them. */
  get merchant(): string {
    const { acquirerId, merchantId } = this.identity.certificate;
    return toHex(concat(acquirerId, merchantId));
  }

  /** A sale whose answer arrived. */
  sell(card: SoftCard, slot: number, amount: number): SignedRecord {
    const proof = this.debit(card, slot, amount);
    this.note(Outcome.sold, proof);
    return proof;
  }

  /** DEBIT alone: the terminal never sees the answer. */
  debit(card: SoftCard, slot: number, amount: number): SignedRecord {
    const proof = card.pay({ tn: this.tn + 1, ...this.who(), slot, amount, time: this.clock() });
    this.tn++;
    return proof;
  }

  /** CANCEL LAST of this terminal's newest sale to the card; its entry becomes `cancelled`. */
  cancel(card: SoftCard): SignedRecord {
    const { proof, signature } = this.undo(card);
    const { ref } = recordCodec.decode(proof.record);
    this.entries = this.entries.map((entry) =>
      entry.ntSeen + 1 === ref && sameBytes(entry.cardId, card.cardId) && entry.outcome === Outcome.sold
        ? { ...entry, outcome: Outcome.cancelled }
        : entry,
    );
    this.note(Outcome.cancel, proof, { cancelOrder: signature });
    return proof;
  }

  /** CANCEL LAST alone: nothing of it stands in the batch. */
  undo(card: SoftCard): { proof: SignedRecord; signature: Uint8Array } {
    const last = card.books.records.at(-1);
    if (last === undefined) throw new Error('nothing to cancel');
    const tn = this.tn + 1;
    const signature = signCancelOrder(
      {
        scheme: this.scheme,
        cardId: card.cardId,
        terminalId: this.identity.certificate.terminalId,
        cancelledNt: last.nt,
        cancelledTn: last.tn,
        tn,
        slot: last.slot,
        amount: last.amount,
      },
      this.identity.signer,
    );
    const proof = card.cancelLast({ tn, ...this.who(), time: this.clock(), cancelledTn: last.tn, signature });
    this.tn = tn;
    return { proof, signature };
  }

  /** Enters a transaction in the open batch. */
  note(outcome: Outcome, { cardId, record, s3 }: SignedRecord, changes: Partial<BatchEntryFields> = {}): void {
    const { tn, slot, unit, amount, nt } = recordCodec.decode(record);
    const proven = outcome !== Outcome.void && outcome !== Outcome.open;
    this.entries.push({
      tn,
      outcome,
      correction: 0,
      cardId,
      slot,
      unit,
      amount,
      ntSeen: nt - 1,
      proof: proven ? concat(record, s3) : nothing,
      cancelOrder: nothing,
      ...changes,
    });
  }

  /** An order that was never executed. */
  noteVoid(card: SoftCard, amount: number): void {
    this.tn++;
    this.entries.push({
      tn: this.tn,
      outcome: Outcome.void,
      correction: 0,
      cardId: card.cardId,
      slot: 0,
      unit: 0x0978,
      amount,
      ntSeen: card.nt,
      proof: nothing,
      cancelOrder: nothing,
    });
  }

  /** Closes the batch. @param changes what a dishonest terminal signs instead */
  close(changes: Partial<BatchFields> = {}): SignedBatch {
    this.batchNumber++;
    const { terminalId, acquirerId, merchantId } = this.identity.certificate;
    const batch: BatchFields = {
      scheme: this.scheme,
      terminalId,
      acquirerId,
      merchantId,
      batchNumber: this.batchNumber,
      firstTn: this.firstTn,
      lastTn: this.tn,
      hotListVersion: 0,
      closedAt: this.clock(),
      totals: totalsOf(this.entries),
      entries: this.entries,
      ...changes,
    };
    this.firstTn = this.tn + 1;
    this.entries = [];
    return this.signed(batch);
  }

  /** A closed batch read again, to be told differently. */
  opened({ batch }: SignedBatch): BatchFields {
    return batchCodec.decode(batch);
  }

  signed(batch: BatchFields): SignedBatch {
    return {
      batch: batchCodec.encode(batch),
      signature: signBatch(batch, this.identity.signer),
      terminalCertificate: this.identity.certificate.bytes,
    };
  }

  private who(): { terminalId: Uint8Array; acquirerId: Uint8Array; merchantId: Uint8Array } {
    const { terminalId, acquirerId, merchantId } = this.identity.certificate;
    return { terminalId, acquirerId, merchantId };
  }
}

export function totalsOf(entries: readonly BatchEntryFields[]): BatchTotalFields[] {
  const totals = new Map<number, BatchTotalFields>();
  for (const { unit, amount, outcome, proof } of entries) {
    if (proof.length === 0) continue;
    const total = totals.get(unit) ?? { unit, soldCount: 0, soldAmount: 0n, cancelCount: 0, cancelAmount: 0n };
    const isCancel = outcome === Outcome.cancel;
    totals.set(unit, {
      unit,
      soldCount: total.soldCount + (isCancel ? 0 : 1),
      soldAmount: total.soldAmount + (isCancel ? 0n : BigInt(amount)),
      cancelCount: total.cancelCount + (isCancel ? 1 : 0),
      cancelAmount: total.cancelAmount + (isCancel ? BigInt(amount) : 0n),
    });
  }
  return [...totals.values()].sort((a, b) => a.unit - b.unit);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
