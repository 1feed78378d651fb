/**
 * A purse in software, for tests that need what cards sign and no card: it keeps the same books (slots, log, load register),
 * signs the same bytes, and refuses little, so that a test can make it lie. A card whose keys were extracted is a `copy()`.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../../host/protocol/codec/bytes.js';
import type { Seconds } from '../../host/protocol/codec/time.js';
import { nativeSigner } from '../../host/protocol/crypto/native.js';
import {
  KeyRef,
  LifeCycle,
  LoadState,
  LoadType,
  OrderType,
  RecordType,
  StatementPurpose,
} from '../../host/protocol/generated/enums.js';
import { logSize, pointsSlot, purchaseReserve } from '../../host/protocol/generated/parameters.js';
import {
  blockStatementCodec,
  cardDataCodec,
  creditAuthorisationCodec,
  keptCancelOrderCodec,
  keyDataCodec,
  orderBlockCodec,
  orderParametersCodec,
  orderSyncCodec,
  orderUnblockCodec,
  parametersCodec,
  recordCodec,
  statementCodec,
} from '../../host/protocol/generated/structures.js';
import type {
  LoadRegisterFields,
  ParametersFields,
  RecordFields,
  StatementFields,
} from '../../host/protocol/generated/structures.js';
import type {
  IssuedCard,
  SignedOrder,
  SignedRecord,
  SignedStatement,
  UploadedLog,
} from '../../host/protocol/issuer/port.js';
import { signBlockStatement } from '../../host/protocol/signed/block-statement.js';
import { verifyCreditAuthorisation } from '../../host/protocol/signed/credit-authorisation.js';
import { verifyOrder } from '../../host/protocol/signed/order.js';
import { signRecord } from '../../host/protocol/signed/signed-record.js';
import { signStatement } from '../../host/protocol/signed/signed-statement.js';
import { bytesFor, privateKeyFor } from './keys.js';

/** Whose sale a record says it is. */
export interface Sale {
  readonly tn: number;
  readonly terminalId: Uint8Array;
  readonly acquirerId: Uint8Array;
  readonly merchantId: Uint8Array;
  readonly slot: number;
  readonly amount: number;
  readonly time: Seconds;
}

/** A cancel: the sale it undoes is the newest record. */
export interface Undo extends Omit<Sale, 'slot' | 'amount'> {
  readonly cancelledTn: number;
  /** The terminal's cancel order. */
  readonly signature: Uint8Array;
}

export class SoftCardRefusal extends Error {
  override readonly name = 'SoftCardRefusal';
}

interface Books {
  state: number;
  balances: number[];
  records: RecordFields[];
  acknowledged: number;
  register: LoadRegisterFields;
  orderCounter: number;
  blockNumber: number;
  unblockNumber: number;
  cancelOrders: { cancelledNt: number; cancelledTn: number; tn: number; signature: Uint8Array }[];
}

const none8 = new Uint8Array(8);
const none4 = new Uint8Array(4);

export class SoftCard {
  readonly serial: Uint8Array;
  readonly signer;
  readonly agree;
  books: Books = {
    state: LifeCycle.raw,
    balances: [0, 0, 0],
    records: [],
    acknowledged: 0,
    register: {
      counter: 0,
      state: LoadState.none,
      type: 0,
      slot: 0,
      unit: 0,
      amount: 0,
      random: none8,
      terminalId: none8,
      creditNt: 0,
      previousState: LoadState.none,
    },
    orderCounter: 0,
    blockNumber: 0,
    unblockNumber: 0,
    cancelOrders: [],
  };
  cardId: Uint8Array = none8;
  parameters!: ParametersFields;
  private scheme = 0;
  private keyVersion = 0;
  private units: number[] = [];
  private readonly keys = new Map<number, Uint8Array>();

  /** @param label makes serial and keys; the same label is the same chip @param serial 8 bytes, where it matters */
  constructor(
    private readonly label: string,
    serial: Uint8Array = bytesFor(`serial ${label}`, 8),
  ) {
    this.serial = serial;
    this.signer = nativeSigner(privateKeyFor(`card ${label} sign`));
    this.agree = nativeSigner(privateKeyFor(`card ${label} agree`));
  }

  /** STORE DATA and ACTIVATE. */
  personalize(issued: IssuedCard): void {
    const data = cardDataCodec.decode(issued.cardData);
    this.cardId = data.cardId;
    this.scheme = data.scheme;
    this.keyVersion = data.keyVersion;
    this.units = data.units.map(({ unit }) => unit);
    this.parameters = parametersCodec.decode(issued.parameters);
    for (const { ref, data: key } of issued.keys) this.keys.set(ref, keyDataCodec.decode(key).point);
    this.books.state = LifeCycle.active;
  }

  /** The same keys and books in other hands. */
  copy(): SoftCard {
    const copy = new SoftCard(this.label, this.serial);
    copy.cardId = this.cardId;
    copy.parameters = this.parameters;
    copy.scheme = this.scheme;
    copy.keyVersion = this.keyVersion;
    copy.units = this.units;
    for (const [ref, point] of this.keys) copy.keys.set(ref, point);
    copy.books = structuredClone(this.books);
    return copy;
  }

  get nt(): number {
    return this.books.records.length;
  }

  /** Room in the log for one more purchase. */
  get hasRoom(): boolean {
    return this.nt - this.books.acknowledged < logSize - purchaseReserve;
  }

  pay(sale: Sale): SignedRecord {
    this.refuseUnless(this.books.state === LifeCycle.active, 'not active');
    this.refuseUnless(sale.amount > 0 && sale.amount <= this.balance(sale.slot), 'balance');
    this.refuseUnless(this.hasRoom, 'log full');
    const step = this.parameters.slots[sale.slot]?.pointsStep ?? 0;
    const room = (this.parameters.slots[pointsSlot]?.maxBalance ?? 0) - this.balance(pointsSlot);
    const points = step === 0 || sale.slot === pointsSlot ? 0 : Math.min(Math.floor(sale.amount / step), room);
    this.move(sale.slot, -sale.amount);
    this.move(pointsSlot, points);
    return this.write({ ...sale, type: RecordType.purchase, points, ref: 0 });
  }

  cancelLast({ cancelledTn, signature, ...undo }: Undo): SignedRecord {
    const last = this.books.records.at(-1);
    if (last?.type !== RecordType.purchase) throw new SoftCardRefusal('not last');
    this.refuseUnless(this.books.cancelOrders.length < this.parameters.cancelsBetweenSyncs, 'cancel limit');
    this.move(last.slot, last.amount);
    this.move(pointsSlot, -last.points);
    this.books.cancelOrders.push({ cancelledNt: last.nt, cancelledTn, tn: undo.tn, signature });
    const { slot, amount, points } = last;
    return this.write({ ...undo, slot, amount, points, type: RecordType.cancel, ref: last.nt });
  }

  /** INIT LOAD: the same terms asked again keep counter and random. */
  initLoad(type: LoadType, slot: number, amount: number, kioskId: Uint8Array): UploadedLog {
    const { register } = this.books;
    const same = register.type === type && register.slot === slot && register.amount === amount;
    if (register.state === LoadState.pending) this.refuseUnless(same, 'load pending');
    else {
      const counter = register.counter + 1;
      this.books.register = {
        counter,
        state: LoadState.pending,
        type,
        slot,
        unit: this.units[slot] ?? 0,
        amount,
        random: bytesFor(`random ${this.label} ${counter}`, 8),
        terminalId: kioskId,
        creditNt: 0,
        previousState: register.state,
      };
    }
    return this.log(StatementPurpose.initLoad);
  }

  /** CREDIT: verifies the authorisation and compares it with the register. */
  credit(authorisation: Uint8Array, signature: Uint8Array): SignedRecord {
    const fields = creditAuthorisationCodec.decode(authorisation);
    const { register } = this.books;
    this.refuseUnless(verifyCreditAuthorisation(fields, signature, this.key(KeyRef.credit)), 'signature');
    const same =
      fields.counter === register.counter &&
      fields.type === register.type &&
      fields.slot === register.slot &&
      fields.amount === register.amount &&
      fields.random.every((byte, i) => byte === register.random[i]);
    this.refuseUnless(same && register.state !== LoadState.cancelled, 'no such load');
    if (register.state === LoadState.credited) return this.proof(register.creditNt);
    this.acknowledge(fields.acknowledged, fields.runningHash);
    return this.applyCredit(fields.type, fields.slot, fields.amount, fields.date);
  }

  /** The effect of CREDIT without asking for an authorisation: what an extracted key can pretend. */
  applyCredit(type: number, slot: number, amount: number, time: Seconds): SignedRecord {
    this.move(slot, type === LoadType.unload ? -amount : amount);
    const { register } = this.books;
    this.books.register = { ...register, state: LoadState.credited, creditNt: this.nt + 1 };
    return this.write({
      type: type === LoadType.unload ? RecordType.unload : RecordType.load,
      tn: 0,
      terminalId: register.terminalId,
      acquirerId: none4,
      merchantId: none4,
      slot,
      amount,
      points: 0,
      time,
      ref: register.counter,
    });
  }

  cancelLoad(): SignedStatement {
    const { register } = this.books;
    if (register.state === LoadState.pending) this.books.register = { ...register, state: LoadState.cancelled };
    return this.statement(StatementPurpose.register);
  }

  /** The log after A under a statement. */
  log(purpose: StatementPurpose = StatementPurpose.log): UploadedLog {
    const { records, acknowledged, cancelOrders } = this.books;
    return {
      ...this.statement(purpose),
      records: records.slice(acknowledged).map((record) => recordCodec.encode(record)),
      cancelOrders: cancelOrders.map((order) => keptCancelOrderCodec.encode(order)),
    };
  }

  statement(purpose: StatementPurpose, changes: Partial<StatementFields> = {}): SignedStatement {
    const { state, acknowledged, balances, register, orderCounter, blockNumber } = this.books;
    const statement: StatementFields = {
      purpose,
      state: state as StatementFields['state'],
      nt: this.nt,
      acknowledged,
      balances: balances.map((balance) => ({ balance })),
      runningHash: this.hashAt(this.nt),
      orderCounter,
      blockNumber,
      register,
      ...changes,
    };
    const message = { scheme: this.scheme, cardId: this.cardId, keyVersion: this.keyVersion, statement };
    return {
      cardId: this.cardId,
      statement: statementCodec.encode(statement),
      signature: signStatement(message, this.signer),
    };
  }

  closing(): SignedStatement {
    return this.statement(StatementPurpose.closing);
  }

  blockStatement(): { cardId: Uint8Array; statement: Uint8Array; signature: Uint8Array } {
    const statement = { blockNumber: this.books.blockNumber, nt: this.nt };
    const message = { scheme: this.scheme, cardId: this.cardId, keyVersion: this.keyVersion, statement };
    const signature = signBlockStatement(message, this.signer);
    return { cardId: this.cardId, statement: blockStatementCodec.encode(statement), signature };
  }

  /** GET PROOF: a record with S3, signed anew. */
  proof(nt: number): SignedRecord {
    const record = this.books.records[nt - 1];
    if (record === undefined) throw new SoftCardRefusal('no such record');
    return this.signed(record);
  }

  /** Signs whatever it is given: for forgeries. */
  signed(record: RecordFields): SignedRecord {
    const message = { scheme: this.scheme, cardId: this.cardId, keyVersion: this.keyVersion, record };
    return { cardId: this.cardId, record: recordCodec.encode(record), s3: signRecord(message, this.signer) };
  }

  /** PUT ORDER, as far as the issuer's side of it can be seen. */
  put({ type, body, signature }: SignedOrder): void {
    const order = { scheme: this.scheme, cardId: this.cardId, type: type as OrderType, body };
    this.refuseUnless(verifyOrder(order, signature, this.key(KeyRef.order)), 'signature');
    switch (type) {
      case OrderType.sync: {
        const { acknowledged, runningHash } = orderSyncCodec.decode(body);
        this.acknowledge(acknowledged, runningHash);
        return;
      }
      case OrderType.block: {
        const { blockNumber } = orderBlockCodec.decode(body);
        this.refuseUnless(blockNumber > this.books.unblockNumber, 'stale');
        this.books.blockNumber = blockNumber;
        this.books.state = LifeCycle.blocked;
        return;
      }
      case OrderType.parameters: {
        const { orderCounter, parameters } = orderParametersCodec.decode(body);
        this.count(orderCounter);
        this.parameters = parameters;
        return;
      }
      case OrderType.unblock: {
        const { orderCounter, highestBlockNumber } = orderUnblockCodec.decode(body);
        this.count(orderCounter);
        this.books.unblockNumber = highestBlockNumber;
        this.books.state = LifeCycle.active;
        return;
      }
      case OrderType.retire: {
        this.books.orderCounter++;
        const { register } = this.books;
        if (register.state === LoadState.pending) this.books.register = { ...register, state: LoadState.cancelled };
        this.books.state = LifeCycle.retired;
        return;
      }
      default:
        this.books.orderCounter++;
    }
  }

  balance(slot: number): number {
    return this.books.balances[slot] ?? 0;
  }

  private acknowledge(nt: number, hash: Uint8Array): void {
    this.refuseUnless(nt <= this.nt && hash.every((byte, i) => byte === this.hashAt(nt)[i]), 'history');
    if (nt <= this.books.acknowledged) return;
    this.books.acknowledged = nt;
    this.books.cancelOrders = this.books.cancelOrders.filter(({ cancelledNt }) => cancelledNt >= nt);
  }

  private count(orderCounter: number): void {
    this.refuseUnless(orderCounter === this.books.orderCounter + 1, 'stale');
    this.books.orderCounter = orderCounter;
  }

  private write(
    fields: Pick<
      RecordFields,
      'type' | 'tn' | 'terminalId' | 'acquirerId' | 'merchantId' | 'slot' | 'amount' | 'points' | 'time' | 'ref'
    >,
  ): SignedRecord {
    const { type, tn, terminalId, acquirerId, merchantId, slot, amount, points, time, ref } = fields;
    const record: RecordFields = {
      type,
      nt: this.nt + 1,
      tn,
      terminalId,
      acquirerId,
      merchantId,
      slot,
      unit: this.units[slot] ?? 0,
      amount,
      balance: this.balance(slot),
      points,
      pointsBalance: this.balance(pointsSlot),
      time,
      flags: 0,
      parametersVersion: this.parameters.version,
      ref,
    };
    this.books.records.push(record);
    return this.signed(record);
  }

  private hashAt(nt: number): Uint8Array {
    return this.books.records
      .slice(0, nt)
      .reduce((hash, record) => sha256(concat(hash, recordCodec.encode(record))), new Uint8Array(32));
  }

  private move(slot: number, by: number): void {
    this.books.balances[slot] = this.balance(slot) + by;
  }

  private key(ref: number): Uint8Array {
    const point = this.keys.get(ref);
    if (point === undefined) throw new Error('not personalized');
    return point;
  }

  private refuseUnless(holds: boolean, why: string): void {
    if (!holds) throw new SoftCardRefusal(why);
  }
}
