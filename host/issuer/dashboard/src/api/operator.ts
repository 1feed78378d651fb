/** The operator API, one function per request. Types are the issuer's own (host/issuer/operator/views). */
import type { CaseStatus } from '../../../service/cases.js';
import type { CardRowView, CardView, LoadView, OrderView, RecordView } from '../../../operator/views/cards.js';
import type { CaseRowView, CaseView } from '../../../operator/views/cases.js';
import type { Part } from '../../../operator/views/common.js';
import type { AuditEntryView, KeysView } from '../../../operator/views/keys.js';
import type { ChartView, EventView, PartyView, PostingView } from '../../../operator/views/ledger.js';
import type {
  BatchEntryView,
  BatchRowView,
  BatchView,
  TerminalRowView,
  TerminalView,
} from '../../../operator/views/terminals.js';
import type { TodayView } from '../../../operator/views/today.js';
import { get, send } from './client.js';

type Page<T> = Promise<Part<T>>;
/** Cursor of the part before. */
type After = string | undefined;

const at = (...segments: readonly string[]): string => `/${segments.map(encodeURIComponent).join('/')}`;

export const today = (): Promise<TodayView> => get('/today');

export const searchCards = (text: string, after: After): Page<CardRowView> => get('/cards', { text, after });
export const holderCards = (holderId: string, after: After): Page<CardRowView> => get('/cards', { holderId, after });
export const showCard = (id: string): Promise<CardView> => get(at('cards', id));
export const cardRecords = (id: string, after: After): Page<RecordView> => get(at('cards', id, 'records'), { after });
export const cardLoads = (id: string, after: After): Page<LoadView> => get(at('cards', id, 'loads'), { after });
export const cardOrders = (id: string, after: After): Page<OrderView> => get(at('cards', id, 'orders'), { after });
export const blockCard = (id: string, reason: string): Promise<void> =>
  send('POST', at('cards', id, 'block'), { reason });
export const releaseCard = (id: string, reason: string): Promise<void> =>
  send('POST', at('cards', id, 'release'), { reason });

export const searchTerminals = (text: string, after: After): Page<TerminalRowView> =>
  get('/terminals', { text, after });
export const showTerminal = (id: string): Promise<TerminalView> => get(at('terminals', id));
export const revokeTerminal = (id: string, reason: string): Promise<void> =>
  send('POST', at('terminals', id, 'revoke'), { reason });

export const listBatches = (terminalId: string | undefined, after: After): Page<BatchRowView> =>
  get('/batches', { terminalId, after });
export const showBatch = (terminalId: string, number: string): Promise<BatchView> =>
  get(at('batches', terminalId, number));
export const batchEntries = (terminalId: string, number: string, after: After): Page<BatchEntryView> =>
  get(at('batches', terminalId, number, 'entries'), { after });

export const listCases = (status: CaseStatus | undefined): Promise<{ rows: CaseRowView[] }> =>
  get('/cases', { status });
export const showCase = (party: string, kind: string): Promise<CaseView> => get(at('cases', party, kind));
export const approveCase = (party: string, kind: string, revision: string): Promise<CaseView> =>
  send('POST', at('cases', party, kind, 'approve'), { revision });
export const dismissCase = (party: string, kind: string, reason: string): Promise<CaseView> =>
  send('POST', at('cases', party, kind, 'dismiss'), { reason });

export const showChart = (): Promise<ChartView> => get('/ledger');
export const accountParties = (account: string, unit: string, after: After): Page<PartyView> =>
  get(at('ledger', account, 'parties'), { unit, after });

/** Postings shown at once beside something else. */
const shortList = 25;

export interface PostingFilter {
  readonly account?: string;
  readonly unit?: string;
  readonly party?: string;
  readonly owner?: string;
}
export const postings = (filter: PostingFilter, after: After): Page<PostingView> =>
  get('/postings', { ...filter, after, limit: shortList });
export const showEvent = (owner: string, eventId: string): Promise<EventView> => get(at('events', owner, eventId));

export const showKeys = (): Promise<KeysView> => get('/keys');
export const searchAudit = (text: string, after: After): Page<AuditEntryView> => get('/audit', { text, after });

export const changePassword = (oldPassword: string, newPassword: string): Promise<void> =>
  send('POST', '/password', { oldPassword, newPassword });
