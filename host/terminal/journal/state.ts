/** What a journal's entries amount to: the orders of this terminal and how each stands. Pure. */
import { toHex } from '../../protocol/codec/bytes.js';
import type { BatchEntry, ClosedEntry, JournalEntry, OpenedEntry, StartEntry } from './entries.js';

/** One transaction number. */
export interface Order extends Omit<OpenedEntry, 'entry'> {
  /** Absent while nobody knows. */
  readonly end?: ClosedEntry;
  /** The person at the terminal knows how it ended. */
  readonly told: boolean;
  /** Number of the cancel that undid this purchase. */
  readonly undoneBy?: number;
}

export interface JournalState {
  readonly start: StartEntry | undefined;
  readonly orders: ReadonlyMap<number, Order>;
  readonly batches: readonly BatchEntry[];
  readonly acknowledged: ReadonlySet<number>;
  /** The number of the next order. */
  readonly nextTn: number;
}

/** An entry that cannot follow the ones before it. */
export class JournalContradiction extends Error {
  override readonly name = 'JournalContradiction';
}

export function emptyState(): JournalState {
  return { start: undefined, orders: new Map(), batches: [], acknowledged: new Set(), nextTn: 1 };
}

/**
 * The state after one more entry. Maps are extended in place: keep no older state.
 *
 * @throws JournalContradiction
 */
export function apply(state: JournalState, entry: JournalEntry): JournalState {
  const orders = state.orders as Map<number, Order>;
  if ((state.start === undefined) !== (entry.entry === 'start'))
    throw new JournalContradiction('the first entry, and only it, says whose journal it is');
  switch (entry.entry) {
    case 'start':
      return { ...state, start: entry };
    case 'opened': {
      if (entry.tn !== state.nextTn) throw new JournalContradiction(`number ${entry.tn} where ${state.nextTn} is next`);
      const { entry: _, ...order } = entry;
      orders.set(entry.tn, { ...order, told: false });
      return { ...state, nextTn: entry.tn + 1 };
    }
    case 'closed': {
      const order = opened(state, entry.tn);
      if (order.end !== undefined) throw new JournalContradiction(`number ${entry.tn} is closed twice`);
      orders.set(entry.tn, { ...order, end: entry });
      if (order.cancels !== undefined && entry.result === 'executed') {
        orders.set(order.cancels.tn, { ...opened(state, order.cancels.tn), undoneBy: entry.tn });
      }
      return state;
    }
    case 'told': {
      const order = opened(state, entry.tn);
      if (order.end === undefined) throw new JournalContradiction(`number ${entry.tn} is told before it is closed`);
      orders.set(entry.tn, { ...order, told: true });
      return state;
    }
    case 'batch':
      return { ...state, batches: [...state.batches, nextBatch(state, entry)] };
    case 'acknowledged':
      (state.acknowledged as Set<number>).add(entry.number);
      return state;
  }
}

function opened(state: JournalState, tn: number): Order {
  const order = state.orders.get(tn);
  if (order === undefined) throw new JournalContradiction(`number ${tn} was never opened`);
  return order;
}

function nextBatch(state: JournalState, batch: BatchEntry): BatchEntry {
  const last = state.batches.at(-1);
  if (batch.number !== (last?.number ?? 0) + 1) throw new JournalContradiction(`batch ${batch.number} does not follow`);
  if (batch.firstTn !== (last?.lastTn ?? 0) + 1 || batch.lastTn >= state.nextTn) {
    throw new JournalContradiction(`batch ${batch.number} leaves numbers out`);
  }
  return batch;
}

/** The order of a card that nobody knows the end of: at most one, for it stops further orders to that card. */
export function openOrderOf(state: JournalState, cardId: Uint8Array): Order | undefined {
  return openOrders(state).find((order) => toHex(order.cardId) === toHex(cardId));
}

export function openOrders(state: JournalState): Order[] {
  return [...state.orders.values()].filter((order) => order.end === undefined);
}

/** The newest order of a card that ended while nobody looked: executed, but neither told nor undone. */
export function untoldOrderOf(state: JournalState, cardId: Uint8Array): Order | undefined {
  return [...state.orders.values()].findLast(
    (order) =>
      toHex(order.cardId) === toHex(cardId) &&
      order.end?.result === 'executed' &&
      !order.told &&
      order.undoneBy === undefined,
  );
}
