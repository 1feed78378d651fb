/** Terminals with their certificates, newest batch and findings. */
import { sql } from 'kysely';
import { parseTerminalCertificate } from '../../../protocol/certificates/terminal.js';
import { moneyFromWire, moneyToJson } from '../../../protocol/codec/money.js';
import { roleNames } from '../../../protocol/generated/enums.js';
import type { Role } from '../../../protocol/generated/enums.js';
import { IssuerError } from '../../../protocol/issuer/port.js';
import type { Db } from '../../store/database.js';
import type { Part } from '../views/common.js';
import type { FindingView, TerminalRowView, TerminalView } from '../views/terminals.js';
import { cursorOf, limitOf, partOf } from './paging.js';
import type { Paging } from './paging.js';

export interface TerminalSearch extends Paging {
  /** Begin of a terminal id or a merchant. */
  readonly text?: string | undefined;
}

type Row = Awaited<ReturnType<ReturnType<typeof terminalRows>['executeTakeFirstOrThrow']>>;

/** By id. */
export async function searchTerminals(db: Db, search: TerminalSearch): Promise<Part<TerminalRowView>> {
  const after = cursorOf(search, 1);
  const text = (search.text ?? '')
    .trim()
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '');
  const rows = await terminalRows(db)
    .$if(text !== '', (query) =>
      query.where(({ or, eb }) => or([eb('terminal_id', 'like', `${text}%`), eb('merchant', 'like', `${text}%`)])),
    )
    .$if(after !== undefined, (query) => query.where('terminal_id', '>', after?.[0] ?? ''))
    .orderBy('terminal_id')
    .limit(limitOf(search) + 1)
    .execute();
  return partOf(rows, search, rowView, ({ terminal_id }) => [terminal_id]);
}

function terminalRows(db: Db) {
  return db
    .selectFrom('terminal')
    .select(['terminal_id', 'role', 'merchant', 'effective', 'expiry', 'last_batch', 'revoked_at', 'held_at'])
    .select('certificate')
    .select([
      sql<bigint | null>`(select max(accepted_at) from batch where batch.terminal_id = terminal.terminal_id)`.as(
        'last_batch_at',
      ),
      sql<bigint>`(select count(*) from finding where finding.party = terminal.terminal_id)`.as('findings'),
    ]);
}

function rowView(row: Row): TerminalRowView {
  return {
    terminalId: row.terminal_id,
    role: roleNames[row.role as Role],
    merchant: row.merchant,
    effective: Number(row.effective),
    expiry: Number(row.expiry),
    lastBatch: Number(row.last_batch),
    lastBatchAt: row.last_batch_at === null ? null : Number(row.last_batch_at),
    revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
    heldAt: row.held_at === null ? null : Number(row.held_at),
    findings: Number(row.findings),
  };
}

/** @throws IssuerError unknown-terminal */
export async function showTerminal(db: Db, terminalId: string): Promise<TerminalView> {
  const row = await terminalRows(db).where('terminal_id', '=', terminalId).executeTakeFirst();
  if (row === undefined)
    throw new IssuerError('unknown-terminal', `The terminal ${terminalId} is not registered here.`);
  const { limits } = parseTerminalCertificate(new Uint8Array(row.certificate));
  return {
    ...rowView(row),
    limits: limits.map(({ unit, limit }) => moneyToJson(moneyFromWire(limit, unit))),
    found: await findingsOf(db, terminalId),
  };
}

const mostFindings = 200;

/** Findings about a card, terminal or merchant, newest first. */
export async function findingsOf(db: Db, party: string): Promise<FindingView[]> {
  const rows = await db
    .selectFrom('finding')
    .select(['kind', 'subject', 'detail', 'found_at'])
    .where('party', '=', party)
    .orderBy('found_at', 'desc')
    .orderBy('kind')
    .orderBy('subject')
    .limit(mostFindings)
    .execute();
  return rows.map(({ kind, subject, detail, found_at }) => ({ kind, subject, detail, foundAt: Number(found_at) }));
}
