/** A POS without its journal: what attacks on the card link need of one. */
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { money } from '../../../host/protocol/codec/money.js';
import type { Unit } from '../../../host/protocol/codec/units.js';
import { cancelLast, cancelOrderOf } from '../../../host/protocol/commands/cancel-last.js';
import type { CancelRequest } from '../../../host/protocol/commands/cancel-last.js';
import type { RecordWithProof } from '../../../host/protocol/commands/credit.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../../host/protocol/commands/debit.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { proveCancel, provePurchase } from '../../../host/protocol/proofs/order.js';
import type { CardSeen } from '../../../host/protocol/proofs/order.js';
import type { PurseSession, TerminalIdentity } from '../../../host/protocol/session/session.js';
import { signCancelOrder } from '../../../host/protocol/signed/cancel-order.js';
import { openWith } from '../../helpers/cards.js';
import type { OpenOptions } from '../../helpers/cards.js';
import { MemoryPairs, dollar, euro, points, startTime, terminal } from '../../helpers/scheme.js';
import type { TerminalOverrides } from '../../helpers/scheme.js';

const units: readonly Unit[] = [euro, dollar, points];

export function unitOf(slot: number): Unit {
  const unit = units[slot];
  if (!unit) throw new RangeError(`no card has a slot ${slot}`);
  return unit;
}

export class Till {
  readonly identity: TerminalIdentity;
  readonly pairs = new MemoryPairs();
  #tn = 0;

  constructor(name = 'one', overrides: TerminalOverrides = {}) {
    this.identity = terminal(Role.pos, name, overrides);
  }

  /** SELECT and a session: resumed where card and till know each other. */
  open(link: CardChannel, options: OpenOptions = {}): Promise<PurseSession> {
    return openWith(link, this.identity, { pairs: this.pairs, ...options });
  }

  /** A debit order under the next transaction number. @param amount minor units */
  order(amount: bigint, changes: Partial<Omit<DebitOrder, 'amount'>> = {}): DebitOrder {
    const { slot = 0, tn = ++this.#tn, time = startTime } = changes;
    return { slot, amount: money(amount, unitOf(slot)), tn, time };
  }

  /** DEBIT, with the proof over the record the till rebuilds. @throws CardError */
  async pay(session: PurseSession, order: DebitOrder, seen: CardSeen = seenIn(session)): Promise<RecordWithProof> {
    const answer = await debit(session, order);
    return provePurchase(session.card, this.identity.certificate, order, seen, answer);
  }

  /** What undoes a purchase. */
  cancelOf({ record }: RecordWithProof, changes: Partial<CancelRequest> = {}): CancelRequest {
    const { slot, nt, tn } = record;
    const amount = money(BigInt(record.amount), unitOf(slot));
    return { slot, amount, cancelledNt: nt, cancelledTn: tn, tn: ++this.#tn, time: startTime, ...changes };
  }

  signCancel(session: PurseSession, request: CancelRequest): Uint8Array {
    return signCancelOrder(cancelOrderOf(session, request), this.identity.signer);
  }

  /** CANCEL LAST with its proof. @throws CardError */
  async cancel(
    session: PurseSession,
    request: CancelRequest,
    { seen = seenIn(session), signature }: { seen?: CardSeen; signature?: Uint8Array } = {},
  ): Promise<RecordWithProof> {
    const answer = await cancelLast(session, request, signature);
    return proveCancel(session.card, this.identity.certificate, request, seen, answer);
  }
}

/** What S1 showed. */
export function seenIn({ s1 }: PurseSession): CardSeen {
  return { nt: s1.nt, balance: s1.balance.amount };
}

/** What the record before showed, for a second order in one session. */
export function seenAfter({ record }: RecordWithProof): CardSeen {
  return { nt: record.nt, balance: BigInt(record.balance) };
}
