/**
 * An issuer in memory, for tests of terminals: real signatures, real running hashes, and just enough books to tell whether money
 * was made or lost. It keeps everything it is told, so that a test can ask what it knows.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes, toHex } from '../../host/protocol/codec/bytes.js';
import type { Clock } from '../../host/protocol/codec/time.js';
import { Authority, LoadState, LoadType, OrderType, Outcome, RecordType } from '../../host/protocol/generated/enums.js';
import {
  batchAcknowledgementCodec,
  batchCodec,
  blockStatementCodec,
  entryAnswerCodec,
  hotListCodec,
  orderBlockCodec,
  orderPinResetCodec,
  orderRetireCodec,
  orderSyncCodec,
  orderUnblockCodec,
  recordCodec,
  statementCodec,
} from '../../host/protocol/generated/structures.js';
import type { BatchFields, ParametersFields, RecordFields } from '../../host/protocol/generated/structures.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type * as Port from '../../host/protocol/issuer/port.js';
import { runningHash } from '../../host/protocol/proofs/running-hash.js';
import { batchMessage } from '../../host/protocol/signed/batch.js';
import { signBatchAcknowledgement } from '../../host/protocol/signed/batch-acknowledgement.js';
import { verifyBlockStatement } from '../../host/protocol/signed/block-statement.js';
import { signEntryAnswer } from '../../host/protocol/signed/entry-answer.js';
import { signHotList } from '../../host/protocol/signed/hot-list.js';
import { signOrder } from '../../host/protocol/signed/order.js';
import { verifyRecord } from '../../host/protocol/signed/signed-record.js';
import { verifyStatement } from '../../host/protocol/signed/signed-statement.js';
import type { Scheme } from '../../host/protocol/scheme.js';
import type { Keyring } from '../../host/issuer/pki/keyring.js';
import { issued } from './memory-cards.js';
import type { BookedCard } from './memory-cards.js';
import { answerOf, askBank, newLoad } from './memory-loads.js';
import type { Bank, Load, Means } from './memory-loads.js';

export class MemoryIssuer implements Port.IssuerPort {
  readonly cards = new Map<string, BookedCard>();
  readonly batches: BatchFields[] = [];
  /** How often each method was called. */
  readonly calls: string[] = [];
  bank: Bank = () => 'yes';
  /** Answers on entries by `cardId:tn`; others are unknown. */
  readonly answers = new Map<string, 'void' | RecordFields>();
  /** Signs answers on entries with a key that may not. */
  forgeAnswers = false;
  #version = 1;

  constructor(
    readonly scheme: Scheme,
    private readonly keys: Keyring,
    private readonly parameters: ParametersFields,
    private readonly clock: Clock,
  ) {}

  issueCard(request: Port.IssueRequest): Promise<Port.IssuedCard> {
    this.calls.push('issueCard');
    const cardId = sha256(concat(request.serial, request.signPoint)).slice(0, 8);
    const known = this.cards.get(toHex(cardId));
    if (known !== undefined) return Promise.resolve(known.issued);
    const card = issued({ ...this.#means(), parameters: this.parameters }, cardId, request);
    this.cards.set(toHex(cardId), card);
    return Promise.resolve(card.issued);
  }

  cardActivated(proof: Port.SignedStatement): Promise<void> {
    this.calls.push('cardActivated');
    this.#statement(proof);
    this.card(proof.cardId).active = true;
    return Promise.resolve();
  }

  orderFor({ order, proof }: { order: Port.DeskOrder; proof: Port.SignedStatement }): Promise<Port.SignedOrder> {
    this.calls.push('orderFor');
    const { orderCounter } = this.#statement(proof);
    const next = { orderCounter: orderCounter + 1 };
    switch (order) {
      case 'unblock':
        return Promise.resolve(
          this.#order(
            proof.cardId,
            OrderType.unblock,
            orderUnblockCodec.encode({ ...next, highestBlockNumber: this.#version }),
          ),
        );
      case 'pinReset':
        return Promise.resolve(this.#order(proof.cardId, OrderType.pinReset, orderPinResetCodec.encode(next)));
      case 'retire':
        return Promise.resolve(this.#order(proof.cardId, OrderType.retire, orderRetireCodec.encode(next)));
      case 'parameters':
        throw new IssuerError('rejected', 'no newer parameters');
    }
  }

  orderTaken(proof: Port.SignedStatement): Promise<void> {
    this.calls.push('orderTaken');
    const { state } = this.#statement(proof);
    this.card(proof.cardId).retired = state === 0x10;
    return Promise.resolve();
  }

  synchronise(log: Port.UploadedLog): Promise<readonly Port.SignedOrder[]> {
    this.calls.push('synchronise');
    this.#take(log);
    const { acknowledged, hash } = this.card(log.cardId);
    const body = orderSyncCodec.encode({ acknowledged, runningHash: hash, date: this.clock() });
    return Promise.resolve([this.#order(log.cardId, OrderType.sync, body)]);
  }

  authoriseLoad({ log }: { kioskId: Uint8Array; log: Port.UploadedLog }): Promise<Port.Authorisation> {
    this.calls.push('authoriseLoad');
    this.#take(log);
    const { register } = this.#statement(log);
    const card = this.card(log.cardId);
    const load = card.loads.get(register.counter) ?? newLoad(this.#means(), log.cardId, card, register);
    card.loads.set(register.counter, load);
    if (load.state === 'waiting') askBank(this.bank, load);
    return Promise.resolve(answerOf(load));
  }

  loadStatus({ cardId, counter }: { cardId: Uint8Array; counter: number }): Promise<Port.LoadStatus> {
    this.calls.push('loadStatus');
    const load = this.card(cardId).loads.get(counter);
    if (load === undefined) return Promise.resolve({ status: 'unknown' });
    if (load.state === 'credited' || load.state === 'cancelled') return Promise.resolve({ status: 'settled' });
    if (load.state === 'waiting') askBank(this.bank, load);
    return Promise.resolve(answerOf(load));
  }

  loadCredited({ cardId, record, s3 }: Port.SignedRecord): Promise<void> {
    this.calls.push('loadCredited');
    const fields = recordCodec.decode(record);
    this.#verify(cardId, fields, s3);
    this.#book(cardId, fields);
    return Promise.resolve();
  }

  loadCancelled(proof: Port.SignedStatement): Promise<void> {
    this.calls.push('loadCancelled');
    const { register } = this.#statement(proof);
    if (register.state !== LoadState.cancelled) throw new IssuerError('rejected', 'not cancelled');
    const load = this.card(proof.cardId).loads.get(register.counter);
    if (load?.state === 'credited') throw new IssuerError('rejected', 'a compromised card: credited and cancelled');
    if (load !== undefined) load.state = 'cancelled';
    return Promise.resolve();
  }

  hotList(known: number): Promise<Port.SignedHotList | null> {
    this.calls.push('hotList');
    if (known >= this.#version) return Promise.resolve(null);
    const entries = [...this.cards.values()].flatMap(({ certificate, listed }) =>
      listed === undefined ? [] : [{ cardId: certificate.cardId, ...listed }],
    );
    const fields = { scheme: this.scheme.id, version: this.#version, issuedAt: this.clock(), entries };
    return Promise.resolve({
      list: hotListCodec.encode(fields),
      signature: signHotList(fields, this.keys.signer(Authority.order)),
    });
  }

  blockTaken({
    cardId,
    statement,
    signature,
  }: {
    cardId: Uint8Array;
    statement: Uint8Array;
    signature: Uint8Array;
  }): Promise<void> {
    this.calls.push('blockTaken');
    const { certificate } = this.card(cardId);
    const message = { scheme: this.scheme.id, cardId, keyVersion: 1, statement: blockStatementCodec.decode(statement) };
    if (!verifyBlockStatement(message, signature, certificate.signPoint))
      throw new IssuerError('rejected', 'block statement');
    this.card(cardId).blockTaken = true;
    return Promise.resolve();
  }

  uploadBatch({ batch }: Port.SignedBatch): Promise<Port.SignedAcknowledgement> {
    this.calls.push('uploadBatch');
    const fields = batchCodec.decode(batch);
    if (!this.batches.some(({ batchNumber }) => batchNumber === fields.batchNumber)) {
      this.batches.push(fields);
      for (const entry of fields.entries) {
        if (entry.proof.length === 0) continue;
        const record = recordCodec.decode(entry.proof.slice(0, 55));
        if (entry.proof.length > 55) this.#verify(entry.cardId, record, entry.proof.slice(55));
        this.#book(entry.cardId, record);
      }
    }
    const acknowledgement = {
      scheme: this.scheme.id,
      terminalId: fields.terminalId,
      batchNumber: fields.batchNumber,
      batchHash: sha256(batchMessage(fields)),
      acceptedAt: this.clock(),
    };
    return Promise.resolve({
      acknowledgement: batchAcknowledgementCodec.encode(acknowledgement),
      signature: signBatchAcknowledgement(acknowledgement, this.keys.signer(Authority.order)),
    });
  }

  entryAnswer(request: {
    terminalId: Uint8Array;
    cardId: Uint8Array;
    tn: number;
    ntSeen: number;
  }): Promise<Port.EntryAnswer> {
    this.calls.push('entryAnswer');
    const { cardId, tn, ntSeen, terminalId } = request;
    const known = this.answers.get(`${toHex(cardId)}:${tn}`) ?? this.#endOf(request);
    if (known === undefined) return Promise.resolve({ status: 'unknown', askAfter: this.clock() + 60 });
    const record = known === 'void' ? new Uint8Array(0) : recordCodec.encode(known);
    const outcome = known === 'void' ? Outcome.void : Outcome.sold;
    const fields = {
      scheme: this.scheme.id,
      terminalId,
      cardId,
      tn,
      ntSeen,
      outcome,
      record,
      answeredAt: this.clock(),
    };
    const signed = {
      answer: entryAnswerCodec.encode(fields),
      signature: signEntryAnswer(fields, this.keys.signer(this.forgeAnswers ? Authority.credit : Authority.order)),
    };
    return Promise.resolve(
      known === 'void'
        ? { status: 'void', ...signed }
        : { status: 'executed', cardId, record, s3: new Uint8Array(0), ...signed },
    );
  }

  // --- what tests ask and do -------------------------------------------------------------------------------

  card(cardId: Uint8Array): BookedCard {
    const card = this.cards.get(toHex(cardId));
    if (card === undefined) throw new IssuerError('unknown-card', 'No such card.');
    return card;
  }

  /** Lists a card as stolen; its block order goes with the list. */
  list(cardId: Uint8Array): void {
    this.#version++;
    const { signature } = this.#order(cardId, OrderType.block, orderBlockCodec.encode({ blockNumber: this.#version }));
    this.card(cardId).listed = { blockNumber: this.#version, signature };
  }

  /** Minor units that were funded and are neither on a card nor given back, of one slot. */
  outstanding(cardId: Uint8Array, slot: number): bigint {
    return this.#sumOf(cardId, slot, (load) => load.state === 'authorised' && load.fields.type === LoadType.load);
  }

  /** Minor units paid in by the bank, less what was given back or paid out. */
  funded(cardId: Uint8Array, slot: number): bigint {
    const paidIn = this.#sumOf(
      cardId,
      slot,
      ({ state, fields }) => (state === 'authorised' || state === 'credited') && fields.type === LoadType.load,
    );
    const paidOut = this.#sumOf(
      cardId,
      slot,
      ({ state, fields }) => state === 'credited' && fields.type === LoadType.unload,
    );
    return paidIn - paidOut;
  }

  #sumOf(cardId: Uint8Array, slot: number, wanted: (load: Load) => boolean): bigint {
    return [...this.card(cardId).loads.values()]
      .filter((load) => load.fields.slot === slot && wanted(load))
      .reduce((sum, { fields }) => sum + BigInt(fields.amount), 0n);
  }

  /** An order can only have made the record after the one it saw: that one is its own, or another's, or not here yet. */
  #endOf({
    cardId,
    tn,
    terminalId,
    ntSeen,
  }: Parameters<Port.IssuerPort['entryAnswer']>[0]): 'void' | RecordFields | undefined {
    const record = this.card(cardId).records.get(ntSeen + 1);
    if (record === undefined) return undefined;
    return record.tn === tn && equalBytes(record.terminalId, terminalId) ? record : 'void';
  }

  #means(): Means {
    return { scheme: this.scheme, keys: this.keys, now: this.clock() };
  }

  #order(cardId: Uint8Array, type: OrderType, body: Uint8Array): Port.SignedOrder {
    const signature = signOrder({ scheme: this.scheme.id, cardId, type, body }, this.keys.signer(Authority.order));
    return { type, keyIndex: 0, body, signature };
  }

  #statement({ cardId, statement, signature }: Port.SignedStatement): ReturnType<typeof statementCodec.decode> {
    const fields = statementCodec.decode(statement);
    const message = { scheme: this.scheme.id, cardId, keyVersion: 1, statement: fields };
    if (!verifyStatement(message, signature, this.card(cardId).certificate.signPoint))
      throw new IssuerError('rejected', 'statement');
    return fields;
  }

  #take(log: Port.UploadedLog): void {
    const statement = this.#statement(log);
    const card = this.card(log.cardId);
    const records = log.records.map((record) => recordCodec.decode(record)).filter(({ nt }) => nt > card.acknowledged);
    const hash = runningHash(card.hash, records);
    if (!equalBytes(hash, statement.runningHash)) throw new IssuerError('rejected', 'running hash');
    for (const record of records) this.#book(log.cardId, record);
    card.acknowledged = statement.nt;
    card.hash = hash;
  }

  #book(cardId: Uint8Array, record: RecordFields): void {
    const card = this.card(cardId);
    const known = card.records.get(record.nt);
    if (known !== undefined && !equalBytes(recordCodec.encode(known), recordCodec.encode(record))) {
      throw new IssuerError('rejected', `two records for NT ${record.nt}`);
    }
    card.records.set(record.nt, record);
    if (record.type !== RecordType.load && record.type !== RecordType.unload) return;
    const load = card.loads.get(record.ref);
    if (load !== undefined) load.state = 'credited';
  }

  #verify(cardId: Uint8Array, record: RecordFields, s3: Uint8Array): void {
    const message = { scheme: this.scheme.id, cardId, keyVersion: 1, record };
    if (!verifyRecord(message, s3, this.card(cardId).certificate.signPoint))
      throw new IssuerError('rejected', 'record');
  }
}
