/** What stops a debit or a cancel. */
import { money } from '../../../host/protocol/codec/money.js';
import { cancelLast } from '../../../host/protocol/commands/cancel-last.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../../host/protocol/commands/debit.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { logSize, pinTries, purchaseReserve } from '../../../host/protocol/generated/parameters.js';
import { cardExpiry, freshCard, lastingTerminal } from '../../helpers/cards.js';
import { signerFor } from '../../helpers/keys.js';
import { dollarSlot, euroSlot } from '../../helpers/personalize.js';
import { MemoryPairs, dollar, euro, points, startTime, terminal } from '../../helpers/scheme.js';
import { attempt, cancel, kiosk, limits, pay, pin, pos, prepared, scenario, times } from './scenario.js';
import type { Scenario, Step } from './scenario.js';

const order: DebitOrder = { slot: euroSlot, amount: money(1n, euro), tn: 1, time: startTime };

function debitWith(changes: Partial<DebitOrder>): Step {
  return ({ session }) => debit(session, { ...order, ...changes });
}

const wrongPin: Step = ({ session }) => verifyPin(session, '9999');

const smallPos = terminal(Role.pos, 'small', { limits: [{ unit: euro.code, limit: 5_00 }] });
const pointsPos = terminal(Role.pos, 'points only', { limits: [{ unit: points.code, limit: 100 }] });
const rival = lastingTerminal(Role.pos, 'rival');

/** Limits no test runs into. */
const wide = { pinlessSingle: 500_00, pinlessSum: 5_000_00, offlineSum: 5_000_00 };

/** The fixture's second load is not acknowledged yet. */
const untilLogIsFull = logSize - purchaseReserve - 1;

export const payments: readonly Scenario[] = [
  scenario('lifeCycle', 'a debit after the fifth wrong PIN [R16]', pay(1_00n), {
    before: times(pinTries, attempt(wrongPin)),
    sw: 'blocked',
  }),
  scenario('cardExpired', 'a debit at the first second past the card’s date [R8]', debitWith({ time: cardExpiry })),
  scenario('cardExpired', 'a debit of an expired card at a POS whose clock is behind [R8]', pay(1_00n), {
    state: 'expired',
  }),
  scenario(
    'terminalExpired',
    'a debit at a POS past its certificate',
    debitWith({ time: smallPos.certificate.expiry }),
    { by: smallPos },
  ),
  scenario('role', 'a debit at a kiosk', pay(1_00n), { by: kiosk, sw: 'securityStatus' }),
  scenario('unit', 'a debit of a slot the card does not have', debitWith({ slot: 3 })),
  scenario('unit', 'a debit of slot 255', debitWith({ slot: 255 })),
  scenario('unit', 'a debit in a unit that the POS is not granted', pay(1_00n), { by: pointsPos }),
  scenario('amount', 'a debit of zero', pay(0n)),
  scenario('terminalLimit', 'a debit above the POS’s own limit', pay(5_01n), { by: smallPos }),
  scenario('terminalLimit', 'a debit of the largest amount there is', pay(0xffff_ffffn)),
  scenario('transactionLimit', 'a debit above the card’s maximum, even with PIN', pay(80_01n), { before: [pin] }),
  scenario('pinRequired', 'a debit above what goes at once without PIN', pay(25_01n)),
  scenario('pinRequired', 'the debit that passes the sum without PIN', pay(10_01n), {
    before: times(2, pay(25_00n)),
  }),
  scenario('pinRequired', 'a second debit under one PIN', pay(30_00n), { before: [pin, pay(30_00n)] }),
  scenario('pinRequired', 'a debit after one that was refused under the PIN', pay(30_00n), {
    before: [pin, attempt(pay(0n))],
  }),
  scenario('pinRequired', 'a debit after a wrong PIN that followed the right one', pay(30_00n), {
    before: [pin, attempt(wrongPin)],
  }),
  prepared('pinRequired', 'a debit in the session after the one that had the PIN [R12]', async () => {
    const card = await freshCard('active', 'reasons');
    await pin({ card, session: await card.open(pos) });
    const session = await card.open(pos);
    return { card, act: () => pay(30_00n)({ card, session }) };
  }),
  scenario('offlineAmount', 'the debit that passes the offline amount', pay(5_00n), {
    first: limits({ offlineSum: 9_99 }),
    before: [pay(5_00n)],
  }),
  scenario('offlineCount', 'the debit after the last that the count allows', pay(1_00n), {
    first: limits({}, { offlineCount: 2 }),
    before: times(2, pay(1_00n)),
  }),
  scenario('logFull', 'the purchase that would leave less than three places [R14]', pay(1n), {
    first: limits(wide, { offlineCount: 255 }),
    before: times(untilLogIsFull, pay(1n)),
  }),
  scenario(
    'balance',
    'a debit of one cent more than there is',
    debitWith({ slot: dollarSlot, amount: money(40_01n, dollar) }),
    {
      before: [pin],
    },
  ),
  scenario('notLast', 'a cancel of zero', cancel({ amount: 0n }), { before: [pay(1_00n)] }),
  scenario('notLast', 'a cancel of a load', cancel({ nt: 2, tn: 0, amount: 40_00n })),
  scenario('notLast', 'a cancel of the purchase before the last', cancel(), { before: times(2, pay(1_00n)) }),
  scenario('notLast', 'a second cancel of one purchase', cancel(), { before: [pay(1_00n), cancel()] }),
  scenario('notLast', 'a cancel of half the amount', cancel({ amount: 50n }), { before: [pay(1_00n)] }),
  scenario('notLast', 'a cancel under another transaction number', cancel({ tn: 2 }), { before: [pay(1_00n)] }),
  prepared('notLast', 'a cancel of another POS’s purchase', async () => {
    const card = await freshCard('active', 'reasons');
    await pay(1_00n)({ card, session: await card.open(pos) });
    const session = await card.open(rival);
    return { card, act: () => cancel()({ card, session }) };
  }),
  scenario('cancelLimit', 'the cancel after the last that the parameters allow', cancel({ nt: 5 }), {
    first: limits({}, { cancelsBetweenSyncs: 1 }),
    before: [pay(1_00n), cancel(), pay(1_00n)],
  }),
  scenario('signature', 'a cancel that somebody else signed [R13]', cancelSignedByAnother(), { before: [pay(1_00n)] }),
  prepared(
    'fullSession',
    'a cancel in a resumed session',
    async () => {
      const card = await freshCard('active', 'reasons');
      const pairs = new MemoryPairs();
      await pay(1_00n)({ card, session: await card.open(pos, { pairs }) });
      const session = await card.open(pos, { pairs });
      return { card, act: () => cancel()({ card, session }) };
    },
    'securityStatus',
  ),
];

function cancelSignedByAnother(): Step {
  const request = { ...order, amount: money(1_00n, euro), cancelledNt: 3, cancelledTn: 1, tn: 2 };
  return ({ session }) => {
    const identity = { ...session.identity, signer: signerFor('somebody else') };
    return cancelLast({ ...session, identity, transmit: (apdu) => session.transmit(apdu) }, request);
  };
}
