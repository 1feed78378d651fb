/**
 * Clearing. A batch is refused whole when it is no evidence (signature, certificate, numbering, totals), and taken whole
 * otherwise; a single claim that does not hold is not paid and becomes a finding. The same batch gets the same acknowledgement.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { equalBytes, toHex } from '../../protocol/codec/bytes.js';
import { units } from '../../protocol/codec/units.js';
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { clockTolerance } from '../../protocol/certificates/certificate.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { Authority, Role } from '../../protocol/generated/enums.js';
import { batchAcknowledgementCodec, batchCodec } from '../../protocol/generated/structures.js';
import type { BatchFields } from '../../protocol/generated/structures.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { SignedAcknowledgement, SignedBatch } from '../../protocol/issuer/port.js';
import { signBatchAcknowledgement } from '../../protocol/signed/batch-acknowledgement.js';
import { batchMessageOf } from '../../protocol/signed/batch.js';
import { batchFlaw } from '../domain/batch.js';
import type { BatchFacts } from '../domain/batch.js';
import { copyInto } from '../store/copy.js';
import type { Db, Tx } from '../store/database.js';
import { batchFacts, entriesOf } from './batch-content.js';
import { clearEntries } from './clearing.js';
import type { ClearedEntry } from './clearing.js';
import { checkProofs } from './proofs.js';
import { reading, rejected } from './context.js';
import type { Issuer } from './context.js';
import { isRepeated } from './seen-signatures.js';
import { merchantOf, registerTerminal, verifiedTerminal } from './terminals.js';
import type { TerminalRow } from './terminals.js';

/** @throws IssuerError rejected, conflict */
export async function uploadBatch(issuer: Issuer, signed: SignedBatch): Promise<SignedAcknowledgement> {
  const batch = reading('batch', () => batchCodec.decode(signed.batch));
  const certificate = checkSender(issuer, signed, batch);
  const hash = new Uint8Array(createHash('sha256').update(batchMessageOf(signed.batch)).digest());
  const entries = entriesOf(batch);
  // the long part, before anything is locked
  const proofs = await checkProofs(issuer, entries);
  const clear = (trusting: boolean): Promise<SignedAcknowledgement> =>
    issuer.store.transaction(async (tx) => {
      const terminal = await lockTerminal(tx, certificate);
      if (BigInt(batch.batchNumber) <= terminal.last_batch) {
        const known = await knownBatch(tx, terminal.terminal_id, batch.batchNumber);
        if (known !== undefined) return sameBatch(known, hash);
      }
      await checkContent(tx, terminal, batchFacts(batch, entries));
      const cleared = await clearEntries(issuer, tx, terminal, certificate, entries, proofs, trusting);
      return accept(issuer, tx, terminal, signed, batch, hash, cleared);
    });
  try {
    return await clear(true);
  } catch (error) {
    if (!isRepeated(error)) throw error;
    return clear(false);
  }
}

function knownBatch(db: Db, terminalId: string, number: number) {
  return db
    .selectFrom('batch')
    .select(['number', 'hash', 'acknowledgement', 'acknowledgement_signature'])
    .where('terminal_id', '=', terminalId)
    .where('number', '=', BigInt(number))
    .executeTakeFirst();
}

/** Certificate, then the signature under it, then that both speak of one terminal. */
function checkSender(issuer: Issuer, signed: SignedBatch, batch: BatchFields): TerminalCertificate {
  const certificate = verifiedTerminal(issuer, signed.terminalCertificate, batch.closedAt);
  if (certificate.role !== Role.pos) throw rejected('Only a POS hands in batches.');
  // fields have one encoding, so the bytes that were read are those under the signature
  if (!verifyNative(batchMessageOf(signed.batch), signed.signature, certificate.point))
    throw rejected('The batch is not signed by the terminal of the certificate.');
  if (batch.scheme !== issuer.scheme.id) throw rejected('The batch belongs to another scheme.');
  if (!equalBytes(batch.terminalId, certificate.terminalId))
    throw rejected('terminalId is not that of the certificate.');
  if (merchantOf(batch) !== merchantOf(certificate))
    throw rejected('acquirerId or merchantId is not that of the certificate.');
  if (batch.closedAt > issuer.clock() + clockTolerance) throw rejected('closedAt lies in the future.');
  return certificate;
}

/** Its register entry, which follows the certificate it shows. */
async function lockTerminal(tx: Tx, certificate: TerminalCertificate): Promise<TerminalRow> {
  const locked = tx
    .selectFrom('terminal')
    .selectAll()
    .where('terminal_id', '=', toHex(certificate.terminalId))
    .forUpdate();
  const known = await locked.executeTakeFirst();
  if (known !== undefined && equalBytes(new Uint8Array(known.certificate), certificate.bytes)) return known;
  await registerTerminal(tx, certificate);
  return locked.executeTakeFirstOrThrow();
}

function sameBatch(
  known: { hash: Uint8Array; number: bigint; acknowledgement: Uint8Array; acknowledgement_signature: Uint8Array },
  hash: Uint8Array,
): SignedAcknowledgement {
  if (!equalBytes(new Uint8Array(known.hash), hash))
    throw new IssuerError(
      'conflict',
      `Batch ${known.number} of this terminal was handed in before, with other content.`,
    );
  return {
    acknowledgement: new Uint8Array(known.acknowledgement),
    signature: new Uint8Array(known.acknowledgement_signature),
  };
}

async function checkContent(tx: Tx, terminal: TerminalRow, batch: BatchFacts): Promise<void> {
  const open = batch.entries.some(({ correction }) => correction) ? await openNumbers(tx, terminal) : new Set<number>();
  const account = {
    lastBatch: Number(terminal.last_batch),
    lastTn: Number(terminal.last_tn),
    open,
  };
  const flaw = batchFlaw(batch, account, units);
  if (flaw !== undefined) throw rejected(`The batch ${batch.batchNumber} does not add up. ${flaw}`);
}

/** Left open by earlier batches, and not corrected yet. */
async function openNumbers(tx: Tx, terminal: TerminalRow): Promise<ReadonlySet<number>> {
  const open = await tx
    .selectFrom('batch_entry')
    .select('tn')
    .where('terminal_id', '=', terminal.terminal_id)
    .where('outcome', '=', 'open')
    .where('corrected_in', 'is', null)
    .execute();
  return new Set(open.map(({ tn }) => Number(tn)));
}

async function accept(
  issuer: Issuer,
  tx: Tx,
  terminal: TerminalRow,
  signed: SignedBatch,
  batch: BatchFields,
  hash: Uint8Array,
  cleared: readonly ClearedEntry[],
): Promise<SignedAcknowledgement> {
  const now = issuer.clock();
  const fields = {
    scheme: issuer.scheme.id,
    terminalId: batch.terminalId,
    batchNumber: batch.batchNumber,
    batchHash: hash,
    acceptedAt: now,
  };
  const acknowledgement = batchAcknowledgementCodec.encode(fields);
  const signature = signBatchAcknowledgement(fields, issuer.keys.signer(Authority.order));
  // one statement for both: a batch of four hundred payments takes fewer than twenty
  await tx
    .with('accepted', (db) =>
      db.insertInto('batch').values({
        terminal_id: terminal.terminal_id,
        number: batch.batchNumber,
        hash,
        content: signed.batch,
        signature: signed.signature,
        certificate: signed.terminalCertificate,
        acknowledgement,
        acknowledgement_signature: signature,
        closed_at: batch.closedAt,
        accepted_at: now,
        entries: batch.entries.length,
      }),
    )
    .updateTable('terminal')
    .set({ last_batch: batch.batchNumber, last_tn: batch.lastTn })
    .where('terminal_id', '=', terminal.terminal_id)
    .execute();
  await saveEntries(tx, terminal.terminal_id, batch.batchNumber, cleared);
  return { acknowledgement, signature };
}

const entryColumns = {
  terminal_id: 'text',
  tn: 'int8',
  batch: 'int8',
  outcome: 'text',
  card_id: 'text',
  unit: 'int4',
  amount: 'int8',
  result: 'text',
} as const;

/** An entry that was simply paid has its claim. */
async function saveEntries(tx: Tx, terminalId: string, batch: number, cleared: readonly ClearedEntry[]): Promise<void> {
  const apart = cleared.filter(({ content, result }) => content.outcome !== 'sold' || result !== 'accepted');
  await copyInto(
    tx,
    'batch_entry',
    entryColumns,
    apart.map(({ content: { entry, outcome, cardId }, result }) => {
      return [terminalId, entry.tn, batch, outcome, cardId, entry.unit, entry.amount, result];
    }),
  );
  const corrected = cleared
    .filter(({ content }) => content.entry.correction !== 0)
    .map(({ content }) => content.entry.tn);
  if (corrected.length === 0) return;
  await tx
    .updateTable('batch_entry')
    .set({ corrected_in: batch })
    .where('terminal_id', '=', terminalId)
    .where('tn', '=', sql<bigint>`any(${corrected})`)
    .where('outcome', '=', 'open')
    .execute();
}
