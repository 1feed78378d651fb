/** A load that the card gave up, by its own signature: the counter is closed for ever and what funded it goes back. */
import type { Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { toHex } from '../../protocol/codec/bytes.js';
import { LoadType } from '../../protocol/generated/enums.js';
import type { LoadRegisterFields } from '../../protocol/generated/structures.js';
import type { LedgerEvent } from '../domain/events.js';
import type { LoadRow } from '../store/books.js';
import type { CardRow } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';
import type { Issuer } from './context.js';
import { breakCard } from './keep.js';
import { returnToLostCard } from './replacement.js';

/** @param register as signed, where the statement is about this very load: it closes a counter nobody has asked about yet */
export async function closeLoad(
  issuer: Issuer,
  tx: Tx,
  card: CardRow,
  units: readonly Unit[],
  counter: number,
  register: LoadRegisterFields | undefined,
): Promise<void> {
  const load = await tx
    .selectFrom('load')
    .selectAll()
    .where('card_id', '=', card.card_id)
    .where('counter', '=', BigInt(counter))
    .forUpdate()
    .executeTakeFirst();
  if (load === undefined) {
    if (register !== undefined) await closeUnasked(issuer, tx, card, units, register);
    return;
  }
  switch (load.state) {
    case 'given-up':
      return;
    case 'credited': {
      const detail = `Load ${counter} is on the card, and the card signs that it gave it up.`;
      return breakCard(issuer, tx, card.card_id, 'load-given-up-and-taken', detail);
    }
    case 'asked':
    case 'declined':
    case 'lapsed':
      return setGivenUp(issuer, tx, load, load.funding);
    case 'authorised':
      return giveBack(issuer, tx, load);
  }
}

async function giveBack(issuer: Issuer, tx: Tx, load: LoadRow): Promise<void> {
  if (load.kind === 'unload') return setGivenUp(issuer, tx, load, 'none');
  const money = { amount: load.amount, unit: unitByCode(load.unit) };
  const fromLostCard = load.lost_card !== null && load.lost_slot !== null;
  const from = fromLostCard ? { lostCard: load.lost_card as string, slot: load.lost_slot as number } : 'bank';
  const event: LedgerEvent = {
    kind: 'load-given-up',
    cardId: load.card_id,
    counter: Number(load.counter),
    money,
    from,
  };
  await post(tx, [event], issuer.clock());
  if (from !== 'bank') await returnToLostCard(tx, from.lostCard, from.slot, money.amount);
  await setGivenUp(issuer, tx, load, fromLostCard ? 'returned' : 'returning');
}

async function setGivenUp(issuer: Issuer, tx: Tx, load: LoadRow, funding: LoadRow['funding']): Promise<void> {
  await tx
    .updateTable('load')
    .set({ state: 'given-up', funding, decided_at: issuer.clock() })
    .where('card_id', '=', load.card_id)
    .where('counter', '=', load.counter)
    .execute();
}

async function closeUnasked(
  issuer: Issuer,
  tx: Tx,
  card: CardRow,
  units: readonly Unit[],
  register: LoadRegisterFields,
): Promise<void> {
  const now = issuer.clock();
  await tx
    .insertInto('load')
    .values({
      card_id: card.card_id,
      counter: register.counter,
      kind: register.type === LoadType.unload ? 'unload' : 'load',
      slot: register.slot,
      unit: units[register.slot]?.code ?? register.unit,
      amount: register.amount,
      random: register.random,
      kiosk_id: toHex(register.terminalId),
      holder_id: card.holder_id,
      state: 'given-up',
      funding: 'none',
      asked_nt: 0,
      asked_at: now,
      decided_at: now,
    })
    .execute();
}
