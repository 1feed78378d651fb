/** The entries of a sound batch, card by card: proven records are taken into the card's book, then claims are decided. */
import type { TerminalCertificate } from '../../protocol/certificates/terminal.js';
import { formatMoney, money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { claimPurchase } from '../domain/claims.js';
import type { Claim } from '../domain/claims.js';
import { describeFinding } from '../domain/findings.js';
import type { Finding, TerminalFault } from '../domain/findings.js';
import { openBook } from '../store/books.js';
import type { OpenBook } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { saveFindings } from '../store/save-book.js';
import type { Offered } from '../store/save-book.js';
import type { EntryContent } from './batch-content.js';
import { storeCancelOrder } from './cancel-orders.js';
import type { Issuer } from './context.js';
import { markVoid } from './entries.js';
import { keepBook, noteSignatures } from './keep.js';
import { refusedFrom } from './listing.js';
import { judgeEntries } from './proofs.js';
import type { JudgedEntry } from './proofs.js';
import type { TerminalRow } from './terminals.js';

/** `accepted`: a claim that will be settled; `noted`: nothing to pay; else why it is not paid. */
export type EntryResult = 'accepted' | 'noted' | TerminalFault;

export interface ClearedEntry {
  readonly content: EntryContent;
  readonly result: EntryResult;
}

/** Cards in order of their ids, so that two batches that share cards cannot wait for each other. */
export async function clearEntries(
  issuer: Issuer,
  tx: Tx,
  terminal: TerminalRow,
  certificate: TerminalCertificate,
  entries: readonly EntryContent[],
): Promise<ClearedEntry[]> {
  const byCard = groupByCard(entries);
  const cardIds = [...byCard.keys()].sort();
  const refused = await refusedFrom(issuer, tx, cardIds);
  const cleared: ClearedEntry[] = [];
  for (const cardId of cardIds) {
    const claim = claimOf(issuer, terminal, certificate, refused.get(cardId));
    cleared.push(...(await clearCard(issuer, tx, certificate, claim, cardId, byCard.get(cardId) ?? [])));
  }
  const findings = cleared.flatMap((one) => findingOf(terminal.terminal_id, one));
  await saveFindings(tx, findings, issuer.clock());
  return cleared;
}

function groupByCard(entries: readonly EntryContent[]): Map<string, EntryContent[]> {
  const groups = new Map<string, EntryContent[]>();
  for (const entry of entries) {
    const group = groups.get(entry.cardId);
    if (group === undefined) groups.set(entry.cardId, [entry]);
    else group.push(entry);
  }
  return groups;
}

function claimOf(
  { policy, clock }: Issuer,
  terminal: TerminalRow,
  certificate: TerminalCertificate,
  refusedAt: number | undefined,
): Claim {
  return {
    terminalId: terminal.terminal_id,
    merchant: terminal.merchant,
    effective: Number(terminal.effective),
    expiry: certificate.expiry,
    limits: new Map(certificate.limits.map(({ unit, limit }) => [unit, BigInt(limit)])),
    now: clock(),
    window: policy.presentationWindow,
    refusedFrom: refusedAt,
  };
}

async function clearCard(
  issuer: Issuer,
  tx: Tx,
  certificate: TerminalCertificate,
  claim: Claim,
  cardId: string,
  entries: readonly EntryContent[],
): Promise<ClearedEntry[]> {
  const open = await openBook(tx, cardId, { nts: entries.map(({ entry }) => entry.ntSeen + 1) });
  if (open === undefined)
    return entries.map((content) => ({ content, result: content.record.length === 0 ? 'noted' : 'unknown-card' }));
  const judged = judgeEntries(issuer, open, certificate, entries);
  const offered = new Map<number, Offered>();
  const cleared: ClearedEntry[] = [];
  for (const entry of judged) {
    const result = await clearEntry(issuer, tx, open, claim, entry, offered);
    cleared.push({ content: entry.content, result });
  }
  await noteSignatures(
    tx,
    open,
    judged.flatMap((entry) => (entry.verdict === 'proven' ? entry.seen : [])),
  );
  await keepBook(issuer, tx, open, offered);
  return cleared;
}

async function clearEntry(
  issuer: Issuer,
  tx: Tx,
  { book }: OpenBook,
  claim: Claim,
  judged: JudgedEntry,
  offered: Map<number, Offered>,
): Promise<EntryResult> {
  const { content } = judged;
  switch (judged.verdict) {
    case 'faulty':
      return judged.fault;
    case 'unproven':
      if (content.outcome === 'void') {
        await markVoid(issuer, tx, book.cardId, claim.terminalId, content.entry.tn);
        book.forfeitOrder(claim.terminalId, content.entry.tn);
      }
      return 'noted';
    case 'proven':
      break;
  }
  const { facts } = judged;
  const nt = book.take(facts);
  offered.set(nt, { content: content.record, s3: content.s3 });
  const signature = content.entry.cancelOrder;
  if (content.outcome === 'cancel')
    await storeCancelOrder(tx, book.cardId, facts, { cancelledTn: judged.cancelledTn, signature });
  if (content.outcome !== 'sold') return 'noted';
  const result = claimPurchase(book, nt, claim);
  return result === 'repeated' ? 'claimed-twice' : result;
}

function findingOf(terminalId: string, { content, result }: ClearedEntry): Finding[] {
  if (result === 'accepted' || result === 'noted') return [];
  const { tn, unit, amount } = content.entry;
  const detail = `Transaction ${tn} with card ${content.cardId}: ${describeFinding(result)} (${amountText(unit, amount)}).`;
  return [{ kind: result, party: terminalId, subject: `tn/${tn}`, detail }];
}

/** The entry's unit may be one nobody knows: that is why it is a finding. */
function amountText(unit: number, amount: number): string {
  try {
    return formatMoney(money(BigInt(amount), unitByCode(unit)));
  } catch {
    return `${amount} of unit ${unit.toString(16)}`;
  }
}
