/** The end of a day: what open entries became, the batch, its way to the issuer and the signed acknowledgement. */
import { mkdirSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes, fromHex, toHex } from '../protocol/codec/bytes.js';
import { moneyFromWire } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { Authority, Outcome } from '../protocol/generated/enums.js';
import { batchAcknowledgementCodec, batchCodec, recordCodec } from '../protocol/generated/structures.js';
import type { BatchFields } from '../protocol/generated/structures.js';
import { IssuerError } from '../protocol/issuer/port.js';
import type { SignedBatch } from '../protocol/issuer/port.js';
import { keysOf } from '../protocol/scheme.js';
import { batchMessage, signBatch } from '../protocol/signed/batch.js';
import { verifyBatchAcknowledgement } from '../protocol/signed/batch-acknowledgement.js';
import { readIfThere, replaceFile } from '../terminal/files.js';
import { openOrders } from '../terminal/journal/state.js';
import type { BatchEntry } from '../terminal/journal/entries.js';
import { Failure } from '../terminal/outcome.js';
import { nextBatch, totalsOf } from './batch.js';
import { issuerWord } from './record.js';
import type { PosTerminal } from './terminal.js';

/** One unit of a batch. */
export interface UnitTotals {
  readonly sold: Money;
  readonly soldCount: number;
  readonly cancelled: Money;
  readonly cancelCount: number;
}

export interface Upload {
  /** Batch numbers acknowledged now. */
  readonly acknowledged: readonly number[];
  /** Batch numbers that still wait. */
  readonly waiting: readonly number[];
  readonly blockProofs: number;
  readonly hotList: string;
}

/** What the next batch would hold, per unit. */
export function totals(pos: PosTerminal): {
  readonly units: readonly UnitTotals[];
  readonly orders: number;
  readonly open: number;
} {
  const batch = framed(pos);
  const entries = batch?.entries ?? [];
  return {
    units: totalsOf(entries).map(unitTotals),
    orders: entries.length,
    open: entries.filter(({ outcome }) => outcome === Outcome.open).length,
  };
}

export function unitTotals({
  unit,
  soldCount,
  soldAmount,
  cancelCount,
  cancelAmount,
}: BatchFields['totals'][number]): UnitTotals {
  const { unit: known } = moneyFromWire(0, unit);
  return {
    sold: { amount: soldAmount, unit: known },
    soldCount,
    cancelled: { amount: cancelAmount, unit: known },
    cancelCount,
  };
}

/**
 * Closes open entries by the issuer's word, where it has one: the card need not come again.
 *
 * @returns how many were closed
 */
export async function resolveByIssuer(pos: PosTerminal): Promise<number> {
  const { journal, station, context } = pos;
  let closed = 0;
  for (const order of openOrders(journal.state)) {
    const { terminalId } = context.terminal;
    const answer = await station.issuer.entryAnswer({
      terminalId,
      cardId: order.cardId,
      tn: order.tn,
      ntSeen: order.ntSeen,
    });
    if (answer.status === 'unknown') continue;
    const record = issuerWord(context, order, answer);
    if (record === undefined) continue;
    const evidence = { by: 'issuer', answer: answer.answer, signature: answer.signature } as const;
    const entry = { entry: 'closed', tn: order.tn, time: station.clock() } as const;
    journal.append(
      record === null
        ? { ...entry, result: 'void', evidence }
        : { ...entry, result: 'executed', record: recordCodec.encode(record), s3: new Uint8Array(0), evidence },
    );
    closed++;
  }
  return closed;
}

/** Closes the day: the batch is a file before the journal says so. Undefined where nothing happened. */
export function closeBatch(pos: PosTerminal): BatchEntry | undefined {
  const batch = framed(pos);
  if (batch === undefined) return undefined;
  const { journal, station } = pos;
  mkdirSync(station.path('batches'), { recursive: true, mode: 0o700 });
  const signature = signBatch(batch, station.identity.signer);
  replaceFile(fileOf(pos, batch.batchNumber), batchJson(batch, signature, station.identity.certificate.bytes));
  const entry: BatchEntry = {
    entry: 'batch',
    number: batch.batchNumber,
    firstTn: batch.firstTn,
    lastTn: batch.lastTn,
    corrections: batch.entries.filter(({ correction }) => correction === 1).map(({ tn }) => tn),
    open: batch.entries.filter(({ outcome }) => outcome === Outcome.open).map(({ tn }) => tn),
    hash: sha256(batchMessage(batch)),
    time: batch.closedAt,
  };
  journal.append(entry);
  return entry;
}

/** Sends what waits: batches in order, block statements; fetches the hot list. @throws Failure as the issuer's answer demands */
export async function upload(pos: PosTerminal): Promise<Upload> {
  const acknowledged: number[] = [];
  for (const batch of waitingBatches(pos)) {
    await sendBatch(pos, batch);
    acknowledged.push(batch.number);
  }
  let blockProofs = 0;
  for (const proof of pos.blockProofs.waiting()) {
    await pos.station.issuer.blockTaken(proof);
    pos.blockProofs.forget(proof.cardId);
    blockProofs++;
  }
  const hotList = await pos.station.refreshHotList();
  return { acknowledged, waiting: waitingBatches(pos).map(({ number }) => number), blockProofs, hotList };
}

export function waitingBatches({ journal }: PosTerminal): readonly BatchEntry[] {
  const { batches, acknowledged } = journal.state;
  return batches.filter(({ number }) => !acknowledged.has(number));
}

async function sendBatch(pos: PosTerminal, entry: BatchEntry): Promise<void> {
  const { station, journal } = pos;
  const signed = readBatch(pos, entry);
  const { acknowledgement, signature } = await station.issuer.uploadBatch(signed);
  const fields = batchAcknowledgementCodec.decode(acknowledgement);
  const keys = keysOf(station.scheme, Authority.order);
  const holds =
    keys.some(({ point }) => verifyBatchAcknowledgement(fields, signature, point)) &&
    fields.scheme === station.scheme.id &&
    equalBytes(fields.terminalId, station.identity.certificate.terminalId) &&
    fields.batchNumber === entry.number &&
    equalBytes(fields.batchHash, entry.hash);
  if (!holds)
    throw new IssuerError(
      'rejected',
      `The issuer's acknowledgement of batch ${entry.number} does not hold; the batch is kept.`,
    );
  journal.append({ entry: 'acknowledged', number: entry.number, time: station.clock() });
}

/** @throws Failure journal-damaged where the file is not the batch that the journal closed */
function readBatch(pos: PosTerminal, entry: BatchEntry): SignedBatch {
  const path = fileOf(pos, entry.number);
  try {
    const json = JSON.parse(new TextDecoder().decode(readIfThere(path))) as Record<
      'batch' | 'signature' | 'terminalCertificate',
      string
    >;
    const batch = fromHex(json.batch);
    if (!equalBytes(sha256(batchMessage(batchCodec.decode(batch))), entry.hash)) throw new Error('another batch');
    return { batch, signature: fromHex(json.signature), terminalCertificate: fromHex(json.terminalCertificate) };
  } catch (cause) {
    throw new Failure('journal-damaged', `${path} is not the batch that was closed.`, {
      next: 'Restore it from a copy.',
      cause,
    });
  }
}

function framed({ journal, station }: PosTerminal): BatchFields | undefined {
  return nextBatch(journal.state, {
    scheme: station.scheme.id,
    terminal: station.identity.certificate,
    hotListVersion: station.hotList.version,
    now: station.clock(),
  });
}

function batchJson(batch: BatchFields, signature: Uint8Array, terminalCertificate: Uint8Array): string {
  const json = {
    batch: toHex(batchCodec.encode(batch)),
    signature: toHex(signature),
    terminalCertificate: toHex(terminalCertificate),
  };
  return `${JSON.stringify(json)}\n`;
}

function fileOf({ station }: PosTerminal, number: number): string {
  return station.path('batches', `${number}.json`);
}
