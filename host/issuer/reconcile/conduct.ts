/** What cards and terminals of a page did that no single record shows. Each query reads the page's own rows by their keys. */
import { sql } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { fork } from '../domain/book.js';
import type { Finding } from '../domain/findings.js';
import type { Issuer } from '../service/context.js';
import { refusedFrom } from '../service/listing.js';
import type { Db } from '../store/database.js';
import { boundsOf } from './pages.js';
import type { CardPage } from './pages.js';

export async function conductOf(issuer: Issuer, db: Db, page: CardPage): Promise<Finding[]> {
  return [
    ...(await executedTwice(db, page)),
    ...(await unauthorisedLoads(db, page)),
    ...(await hiddenCancels(db, page)),
    ...(await soldToListed(issuer, db, page)),
  ];
}

/** M2: a card executes an order of a terminal at most once. */
async function executedTwice(db: Db, page: CardPage): Promise<Finding[]> {
  const { first, last } = boundsOf(page);
  const { rows } = await sql<{ card_id: string; terminal_id: string; tn: bigint; one: bigint; other: bigint }>`
    select card_id, terminal_id, tn, min(nt) as one, max(nt) as other from record
     where card_id between ${first} and ${last} and nt < ${BigInt(fork)} and kind in ('purchase', 'cancel')
     group by card_id, terminal_id, tn having count(*) > 1`.execute(db);
  return rows.map(({ card_id, terminal_id, tn, one, other }) => ({
    kind: 'executed-twice',
    party: card_id,
    subject: `${terminal_id}/${tn}`,
    detail: `Records ${one} and ${other} are both order ${tn} of terminal ${terminal_id}.`,
  }));
}

/** M3: every load on the card was authorised, for this counter, with these terms. */
async function unauthorisedLoads(db: Db, page: CardPage): Promise<Finding[]> {
  const { first, last } = boundsOf(page);
  const { rows } = await sql<{ card_id: string; nt: bigint; kind: string; unit: number; amount: bigint }>`
    select r.card_id, r.nt, r.kind, r.unit, r.amount
      from record r
      left join load l on l.card_id = r.card_id and l.credit_nt = r.nt and l.state = 'credited'
       and l.kind = r.kind and l.slot = r.slot and l.amount = r.amount
     where r.card_id between ${first} and ${last} and r.kind in ('load', 'unload') and r.placement = 'placed'
       and l.card_id is null`.execute(db);
  return rows.map(({ card_id, nt, kind, unit, amount }) => ({
    kind: 'unauthorised-load',
    party: card_id,
    subject: `record/${nt}`,
    detail: `Record ${nt} is a ${kind} of ${formatMoney(money(amount, unitByCode(unit)))} that no authorisation names.`,
  }));
}

/** The terminal claimed the sale and signed its own executed cancel void; where the issuer itself had said void, it is innocent. */
async function hiddenCancels(db: Db, page: CardPage): Promise<Finding[]> {
  const { first, last } = boundsOf(page);
  const { rows } = await sql<{ card_id: string; terminal_id: string; tn: bigint; unit: number; amount: bigint }>`
    select distinct r.card_id, r.terminal_id, r.tn, r.unit, r.amount
      from record r
      join batch_entry e on e.terminal_id = r.terminal_id and e.tn = r.tn and e.card_id = r.card_id and e.outcome = 'void'
      join record p on p.card_id = r.card_id and p.nt = r.nt - 1 and p.terminal_id = r.terminal_id
      left join entry_question q on q.card_id = r.card_id and q.terminal_id = r.terminal_id and q.tn = r.tn
       and q.answer is not null
     where r.card_id between ${first} and ${last} and r.kind = 'cancel' and q.card_id is null
       and (exists (select from claim c where c.card_id = p.card_id and c.nt = p.nt and c.kind = 'sale')
         or exists (select from batch_entry s where s.terminal_id = p.terminal_id and s.tn = p.tn
                      and s.card_id = p.card_id and s.outcome = 'sold'))`.execute(db);
  return rows.map(({ card_id, terminal_id, tn, unit, amount }) => {
    const paid = formatMoney(money(amount, unitByCode(unit)));
    const detail = `Order ${tn} undid a sale of ${paid} to card ${card_id}; the terminal claimed the sale and signed the order void.`;
    return { kind: 'cancel-hidden', party: terminal_id, subject: `tn/${tn}`, detail };
  });
}

/** A terminal with a list as fresh as the policy asks had refused the card. */
async function soldToListed(issuer: Issuer, db: Db, page: CardPage): Promise<Finding[]> {
  const refused = await refusedFrom(issuer, db, [...page.keys()]);
  const findings: Finding[] = [];
  for (const [cardId, from] of refused) {
    const rows = await db
      .selectFrom('record')
      .select(['terminal_id', 'tn', 'unit', 'amount'])
      .where('card_id', '=', cardId)
      .where('kind', '=', 'purchase')
      .where('time', '>=', BigInt(from))
      .limit(100)
      .execute();
    findings.push(
      ...rows.map(({ terminal_id, tn, unit, amount }): Finding => {
        const detail = `Transaction ${tn} sold ${formatMoney(money(amount, unitByCode(unit)))} to card ${cardId}, long after it was listed.`;
        return { kind: 'listed-card', party: terminal_id, subject: `tn/${tn}`, detail };
      }),
    );
  }
  return findings;
}
