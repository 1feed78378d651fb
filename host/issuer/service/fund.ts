/**
 * Where the money of a load comes from, and how it goes back. The bank is asked outside SQL transactions; what it says is booked
 * against what the load has become meanwhile.
 */
import { NoResultError } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import { askBank } from '../funding/port.js';
import type { FundingAnswer, FundingRequest } from '../funding/port.js';
import type { LoadRow } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';
import { lockedLoad } from '../store/loads.js';
import { saveFindings } from '../store/save-book.js';
import { authorise } from './authorisation.js';
import type { Issuer } from './context.js';
import { lockedCard } from './keep.js';
import { isListed } from './listing.js';
import { balanceOfLostCard, takeFromLostCard } from './replacement.js';

/**
 * Tries to fund a load that was asked for. Whether the card was listed is looked at under its lock, before the bank is asked and after
 * it has answered: it may be reported stolen meanwhile.
 *
 * @returns the row as it stands then; still `asked` where the bank did not answer, or the card is listed and it was not asked
 */
export async function fund(issuer: Issuer, { card_id, counter }: LoadRow): Promise<LoadRow> {
  const ready = await issuer.store.transaction(async (tx) => {
    await lockedCard(tx, card_id);
    const load = await lockedLoad(tx, card_id, Number(counter));
    if (load.state !== 'asked' || (await isListed(tx, card_id))) return { load, ask: false };
    const funded = await fromLostCard(issuer, tx, load);
    return { load: funded ?? (await setFunding(tx, load, 'asked')), ask: funded === undefined };
  });
  if (!ready.ask) return ready.load;
  const request = await requestFor(issuer, ready.load);
  if (request === undefined) return fundingAnswered(issuer, card_id, Number(counter), 'no');
  const answer = await askBank(() => issuer.funding.charge(request));
  return answer === 'unknown' ? ready.load : fundingAnswered(issuer, card_id, Number(counter), answer);
}

/**
 * What the bank says about a charge, now or later, once or twice.
 *
 * @throws IssuerError rejected for a load nobody asked for
 */
export async function fundingAnswered(
  issuer: Issuer,
  cardId: string,
  counter: number,
  answer: Exclude<FundingAnswer, 'unknown'>,
): Promise<LoadRow> {
  return issuer.store.transaction(async (tx) => {
    const load = await askedOnce(tx, cardId, counter);
    switch (load.funding) {
      case 'asked':
        return answer === 'yes' ? taken(issuer, tx, load) : declined(issuer, tx, load);
      case 'none':
      case 'taken':
      case 'returning':
      case 'returned':
        if (answer === 'no' || load.funding === 'none') await contradiction(issuer, tx, load, answer);
        return load;
    }
  });
}

/** Card and load, locked in the order in which everybody locks them. */
async function askedOnce(tx: Tx, cardId: string, counter: number): Promise<LoadRow> {
  try {
    await lockedCard(tx, cardId);
    return await lockedLoad(tx, cardId, counter);
  } catch (cause) {
    const nobody = cause instanceof IssuerError || cause instanceof NoResultError;
    if (!nobody) throw cause;
    throw new IssuerError('rejected', `The bank answers for a load that nobody asked for: ${cardId}/${counter}.`, {
      cause,
    });
  }
}

/** The bank has the money: the load is authorised, unless the card has given it up or was listed meanwhile. Then it goes back. */
async function taken(issuer: Issuer, tx: Tx, load: LoadRow): Promise<LoadRow> {
  const event = { cardId: load.card_id, counter: Number(load.counter), money: moneyOf(load) };
  const refused = load.state === 'asked' && (await isListed(tx, load.card_id));
  if (load.state !== 'asked' || refused) {
    await post(tx, [{ kind: 'funding-came-late', ...event }], issuer.clock());
    return refused ? setDeclined(issuer, tx, load, 'returning') : setFunding(tx, load, 'returning');
  }
  await post(tx, [{ kind: 'load-funded', ...event, from: 'bank' }], issuer.clock());
  return authorise(issuer, tx, load, 'taken');
}

async function declined(issuer: Issuer, tx: Tx, load: LoadRow): Promise<LoadRow> {
  return load.state === 'asked' ? setDeclined(issuer, tx, load, 'none') : setFunding(tx, load, 'none');
}

async function contradiction(issuer: Issuer, tx: Tx, load: LoadRow, answer: FundingAnswer): Promise<void> {
  // a declined charge that is declined again says nothing new
  if (load.state === 'declined' && load.funding === 'none' && answer === 'no') return;
  const detail = `The bank says ${answer} to load ${load.counter} of ${formatMoney(moneyOf(load))}, which stands as ${load.state}.`;
  const finding = {
    kind: 'funding-contradiction',
    party: load.card_id,
    subject: `load/${load.counter}`,
    detail,
  } as const;
  await saveFindings(tx, [finding], issuer.clock());
}

/**
 * Ends a load that the bank has left unanswered since `before`. No authorisation of it was ever made, so no card can take it; what the bank
 * may have taken all the same goes back with {@link returnMoney}, and is booked should it say so later.
 *
 * @returns false where it was decided meanwhile
 */
export async function lapse(issuer: Issuer, { card_id, counter }: LoadKey, before: Seconds): Promise<boolean> {
  return issuer.store.transaction(async (tx) => {
    await lockedCard(tx, card_id);
    const load = await lockedLoad(tx, card_id, Number(counter));
    if (load.state !== 'asked' || Number(load.asked_at) >= before) return false;
    await tx
      .updateTable('load')
      .set({ state: 'lapsed', decided_at: issuer.clock() })
      .where('card_id', '=', card_id)
      .where('counter', '=', counter)
      .execute();
    return true;
  });
}

type LoadKey = Pick<LoadRow, 'card_id' | 'counter'>;

/** The balance of a card that was lost before this one goes first, where it covers the amount. */
async function fromLostCard(issuer: Issuer, tx: Tx, load: LoadRow): Promise<LoadRow | undefined> {
  if (load.funding !== 'none') return undefined;
  const lost = await balanceOfLostCard(tx, load.card_id, load.unit, load.amount);
  if (lost === undefined) return undefined;
  const from = { lostCard: lost.lostCard, slot: lost.slot };
  const event = {
    kind: 'load-funded',
    cardId: load.card_id,
    counter: Number(load.counter),
    money: moneyOf(load),
    from,
  } as const;
  await post(tx, [event], issuer.clock());
  await takeFromLostCard(tx, lost, load.amount);
  await tx
    .updateTable('load')
    .set({ lost_card: lost.lostCard, lost_slot: lost.slot })
    .where('card_id', '=', load.card_id)
    .where('counter', '=', load.counter)
    .execute();
  return authorise(issuer, tx, load, 'taken');
}

/** Gives back what was taken, or makes sure that nothing will be. Asked again by the daily job until the bank says yes. */
export async function returnMoney(issuer: Issuer, load: LoadRow): Promise<boolean> {
  if (load.state !== 'given-up' && load.state !== 'declined' && load.state !== 'lapsed') return false;
  if (load.funding !== 'returning' && load.funding !== 'asked') return false;
  const request = await requestFor(issuer, load);
  if (request === undefined || (await askBank(() => issuer.funding.giveBack(request))) !== 'yes') return false;
  return issuer.store.transaction(async (tx) => {
    const now = await lockedLoad(tx, load.card_id, Number(load.counter));
    if (now.funding === 'returning') {
      const event = { kind: 'funding-returned', cardId: load.card_id, counter: Number(load.counter) } as const;
      await post(tx, [{ ...event, money: moneyOf(load) }], issuer.clock());
    } else if (now.funding !== 'asked') return false;
    await setFunding(tx, now, 'returned');
    return true;
  });
}

async function requestFor(issuer: Issuer, load: LoadRow): Promise<FundingRequest | undefined> {
  const holder = await issuer.store.db
    .selectFrom('holder')
    .select(['account', 'holder_id'])
    .where('holder_id', '=', load.holder_id)
    .executeTakeFirst();
  if (holder === undefined) return undefined;
  return {
    key: `${load.card_id}/${load.counter}`,
    // a holder without account pays at the kiosk's own bank device, under the card's name
    account: holder.account ?? `card ${load.card_id}`,
    money: moneyOf(load),
  };
}

async function setDeclined(issuer: Issuer, tx: Tx, load: LoadRow, funding: 'none' | 'returning'): Promise<LoadRow> {
  return tx
    .updateTable('load')
    .set({ state: 'declined', funding, decided_at: issuer.clock() })
    .where('card_id', '=', load.card_id)
    .where('counter', '=', load.counter)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function setFunding(tx: Tx, load: LoadRow, funding: LoadRow['funding']): Promise<LoadRow> {
  return tx
    .updateTable('load')
    .set({ funding })
    .where('card_id', '=', load.card_id)
    .where('counter', '=', load.counter)
    .returningAll()
    .executeTakeFirstOrThrow();
}

function moneyOf({ amount, unit }: LoadRow): Money {
  return money(amount, unitByCode(unit));
}
