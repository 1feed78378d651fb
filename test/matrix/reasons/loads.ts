/** What stops a load, an unload, a credit. */
import { money } from '../../../host/protocol/codec/money.js';
import type { Money } from '../../../host/protocol/codec/money.js';
import { cancelLoad } from '../../../host/protocol/commands/cancel-load.js';
import { credit } from '../../../host/protocol/commands/credit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import type { Signer } from '../../../host/protocol/crypto/ecdsa.js';
import { LoadType, Role } from '../../../host/protocol/generated/enums.js';
import type { CreditAuthorisationFields } from '../../../host/protocol/generated/structures.js';
import { cardExpiry, freshCard } from '../../helpers/cards.js';
import { signerFor } from '../../helpers/keys.js';
import { dollarSlot, euroSlot, pointsSlot } from '../../helpers/personalize.js';
import { dollar, euro, points, startTime, terminal } from '../../helpers/scheme.js';
import { kiosk, pay, pin, pos, prepared, scenario } from './scenario.js';
import type { Place, Prepared, Scenario, Step } from './scenario.js';

const shortLived = terminal(Role.load, 'short-lived');

interface Wanted {
  readonly type?: LoadType;
  readonly slot?: number;
  readonly amount?: Money;
  readonly time?: number;
}

/** INIT LOAD, of 5.00 onto the euro slot unless told otherwise. */
function ask({
  type = LoadType.load,
  slot = euroSlot,
  amount = money(5_00n, euro),
  time = startTime,
}: Wanted = {}): Step {
  return ({ session }) => initLoad(session, { type, slot, amount, time });
}

/** CREDIT of a load that is pending, with an authorisation that differs. @param between happens before */
function authorised(
  changes: Partial<CreditAuthorisationFields>,
  signer?: Signer,
  between?: Step,
): () => Promise<Prepared> {
  return async () => {
    const card = await freshCard('active', 'reasons');
    const place: Place = { card, session: await card.open(kiosk) };
    await pin(place);
    const { statement } = await initLoad(place.session, {
      type: LoadType.load,
      slot: euroSlot,
      amount: money(5_00n, euro),
      time: startTime,
    });
    const { fields, signature } = card.orders.authorise(statement, startTime, changes, signer);
    await between?.(place);
    return { card, act: () => credit(place.session, fields, signature) };
  };
}

const atKiosk = { by: kiosk, before: [pin] };
const whilePending = { by: kiosk, before: [pin, ask(), pin] };

/** An unload of 100.00 is authorised; before it is presented a POS takes 30.00 of the 120.00. */
async function spentBefore(): Promise<Prepared> {
  const card = await freshCard('active', 'reasons');
  const place: Place = { card, session: await card.open(kiosk) };
  await pin(place);
  const request = { type: LoadType.unload, slot: euroSlot, amount: money(100_00n, euro), time: startTime } as const;
  const { statement } = await initLoad(place.session, request);
  const { fields, signature } = card.orders.authorise(statement, startTime);
  const atPos = { card, session: await card.open(pos) };
  await pin(atPos);
  await pay(30_00n)(atPos);
  const session = await card.open(kiosk);
  return { card, act: () => credit(session, fields, signature) };
}

/** The loads of the fixture had counters 1 and 2. */
const pendingCounter = 3;

export const loads: readonly Scenario[] = [
  scenario('pinRequired', 'INIT LOAD without PIN', ask(), { by: kiosk }),
  scenario('pinRequired', 'a second INIT LOAD under one PIN', ask(), { by: kiosk, before: [pin, ask()] }),
  scenario('cardExpired', 'INIT LOAD past the card’s date', ask({ time: cardExpiry }), atKiosk),
  scenario('terminalExpired', 'INIT LOAD past the kiosk’s certificate', ask({ time: shortLived.certificate.expiry }), {
    by: shortLived,
    before: [pin],
  }),
  scenario('unit', 'a load of points', ask({ slot: pointsSlot, amount: money(1n, points) }), atKiosk),
  scenario('unit', 'a load of a slot the card does not have', ask({ slot: 3 }), atKiosk),
  scenario('amount', 'a load of zero', ask({ amount: money(0n, euro) }), atKiosk),
  scenario('maxBalance', 'a load of one cent past the maximum balance', ask({ amount: money(380_01n, euro) }), atKiosk),
  scenario('maxBalance', 'a load that would wrap the balance', ask({ amount: money(0xffff_ffffn, euro) }), atKiosk),
  scenario(
    'balance',
    'an unload of one cent more than there is',
    ask({ type: LoadType.unload, amount: money(120_01n, euro) }),
    atKiosk,
  ),
  scenario('loadPending', 'another amount while a load is pending', ask({ amount: money(5_01n, euro) }), whilePending),
  scenario('loadPending', 'an unload while a load is pending', ask({ type: LoadType.unload }), whilePending),
  scenario(
    'loadPending',
    'another slot while a load is pending',
    ask({ slot: dollarSlot, amount: money(5_00n, dollar) }),
    whilePending,
  ),
  prepared('noLoad', 'a credit for another counter [M3]', authorised({ counter: pendingCounter + 1 })),
  prepared('noLoad', 'a credit for another random [M3]', authorised({ random: new Uint8Array(8) })),
  prepared('noLoad', 'a credit of more than was asked for [M3]', authorised({ amount: 500_01 })),
  prepared('noLoad', 'a credit for another slot [M3]', authorised({ slot: dollarSlot, unit: dollar.code })),
  prepared('noLoad', 'an unload in place of a load [M3]', authorised({ type: LoadType.unload })),
  prepared(
    'noLoad',
    'a credit of a load that was cancelled [M3]',
    authorised({}, undefined, ({ session }) => cancelLoad(session, pendingCounter)),
  ),
  scenario('noLoad', 'CANCEL LOAD of a counter that is not the card’s', ({ session }) => cancelLoad(session, 9), {
    by: kiosk,
  }),
  scenario('noLoad', 'CANCEL LOAD before the first load', ({ session }) => cancelLoad(session, 0), {
    by: kiosk,
    state: 'issued',
  }),
  prepared('balance', 'a credit of an unload whose money was spent meanwhile', spentBefore),
  prepared('signature', 'a credit that somebody else signed [M3]', authorised({}, signerFor('somebody else'))),
  prepared('signature', 'an authorisation for another card [M3] [R15]', authorised({ cardId: new Uint8Array(8) })),
  prepared('cardExpired', 'a credit whose own date expires the card [M9]', authorised({ date: cardExpiry })),
];
