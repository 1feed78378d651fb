/** What a card, and a holder over all his cards, may load: maximum balance, and amounts within a day. */
import { sql } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import type { LoadRefusal } from '../../protocol/issuer/port.js';
import { isLoyalty } from '../domain/accounts.js';
import { limitPeriod } from '../domain/policy.js';
import type { CardRow } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import type { Issuer } from './context.js';
import { currentParameters } from './parameters.js';

export interface Reached {
  readonly code: LoadRefusal;
  readonly message: string;
}

/** @param balances the card's shadow balances, by slot; undefined where nothing stands in the way */
export async function limitReached(
  issuer: Issuer,
  tx: Tx,
  card: CardRow,
  kind: 'load' | 'unload',
  value: Money,
  slot: number,
  balances: readonly bigint[],
): Promise<Reached | undefined> {
  if (isLoyalty(value.unit)) return { code: 'statement-rejected', message: 'Points are neither loaded nor unloaded.' };
  const balance = balances[slot] ?? 0n;
  if (kind === 'unload') {
    return value.amount <= balance
      ? undefined
      : { code: 'card-limit', message: `The card holds less than ${formatMoney(value)}.` };
  }
  const { fields } = await currentParameters(tx, card.product);
  const most = BigInt(fields.slots[slot]?.maxBalance ?? 0);
  if (balance + value.amount > most)
    return { code: 'card-limit', message: `The card may hold at most ${formatMoney(money(most, value.unit))}.` };
  return dailyLimit(issuer, tx, card, value);
}

async function dailyLimit(
  issuer: Issuer,
  tx: Tx,
  card: CardRow,
  { amount, unit }: Money,
): Promise<Reached | undefined> {
  const { cardDaily, holderDaily } = issuer.policy;
  const since = BigInt(issuer.clock() - limitPeriod);
  const { rows } = await sql<{ of_card: bigint; of_holder: bigint }>`
    select coalesce(sum(amount) filter (where card_id = ${card.card_id}), 0)::bigint as of_card,
           coalesce(sum(amount), 0)::bigint as of_holder
      from load where holder_id = ${card.holder_id} and unit = ${unit.code} and asked_at > ${since}
       and kind = 'load' and state in ('asked', 'authorised', 'credited')`.execute(tx);
  const [sums] = rows;
  const ofCard = cardDaily[unit.name];
  if (ofCard !== undefined && (sums?.of_card ?? 0n) + amount > ofCard)
    return { code: 'card-limit', message: `A card may load at most ${formatMoney(money(ofCard, unit))} a day.` };
  const ofHolder = holderDaily[unit.name];
  if (ofHolder !== undefined && (sums?.of_holder ?? 0n) + amount > ofHolder)
    return { code: 'holder-limit', message: `A holder may load at most ${formatMoney(money(ofHolder, unit))} a day.` };
  return undefined;
}
