/** One settlement, for the merchants it pays: what each sold, gave back and gets, and how the money goes. */
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { formatTime } from '../../protocol/codec/time.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { rejected } from '../service/context.js';
import type { Issuer } from '../service/context.js';
import type { ReportDocument } from './document.js';

/** @throws IssuerError rejected where there is no such settlement */
export async function settlementReport(issuer: Issuer, number: number): Promise<ReportDocument> {
  const { db } = issuer.store;
  const settlement = await db.selectFrom('settlement').selectAll().where('id', '=', BigInt(number)).executeTakeFirst();
  if (settlement === undefined) throw rejected(`There is no settlement ${number}.`);
  const lines = await db
    .selectFrom('settlement_line')
    .leftJoin('merchant', 'merchant.merchant', 'settlement_line.merchant')
    .leftJoin('payment', (join) =>
      join
        .onRef('payment.owner', '=', 'settlement_line.merchant')
        .onRef('payment.ref', '=', 'settlement_line.settlement')
        .onRef('payment.unit', '=', 'settlement_line.unit')
        .on('payment.kind', '=', 'settlement'),
    )
    .selectAll('settlement_line')
    .select(['merchant.name', 'payment.reference', 'payment.state'])
    .where('settlement_line.settlement', '=', BigInt(number))
    .orderBy('settlement_line.merchant')
    .orderBy('settlement_line.unit')
    .execute();
  const net = ({ sold, reversed, adjusted, fee }: (typeof lines)[number]): bigint => sold - reversed + adjusted - fee;
  const rows = lines.map((line) => {
    const of = (amount: bigint): Money => money(amount, unitByCode(line.unit));
    const how = line.reference === null ? 'paid' : `${line.reference}: ${line.state ?? ''}`;
    const counts = [of(line.sold), Number(line.sales), of(line.reversed), Number(line.reversals)] as const;
    return [
      line.merchant,
      line.name ?? 'not registered',
      ...counts,
      of(line.adjusted),
      of(line.fee),
      of(net(line)),
      how,
    ];
  });
  const codes = [...new Set(lines.map(({ unit }) => unit))];
  const totals = codes.map((code) => {
    const mine = lines.filter(({ unit }) => unit === code);
    return [
      unitByCode(code).name,
      mine.length,
      money(
        mine.reduce((sum, { fee }) => sum + fee, 0n),
        unitByCode(code),
      ),
      money(
        mine.reduce((sum, line) => sum + net(line), 0n),
        unitByCode(code),
      ),
    ];
  });
  const at = Number(settlement.settled_at);
  return {
    title: `Settlement ${number}`,
    subtitle: `${issuer.scheme.name}, scheme ${issuer.scheme.id}, ${formatTime(at)}`,
    at,
    tables: [
      {
        title: 'Merchants',
        columns: [
          'Merchant',
          'Name',
          'Sold',
          'Sales',
          'Given back',
          'Cancels',
          'Adjusted',
          'Commission',
          'Pays',
          'Payment',
        ],
        rows,
        empty: 'Nobody was paid.',
        note: 'Adjusted: decisions on cases, and earlier payments that came back.',
      },
      {
        title: 'Totals',
        columns: ['Unit', 'Merchants', 'Commission', 'Pays'],
        rows: totals,
        empty: 'Nothing was paid.',
      },
    ],
  };
}
