/** READ LOG: records, kept cancel orders, balances and sums. Kiosk with the holder's PIN, which this does not use up; desk. */
import type { CardChannel } from '../channel/channel.js';
import { u32 } from '../codec/bytes.js';
import { commands } from '../generated/commands.js';
import { LogView } from '../generated/enums.js';
import { cancelOrders, logSize, recordsPerRead } from '../generated/parameters.js';
import { keptCancelOrderCodec, lengths, recordCodec, totalsCodec } from '../generated/structures.js';
import type { KeptCancelOrderFields, RecordFields, TotalsFields } from '../generated/structures.js';
import { isCardError } from '../errors.js';
import { statusWords } from '../generated/status-words.js';
import { exchange, malformed } from './exchange.js';

/** Up to 4 records from `firstNt` on, oldest first. @throws CardError refused (6A83: there is none), lost, malformed */
export async function readRecords(session: CardChannel, firstNt: number): Promise<RecordFields[]> {
  return readLog(session, { view: LogView.records, number: 0, data: u32(firstNt) }, (body) => {
    const count = body.length / lengths.record;
    if (!Number.isInteger(count) || count > recordsPerRead) throw new RangeError(`${body.length} bytes are no records`);
    const records = Array.from({ length: count }, (_, i) =>
      recordCodec.decode(body.slice(i * lengths.record, (i + 1) * lengths.record)),
    );
    if (records.some(({ nt }, i) => nt !== firstNt + i)) throw new RangeError('records out of order');
    return records;
  });
}

/** All records of NT `firstNt` to `lastNt`. @throws CardError refused, lost, malformed */
export async function readRecordsBetween(
  session: CardChannel,
  firstNt: number,
  lastNt: number,
): Promise<RecordFields[]> {
  if (lastNt - firstNt >= logSize) throw new RangeError('more records than a log holds');
  const records: RecordFields[] = [];
  while (firstNt + records.length <= lastNt) {
    const more = await readRecords(session, firstNt + records.length);
    if (more.length === 0) throw malformed(commands.READ_LOG, new RangeError('no records where there should be'));
    records.push(...more);
  }
  return records.slice(0, lastNt - firstNt + 1);
}

/** One cancel order the card keeps. @param number from 0 @throws CardError refused (6A83: no such number), lost, malformed */
export async function readCancelOrder(session: CardChannel, number: number): Promise<KeptCancelOrderFields> {
  return readLog(session, { view: LogView.cancelOrders, number, data: new Uint8Array(0) }, (body) =>
    keptCancelOrderCodec.decode(body),
  );
}

/**
 * All cancel orders the card keeps, in no order. They lie in a ring that is filled on and on: those since the last synchronisation
 * may be in any of its places.
 *
 * @throws CardError refused, lost, malformed
 */
export async function readCancelOrders(session: CardChannel): Promise<KeptCancelOrderFields[]> {
  const orders: KeptCancelOrderFields[] = [];
  try {
    while (orders.length < cancelOrders) orders.push(await readCancelOrder(session, orders.length));
  } catch (error) {
    // the ring was never full
    if (!isCardError(error, 'refused') || error.sw !== statusWords.recordNotFound.sw) throw error;
  }
  return orders;
}

/** All balances, sums, counters and the parameters in force. @throws CardError refused, lost, malformed */
export async function readTotals(session: CardChannel): Promise<TotalsFields> {
  return readLog(session, { view: LogView.totals, number: 0, data: new Uint8Array(0) }, (body) =>
    totalsCodec.decode(body),
  );
}

async function readLog<T>(
  session: CardChannel,
  { view, number, data }: { readonly view: LogView; readonly number: number; readonly data: Uint8Array },
  read: (body: Uint8Array) => T,
): Promise<T> {
  const { body } = await exchange(session, commands.READ_LOG, { data }, { p1: view, p2: number });
  try {
    return read(body);
  } catch (error) {
    throw malformed(commands.READ_LOG, error);
  }
}
