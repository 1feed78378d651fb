/** The credit key's act. Names card, counter, random, type, slot, unit and amount; never NT or balances, which move. */
import { fromHex } from '../../protocol/codec/bytes.js';
import { money, moneyToWire } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { LoadType } from '../../protocol/generated/enums.js';
import { creditAuthorisationCodec } from '../../protocol/generated/structures.js';
import { signCreditAuthorisation } from '../../protocol/signed/credit-authorisation.js';
import { hashAt } from '../store/books.js';
import type { LoadRow } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { creditSigner } from './card-keys.js';
import type { Issuer } from './context.js';
import { lockedCard } from './keep.js';

/** Makes the one authorisation of a load and stores it. @param load locked, state `asked` */
export async function authorise(issuer: Issuer, tx: Tx, load: LoadRow, funding: LoadRow['funding']): Promise<LoadRow> {
  const card = await lockedCard(tx, load.card_id);
  const acknowledged = Number(load.asked_nt);
  const runningHash = await hashAt(tx, card, acknowledged);
  if (runningHash === undefined) throw new Error(`no running hash at ${acknowledged} of ${load.card_id}`);
  const fields = {
    scheme: issuer.scheme.id,
    cardId: fromHex(load.card_id),
    counter: Number(load.counter),
    random: new Uint8Array(load.random),
    type: load.kind === 'unload' ? LoadType.unload : LoadType.load,
    slot: load.slot,
    unit: load.unit,
    amount: moneyToWire(money(load.amount, unitByCode(load.unit))),
    acknowledged,
    runningHash: new Uint8Array(runningHash),
    date: issuer.clock(),
  };
  return tx
    .updateTable('load')
    .set({
      state: 'authorised',
      funding,
      authorisation: creditAuthorisationCodec.encode(fields),
      signature: signCreditAuthorisation(fields, await creditSigner(issuer, tx, card)),
      decided_at: issuer.clock(),
    })
    .where('card_id', '=', load.card_id)
    .where('counter', '=', load.counter)
    .returningAll()
    .executeTakeFirstOrThrow();
}
