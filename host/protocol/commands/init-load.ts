/** INIT LOAD: asks the card for a load or unload; the PIN was verified just before. The statement goes to the issuer. */
import type { CardChannel } from '../channel/channel.js';
import { moneyToWire } from '../codec/money.js';
import type { Money } from '../codec/money.js';
import type { Seconds } from '../codec/time.js';
import { commands } from '../generated/commands.js';
import type { LoadType } from '../generated/enums.js';
import type { StatementFields } from '../generated/structures.js';
import { exchange } from './exchange.js';

export interface LoadRequest {
  readonly type: LoadType;
  readonly slot: number;
  readonly amount: Money;
  readonly time: Seconds;
}

/** A statement and the card's signature; not judged yet. */
export interface StatementWithSignature {
  readonly statement: StatementFields;
  readonly signature: Uint8Array;
}

/** May be repeated: the same type, slot and amount get the same load counter. @throws CardError refused, lost, malformed */
export async function initLoad(
  session: CardChannel,
  { type, slot, amount, time }: LoadRequest,
): Promise<StatementWithSignature> {
  return exchange(session, commands.INIT_LOAD, { type, slot, amount: moneyToWire(amount), time });
}
