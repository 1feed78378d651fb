/** Does what a batch entry claims hold? The card's S3 and the terminal's own cancel orders, verified in bulk. */
import { equalBytes, toHex } from '../../protocol/codec/bytes.js';
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { verifyBulk } from '../../protocol/crypto/native.js';
import type { SignatureCheck } from '../../protocol/crypto/native.js';
import { cancelOrderMessage } from '../../protocol/signed/cancel-order.js';
import { recordMessage } from '../../protocol/signed/signed-record.js';
import type { TerminalFault } from '../domain/findings.js';
import type { RecordFacts } from '../domain/records.js';
import type { OpenBook } from '../store/books.js';
import { recordFacts } from '../store/record-facts.js';
import type { EntryContent } from './batch-content.js';
import { cancelOrderFields } from './cancel-orders.js';
import type { Issuer } from './context.js';
import type { SeenSignature } from './keep.js';
import { signedRecordFields } from './records.js';
import { merchantOf } from './terminals.js';

/** A proven entry is a fact from here on; a faulty one is not looked at again. */
export type JudgedEntry = { readonly content: EntryContent } & (
  | { readonly verdict: 'unproven' }
  | { readonly verdict: 'faulty'; readonly fault: TerminalFault }
  | {
      readonly verdict: 'proven';
      readonly facts: RecordFacts;
      readonly seen: readonly SeenSignature[];
      /** Of a cancel: number of the purchase its order names. */
      readonly cancelledTn: number;
    }
);

type Proven = Extract<JudgedEntry, { verdict: 'proven' }>;

/** @param open book of the one card that all entries are about */
export function judgeEntries(
  issuer: Issuer,
  open: OpenBook,
  certificate: TerminalCertificate,
  entries: readonly EntryContent[],
): readonly JudgedEntry[] {
  const read = entries.map((content) => readEntry(open, certificate, content));
  const numbers = purchaseNumbers(open, read);
  const checks: SignatureCheck[] = [];
  const pending = read.map((entry) => {
    if (entry.verdict !== 'proven') return { entry, from: checks.length, count: 0 };
    const named = { ...entry, cancelledTn: numbers.get(entry.facts.ref) ?? 0 };
    const mine = checksOf(issuer, open, certificate, named);
    checks.push(...mine);
    return { entry: named, from: checks.length - mine.length, count: mine.length };
  });
  const verdicts = verifyBulk(checks);
  return pending.map(({ entry, from, count }) =>
    judge(entry, checks.slice(from, from + count), verdicts.slice(from, from + count)),
  );
}

function readEntry({ units, rows }: OpenBook, certificate: TerminalCertificate, content: EntryContent): JudgedEntry {
  const { record, s3 } = content;
  if (record.length === 0) return { content, verdict: 'unproven' };
  let facts: RecordFacts;
  try {
    facts = recordFacts(record, units);
  } catch {
    return { content, verdict: 'faulty', fault: 'bad-proof' };
  }
  if (!agrees(facts, content, certificate)) return { content, verdict: 'faulty', fault: 'wrong-record' };
  // the issuer's own word stands in for S3: then it has the very record already
  const row = rows.get(facts.nt);
  const known = row !== undefined && equalBytes(new Uint8Array(row.content), record);
  if (s3.length === 0 && !known) return { content, verdict: 'faulty', fault: 'bad-proof' };
  return { content, verdict: 'proven', facts, seen: [], cancelledTn: 0 };
}

/** The record says what the batch says, of this terminal. */
function agrees(facts: RecordFacts, { entry, outcome }: EntryContent, certificate: TerminalCertificate): boolean {
  return (
    facts.kind === (outcome === 'cancel' ? 'cancel' : 'purchase') &&
    facts.terminalId === toHex(certificate.terminalId) &&
    facts.merchant === merchantOf(certificate) &&
    facts.tn === entry.tn &&
    facts.nt === entry.ntSeen + 1 &&
    facts.slot === entry.slot &&
    facts.money.unit.code === entry.unit &&
    facts.money.amount === BigInt(entry.amount)
  );
}

/** TN of each purchase by its NT, from this batch and from what is known: a cancel order names both. */
function purchaseNumbers({ book }: OpenBook, entries: readonly JudgedEntry[]): Map<number, number> {
  const known = [...book.records.values()].map(({ facts }) => facts);
  const here = entries.flatMap((entry) => (entry.verdict === 'proven' ? [entry.facts] : []));
  return new Map([...known, ...here].filter(({ kind }) => kind === 'purchase').map(({ nt, tn }) => [nt, tn]));
}

/** S3 first, where there is one; then the cancel order, where the entry is a cancel. */
function checksOf(
  issuer: Issuer,
  { card }: OpenBook,
  certificate: TerminalCertificate,
  { content, facts, cancelledTn }: Proven,
): SignatureCheck[] {
  const { s3, record, outcome, entry } = content;
  const checks: SignatureCheck[] = [];
  if (s3.length > 0) {
    const message = recordMessage(signedRecordFields(issuer, card, record));
    checks.push({ message, signature: s3, point: new Uint8Array(card.sign_point) });
  }
  if (outcome === 'cancel') {
    const message = cancelOrderMessage(cancelOrderFields(issuer, card.card_id, facts, cancelledTn));
    checks.push({ message, signature: entry.cancelOrder, point: certificate.point });
  }
  return checks;
}

function judge(entry: JudgedEntry, checks: readonly SignatureCheck[], verdicts: readonly boolean[]): JudgedEntry {
  if (entry.verdict !== 'proven') return entry;
  const { content } = entry;
  const signed = content.s3.length > 0;
  if (signed && verdicts[0] !== true) return { content, verdict: 'faulty', fault: 'bad-proof' };
  if (content.outcome === 'cancel' && verdicts.at(-1) !== true)
    return { content, verdict: 'faulty', fault: 'bad-cancel-order' };
  return { ...entry, seen: signed ? checks.slice(0, 1) : [] };
}
