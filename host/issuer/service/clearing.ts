/** The entries of a sound batch: proven records are taken into the books of their cards, then claims are decided. */
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { formatMoney, money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { claimPurchase } from '../domain/claims.js';
import type { Claim } from '../domain/claims.js';
import { describeFinding } from '../domain/findings.js';
import type { Finding, TerminalFault } from '../domain/findings.js';
import type { Book } from '../domain/book.js';
import type { RecordFacts } from '../domain/records.js';
import { groupBy } from '../store/group.js';
import { openBooks } from '../store/books.js';
import type { OpenBook, Wanted } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { saveFindings } from '../store/save-book.js';
import type { KeptBook, Offered } from '../store/kept-books.js';
import type { EntryContent } from './batch-content.js';
import { storeCancelOrder } from './cancel-orders.js';
import type { Issuer } from './context.js';
import { markAllVoid } from './entries.js';
import type { VoidOrder } from './entries.js';
import { keepBooks } from './keep.js';
import { refusedFrom } from './listing.js';
import { judgeEntries, senderOf } from './proofs.js';
import { noteSignatures } from './seen-signatures.js';
import type { SeenOfBook, SeenSignature } from './seen-signatures.js';
import type { JudgedEntry, Proofs, Sender } from './proofs.js';
import type { TerminalRow } from './terminals.js';

/** `accepted`: a claim that will be settled; `noted`: nothing to pay; else why it is not paid. */
export type EntryResult = 'accepted' | 'noted' | TerminalFault;

export interface ClearedEntry {
  readonly content: EntryContent;
  readonly result: EntryResult;
}

/**
 * All cards of the batch at once: locked in the order of their ids, so that two batches that share cards cannot wait for each
 * other; read, decided one by one, and written with a few statements.
 *
 * @param trusting see {@link noteSignatures}
 */
export async function clearEntries(
  issuer: Issuer,
  tx: Tx,
  terminal: TerminalRow,
  certificate: TerminalCertificate,
  entries: readonly EntryContent[],
  proofs: Proofs,
  trusting: boolean,
): Promise<ClearedEntry[]> {
  const byCard = groupBy(entries, ({ cardId }) => cardId);
  const cardIds = [...byCard.keys()].sort();
  const books = await openBooks(tx, new Map(cardIds.map((cardId) => [cardId, wantedBy(byCard.get(cardId) ?? [])])));
  // a card without a block order was never listed
  const refused = await refusedFrom(
    issuer,
    tx,
    cardIds.filter((cardId) => (books.get(cardId)?.card.block_number ?? 0n) > 0n),
  );
  // the numbers of a batch are contiguous; corrections have older ones
  const lastTn = entries.reduce((last, { entry }) => Math.max(last, entry.tn), Number(terminal.last_tn));
  const sender = senderOf(certificate);
  const before = { lastTn: Number(terminal.last_tn), closedAt: await lastClosing(tx, terminal) };
  const unlisted = claimOf(issuer, terminal, certificate, lastTn, before);
  const rounds = cardIds.map((cardId) => {
    const refusedFrom = refused.get(cardId);
    const claim = refusedFrom === undefined ? unlisted : { ...unlisted, refusedFrom };
    return clearCard(issuer, certificate, sender, claim, books.get(cardId), byCard.get(cardId) ?? [], proofs);
  });
  await keepRounds(issuer, tx, rounds, trusting);
  const cleared: ClearedEntry[] = [];
  const findings: Finding[] = [];
  for (const round of rounds) {
    for (const one of round.cleared) {
      cleared.push(one);
      const finding = findingOf(terminal.terminal_id, one);
      if (finding !== undefined) findings.push(finding);
    }
  }
  await saveFindings(tx, findings, issuer.clock());
  return cleared;
}

/** A purchase may meet a cancel that came first, a cancel its purchase; a void order may have been executed at any of them. */
function wantedBy(entries: readonly EntryContent[]): Wanted {
  const exactly = entries.flatMap(({ outcome, entry: { ntSeen } }) => {
    switch (outcome) {
      case 'sold':
      case 'cancelled':
        return [ntSeen + 1, ntSeen + 2];
      case 'cancel':
        return [ntSeen, ntSeen + 1];
      case 'void':
      case 'open':
        return [ntSeen, ntSeen + 1, ntSeen + 2];
    }
  });
  return { exactly };
}

/** The latest time that the terminal signed under a batch; one that it dates back afterwards changes nothing. @returns 0 when there was none */
async function lastClosing(tx: Tx, { terminal_id }: TerminalRow): Promise<number> {
  const { latest } = await tx
    .selectFrom('batch')
    .select(({ fn }) => fn.max('closed_at').as('latest'))
    .where('terminal_id', '=', terminal_id)
    .executeTakeFirstOrThrow();
  return Number(latest ?? 0);
}

function claimOf(
  { policy, clock }: Issuer,
  terminal: TerminalRow,
  certificate: TerminalCertificate,
  lastTn: number,
  before: Claim['before'],
): Claim {
  return {
    terminalId: terminal.terminal_id,
    merchant: terminal.merchant,
    effective: Number(terminal.effective),
    expiry: certificate.expiry,
    revokedAt: terminal.revoked_at === null ? undefined : Number(terminal.revoked_at),
    limits: new Map(certificate.limits.map(({ unit, limit }) => [unit, BigInt(limit)])),
    now: clock(),
    window: policy.presentationWindow,
    refusedFrom: undefined,
    lastTn,
    before,
  };
}

/** The terminal's order to undo a sale, to be kept. */
interface KeptOrder {
  readonly cardId: string;
  readonly cancel: RecordFacts;
  readonly cancelledTn: number;
  readonly signature: Uint8Array;
}

/** What became of the entries about one card, and what of it has to be written. */
interface Round {
  readonly cleared: readonly ClearedEntry[];
  readonly kept?: KeptBook & SeenOfBook;
  readonly voided: readonly VoidOrder[];
  readonly cancelOrders: readonly KeptOrder[];
}

function clearCard(
  issuer: Issuer,
  certificate: TerminalCertificate,
  sender: Sender,
  claim: Claim,
  open: OpenBook | undefined,
  entries: readonly EntryContent[],
  proofs: Proofs,
): Round {
  if (open === undefined) {
    const cleared = entries.map((content): ClearedEntry => {
      return { content, result: content.record.length === 0 ? 'noted' : 'unknown-card' };
    });
    return { cleared, voided: [], cancelOrders: [] };
  }
  const judged = judgeEntries(issuer, open, certificate, sender, entries, proofs);
  const offered = new Map<number, Offered>();
  const voided: VoidOrder[] = [];
  const cleared = judged.map((entry): ClearedEntry => {
    const { content } = entry;
    if (entry.verdict === 'unproven' && content.outcome === 'void')
      voided.push({ cardId: content.cardId, terminalId: claim.terminalId, tn: content.entry.tn });
    return { content, result: clearEntry(open.book, claim, entry, offered) };
  });
  const seen: SeenSignature[] = [];
  for (const entry of judged) if (entry.verdict === 'proven' && entry.seen !== undefined) seen.push(entry.seen);
  return { cleared, kept: { open, offered, seen }, voided, cancelOrders: judged.flatMap(cancelOrderOf) };
}

function clearEntry(book: Book, claim: Claim, judged: JudgedEntry, offered: Map<number, Offered>): EntryResult {
  const { content } = judged;
  switch (judged.verdict) {
    case 'faulty':
      return judged.fault;
    case 'unproven':
      if (content.outcome === 'void') book.forfeitOrder(claim.terminalId, content.entry.tn);
      return 'noted';
    case 'proven':
      break;
  }
  const nt = book.take(judged.facts);
  offered.set(nt, { content: content.record, s3: content.s3 });
  if (content.outcome !== 'sold') return 'noted';
  const result = claimPurchase(book, nt, claim);
  switch (result) {
    case 'repeated':
      return 'claimed-twice';
    case 'overtaken':
      return 'noted';
    default:
      return result;
  }
}

function cancelOrderOf(judged: JudgedEntry): KeptOrder[] {
  if (judged.verdict !== 'proven' || judged.content.outcome !== 'cancel') return [];
  const { content, facts, cancelledTn } = judged;
  return [{ cardId: content.cardId, cancel: facts, cancelledTn, signature: content.entry.cancelOrder }];
}

async function keepRounds(issuer: Issuer, tx: Tx, rounds: readonly Round[], trusting: boolean): Promise<void> {
  const kept = rounds.map((round) => round.kept).filter((one) => one !== undefined);
  await markAllVoid(
    issuer,
    tx,
    rounds.flatMap(({ voided }) => voided),
  );
  for (const { cancelOrders } of rounds)
    for (const { cardId, cancel, ...order } of cancelOrders) await storeCancelOrder(tx, cardId, cancel, order);
  await noteSignatures(tx, kept, trusting);
  await keepBooks(issuer, tx, kept);
}

function findingOf(terminalId: string, { content, result }: ClearedEntry): Finding | undefined {
  if (result === 'accepted' || result === 'noted') return undefined;
  const { tn, unit, amount } = content.entry;
  const detail = `Transaction ${tn} with card ${content.cardId}: ${describeFinding(result)} (${amountText(unit, amount)}).`;
  return { kind: result, party: terminalId, subject: `tn/${tn}`, detail };
}

/** The entry's unit may be one nobody knows: that is why it is a finding. */
function amountText(unit: number, amount: number): string {
  try {
    return formatMoney(money(BigInt(amount), unitByCode(unit)));
  } catch {
    return `${amount} of unit ${unit.toString(16)}`;
  }
}
