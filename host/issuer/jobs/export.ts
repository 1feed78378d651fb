/** The ledger as CSV (RFC 4180): one line a transfer, oldest first, for whoever checks the books with other tools. */
import { formatAmount, money } from '../../protocol/codec/money.js';
import { formatTime } from '../../protocol/codec/time.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { csvLine } from '../reports/csv.js';
import type { Issuer } from '../service/context.js';

const header = 'bookedAt,owner,event,line,debitAccount,debitParty,creditAccount,creditParty,amount,unit';

export async function exportLines({ store }: Issuer): Promise<string[]> {
  const rows = await store.db
    .selectFrom('transfer')
    .selectAll()
    .orderBy('booked_at')
    .orderBy('owner')
    .orderBy('event_id')
    .orderBy('line')
    .execute();
  return [
    header,
    ...rows.map((row) => {
      const unit = unitByCode(row.unit);
      const accounts = [row.debit_account, row.debit_party, row.credit_account, row.credit_party];
      const amount = formatAmount(money(row.amount, unit));
      return csvLine([
        formatTime(Number(row.booked_at)),
        row.owner,
        row.event_id,
        String(row.line),
        ...accounts,
        amount,
        unit.name,
      ]);
    }),
  ];
}
