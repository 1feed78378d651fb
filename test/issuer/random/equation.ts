/** M1 with the balances the cards really have: what the issuer has not seen yet is added from the cards' own logs. */
import { sql } from 'kysely';
import { moneyEquation } from '../../../host/issuer/domain/money-equation.js';
import { moneyTerms } from '../../../host/issuer/store/equation.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { RecordType } from '../../../host/protocol/generated/enums.js';
import { pointsSlot } from '../../../host/protocol/generated/parameters.js';
import type { SoftCard } from '../../helpers/soft-card.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';

interface Unseen {
  purchases: bigint;
  loads: bigint;
  unloads: bigint;
  points: bigint;
}

const nothing: Unseen = { purchases: 0n, loads: 0n, unloads: 0n, points: 0n };

/** One sentence for each unit in which M1 does not hold. @param cards all there are */
export async function brokenEquations({ issuer }: SoftIssuer, cards: readonly SoftCard[]): Promise<string[]> {
  const terms = await moneyTerms(issuer.store.db, issuer.scheme.units);
  const sums = await unseen(issuer, cards);
  return terms.flatMap((known, slot) => {
    const of = sums[slot] ?? nothing;
    const onCards = {
      ...known,
      cards: cards.reduce((total, one) => total + BigInt(one.balance(slot)), 0n),
      waiting: 0n,
      purchases: known.purchases + of.purchases,
      loads: known.loads - of.loads,
      payouts: known.payouts + of.unloads,
      loyalty: known.loyalty + of.points,
    };
    const [inBooks, inCards] = [moneyEquation(known).difference, moneyEquation(onCards).difference];
    if (inBooks === 0n && inCards === 0n) return [];
    return [`${known.unit.name}: off by ${inBooks} in the books, by ${inCards} on the cards`];
  });
}

/** What cards have done and the issuer does not know, by slot. */
async function unseen(issuer: SoftIssuer['issuer'], cards: readonly SoftCard[]): Promise<Unseen[]> {
  const { rows } = await sql<{ card_id: string; nts: string }>`
    select card_id, string_agg(nt::text, ' ') as nts from record group by card_id`.execute(issuer.store.db);
  const known = new Map(rows.map(({ card_id, nts }) => [card_id, new Set(nts.split(' '))]));
  const sums: Unseen[] = [{ ...nothing }, { ...nothing }, { ...nothing }];
  for (const one of cards) {
    const nts = known.get(toHex(one.cardId));
    for (const record of one.books.records) if (nts?.has(String(record.nt)) !== true) add(sums, record);
  }
  return sums;
}

function add(sums: Unseen[], record: SoftCard['books']['records'][number]): void {
  const [sum, points] = [sums[record.slot], sums[pointsSlot]];
  if (sum === undefined || points === undefined) return;
  const amount = BigInt(record.amount);
  switch (record.type) {
    case RecordType.purchase:
      sum.purchases += amount;
      points.points += BigInt(record.points);
      break;
    case RecordType.cancel:
      sum.purchases -= amount;
      points.points -= BigInt(record.points);
      break;
    case RecordType.load:
      sum.loads += amount;
      break;
    case RecordType.unload:
      sum.unloads += amount;
      break;
  }
}
