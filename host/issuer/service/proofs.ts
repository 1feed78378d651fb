/** Does what a batch entry claims hold? The card's S3 and the terminal's own cancel orders, verified in bulk. */
import { equalBytes, toHex } from '../../protocol/codec/bytes.js';
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import type { SignatureCheck } from '../../protocol/crypto/native.js';
import { verifyCancelOrder } from '../../protocol/signed/cancel-order.js';
import { messageOfRecord } from '../../protocol/signed/signed-record.js';
import type { TerminalFault } from '../domain/findings.js';
import type { RecordFacts } from '../domain/records.js';
import type { OpenBook } from '../store/books.js';
import { recordFacts, recordLength } from '../store/record-facts.js';
import type { EntryContent } from './batch-content.js';
import { cancelOrderFields } from './cancel-orders.js';
import type { Issuer } from './context.js';
import type { SeenSignature } from './seen-signatures.js';
import { merchantOf } from './terminals.js';

/** A proven entry is a fact from here on; a faulty one is not looked at again. */
export type JudgedEntry = { readonly content: EntryContent } & (
  | { readonly verdict: 'unproven' }
  /** With its record where that is in order, and only the proof is not. */
  | { readonly verdict: 'faulty'; readonly fault: TerminalFault; readonly facts?: RecordFacts }
  | {
      readonly verdict: 'proven';
      readonly facts: RecordFacts;
      /** The S3, where there is one. */
      readonly seen: SeenSignature | undefined;
      /** Of a cancel: number of the purchase its order names. */
      readonly cancelledTn: number;
    }
);

/** An S3 that was checked, by the entry it came with. */
export type Proofs = ReadonlyMap<EntryContent, CheckedSignature>;

interface CheckedSignature extends SeenSignature {
  readonly holds: boolean;
}

/**
 * Checks the S3 of every entry under the key of its card, on all cores. A card's key never changes, so this needs no lock and
 * holds none.
 */
export async function checkProofs(issuer: Issuer, entries: readonly EntryContent[]): Promise<Proofs> {
  const signed = entries.filter(({ record, s3 }) => record.length === recordLength && s3.length > 0);
  const keys = await issuer.signingKeys.of(new Set(signed.map(({ cardId }) => cardId)));
  const checks: (SignatureCheck & { readonly content: EntryContent })[] = [];
  for (const content of signed) {
    const key = keys.get(content.cardId);
    if (key === undefined) continue;
    const message = messageOfRecord(issuer.scheme.id, content.entry.cardId, key.version, content.record);
    checks.push({ content, message, signature: content.s3, point: key.point });
  }
  const verdicts = await issuer.verifier.verify(checks);
  const proofs = new Map<EntryContent, CheckedSignature>();
  for (let i = 0; i < checks.length; i++) {
    const { content, message, signature } = checks[i] as (typeof checks)[number];
    proofs.set(content, { message, signature, record: content.record, holds: verdicts[i] === true });
  }
  return proofs;
}

/** @param open book of the one card that all entries are about */
export function judgeEntries(
  issuer: Issuer,
  open: OpenBook,
  certificate: TerminalCertificate,
  sender: Sender,
  entries: readonly EntryContent[],
  proofs: Proofs,
): readonly JudgedEntry[] {
  const read = entries.map((content) => readEntry(open, sender, content, proofs.get(content)));
  if (!entries.some(({ outcome }) => outcome === 'cancel')) return read;
  const numbers = purchaseNumbers(open, read);
  return read.map((entry) => judgeCancel(issuer, open, certificate, entry, numbers));
}

/** Who handed the batch in, as records name him. */
export interface Sender {
  readonly terminalId: string;
  readonly merchant: string;
}

export function senderOf(certificate: TerminalCertificate): Sender {
  return { terminalId: toHex(certificate.terminalId), merchant: merchantOf(certificate) };
}

/** The record, and the S3 over it. */
function readEntry(
  { units, rows }: OpenBook,
  sender: Sender,
  content: EntryContent,
  proof: CheckedSignature | undefined,
): JudgedEntry {
  const { record, s3 } = content;
  if (record.length === 0) return { content, verdict: 'unproven' };
  let facts: RecordFacts;
  try {
    facts = recordFacts(record, units);
  } catch {
    return { content, verdict: 'faulty', fault: 'bad-proof' };
  }
  if (!agrees(facts, content, sender)) return { content, verdict: 'faulty', fault: 'wrong-record' };
  if (s3.length > 0 && proof?.holds !== true) return { content, verdict: 'faulty', fault: 'bad-proof', facts };
  // the issuer's own word stands in for S3: then it has the very record already
  if (s3.length === 0) {
    const row = rows.get(facts.nt);
    const known = row !== undefined && equalBytes(new Uint8Array(row.content), record);
    if (!known) return { content, verdict: 'faulty', fault: 'bad-proof' };
  }
  return { content, verdict: 'proven', facts, seen: proof, cancelledTn: 0 };
}

/** The record says what the batch says, of this terminal. */
function agrees(facts: RecordFacts, { entry, outcome, amount }: EntryContent, sender: Sender): boolean {
  return (
    facts.kind === (outcome === 'cancel' ? 'cancel' : 'purchase') &&
    facts.terminalId === sender.terminalId &&
    facts.merchant === sender.merchant &&
    facts.tn === entry.tn &&
    facts.nt === entry.ntSeen + 1 &&
    facts.slot === entry.slot &&
    facts.money.unit.code === entry.unit &&
    facts.money.amount === amount
  );
}

/** TN of each purchase by its NT, from this batch and from what is known: a cancel order names both. */
function purchaseNumbers({ book }: OpenBook, entries: readonly JudgedEntry[]): Map<number, number> {
  const known = [...book.records.values()].map(({ facts }) => facts);
  const here = entries.flatMap((entry) => (entry.verdict === 'unproven' ? [] : (entry.facts ?? [])));
  return new Map([...known, ...here].filter(({ kind }) => kind === 'purchase').map(({ nt, tn }) => [nt, tn]));
}

/** Where the entry is a cancel: the terminal's order for it. */
function judgeCancel(
  issuer: Issuer,
  { card }: OpenBook,
  certificate: TerminalCertificate,
  entry: JudgedEntry,
  numbers: ReadonlyMap<number, number>,
): JudgedEntry {
  if (entry.verdict !== 'proven' || entry.content.outcome !== 'cancel') return entry;
  const { content, facts } = entry;
  const cancelledTn = numbers.get(facts.ref) ?? 0;
  const fields = cancelOrderFields(issuer, card.card_id, facts, cancelledTn);
  if (!verifyCancelOrder(fields, content.entry.cancelOrder, certificate.point, verifyNative))
    return { content, verdict: 'faulty', fault: 'bad-cancel-order' };
  return { ...entry, cancelledTn };
}
