/** The operator API, one function per request. Types are the issuer's own (host/issuer/operator/views). */
import type { MoneyJson } from '../../../../protocol/codec/money.js';
import type { Measure } from '../../../domain/measures.js';
import type { CaseStatus } from '../../../service/cases.js';
import type { CardRowView, CardView, LoadView, OrderView, RecordView } from '../../../operator/views/cards.js';
import type { CaseRowView, CaseView } from '../../../operator/views/cases.js';
import type { Part } from '../../../operator/views/common.js';
import type { DeliveryTaken, DeskLineView, DeskView, OrdersTaken } from '../../../operator/views/desk.js';
import type { AuditEntryView, KeysView } from '../../../operator/views/keys.js';
import type { ChartView, EventView, PartyView, PostingView } from '../../../operator/views/ledger.js';
import type {
  AnswersTaken,
  PayoutContent,
  PayoutFileView,
  PayoutMade,
  PayoutsView,
} from '../../../operator/views/payouts.js';
import type {
  BatchEntryView,
  BatchRowView,
  BatchView,
  InvitationView,
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

export const holdTerminal = (id: string, reason: string): Promise<void> =>
  send('POST', at('terminals', id, 'hold'), { reason });
export const releaseTerminal = (id: string): Promise<void> => send('POST', at('terminals', id, 'release'));

/** A POS of a shop, ids 8 hexadecimal digits each; or a kiosk or desk of the issuer. */
export type Invited =
  | { readonly acquirerId: string; readonly merchantId: string; readonly limits: readonly MoneyJson[] }
  | { readonly role: 'load' | 'perso' };
export const inviteTerminal = (invited: Invited): Promise<InvitationView> => send('POST', '/terminals', invited);

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

/** A measure as the issuer reads it; `money` where something is booked. */
export interface ProposedMeasure {
  readonly do: Measure['do'];
  readonly cardId?: string;
  readonly terminalId?: string;
  readonly merchant?: string;
  readonly slot?: number;
  readonly money?: MoneyJson;
}
export const proposeCase = (party: string, kind: string, measures: readonly ProposedMeasure[]): Promise<CaseView> =>
  send('POST', at('cases', party, kind, 'propose'), { measures });

export const showDesk = (): Promise<DeskView> => get('/desk');
export const deskLines = (after: After): Page<DeskLineView> => get('/desk/assigned', { after });
export const deskList = (): Promise<{ csv: string }> => get('/desk/list');
export const registerDelivery = (delivery: string, from: string, to: string): Promise<DeliveryTaken> =>
  send('POST', '/desk/deliveries', { delivery, from, to });
export const orderCards = (csv: string): Promise<OrdersTaken> => send('POST', '/desk/orders', { csv });

export const showPayouts = (): Promise<PayoutsView> => get('/payouts');
export const makePayout = (): Promise<PayoutMade> => send('POST', '/payouts');
export const showPayout = (number: string): Promise<PayoutFileView> => get(at('payouts', number));
export const payoutContent = (number: string): Promise<PayoutContent> => get(at('payouts', number, 'content'));
export const bankAnswered = (content: string): Promise<AnswersTaken> => send('POST', '/payouts/answers', { content });

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
