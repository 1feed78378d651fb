/** Nothing of the past is unfinished: what the holder came for. */
import { compare, formatMoney } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import { LoadType } from '../protocol/generated/enums.js';
import { pointsSlot } from '../protocol/generated/parameters.js';
import { isExpired } from '../terminal/flow/expiry.js';
import { refusal } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';
import { finish, refuse } from './ends.js';
import type { ReloadStep } from './ends.js';
import { askPin, askPinChange } from './pin.js';
import { noLoadPending } from './refusals.js';
import type { ReloadBase, Visit, WantedLoad } from './types.js';

export function proceed(at: ReloadBase, visit: Visit, now: Seconds): ReloadStep {
  const { task } = at;
  const expired = isExpired(visit, now);
  switch (task.task) {
    case 'load': {
      const why = expired ? cardExpired : refusedLoad(visit, task);
      return why === undefined ? askPin(at, visit) : refuse(at, why);
    }
    case 'balance':
      return askPin(at, visit);
    case 'change-pin':
      return expired ? refuse(at, cardExpired) : askPinChange(at, visit, visit.s1.pinTries);
    case 'cancel':
      return refuse(at, noLoadPending);
    case 'visit':
      return finish(at, { result: 'visited' });
  }
}

export const cardExpired = refusal(
  'card-expired',
  'The card has expired.',
  'Take it to the desk: it is paid out or replaced there.',
);

/** The card checks this too, and the issuer more. */
function refusedLoad({ s1 }: Visit, { type, slot, amount }: WantedLoad): Refusal | undefined {
  if (slot === pointsSlot || s1.balance.unit.code !== amount.unit.code) {
    return refusal(
      'unit-not-granted',
      `${amount.unit.name} cannot be loaded or paid out.`,
      'Points come with payments and are spent at a POS; money goes in and out in its own currency.',
    );
  }
  if (type === LoadType.unload && compare(amount, s1.balance) > 0) {
    return refusal('balance-too-small', `The card holds ${formatMoney(s1.balance)}.`, 'Take a smaller amount.');
  }
  return undefined;
}
