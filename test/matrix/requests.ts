/** A request for every command that is done where the guard lets it through. */
import type { Cell } from '../../apdu-specs/generator/matrix.js';
import { concat } from '../../host/protocol/codec/bytes.js';
import { moneyToWire } from '../../host/protocol/codec/money.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { commands } from '../../host/protocol/generated/commands.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { DataGroup, LogView, OrderType, Proof } from '../../host/protocol/generated/enums.js';
import {
  cancelLastRequestCodec,
  cancelLoadRequestCodec,
  creditRequestCodec,
  debitRequestCodec,
  initLoadRequestCodec,
} from '../../host/protocol/generated/messages.js';
import { aids } from '../../host/protocol/generated/parameters.js';
import { signCancelOrder } from '../../host/protocol/signed/cancel-order.js';
import { orderData } from '../helpers/orders.js';
import { euroSlot, holderPin } from '../helpers/personalize.js';
import { schemeId, startTime } from '../helpers/scheme.js';
import { openFullData, openResumedData } from '../helpers/wire.js';
import { pendingLoad, purchase } from './base.js';
import { rawDesk } from './stations.js';
import type { Station } from './stations.js';
import { identities } from './terminals.js';

export interface Request {
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
}

const nothing = new Uint8Array(0);

/** NT of the purchase on the card of the matrix: two loads came before it. */
const purchaseNt = 3;

export function requestFor(station: Station, { command, as }: Pick<Cell, 'command' | 'as'>): Request {
  const name = command as CommandName;
  const { ins, p1, p2 } = commands[name];
  const { data, ...parameters } = bodyOf(station, name, as);
  const fixed = (byte: number | string): number => (typeof byte === 'number' ? byte : 0);
  return { ins, p1: fixed(p1), p2: fixed(p2), ...parameters, data };
}

interface Body {
  readonly data: Uint8Array;
  readonly p1?: number;
  readonly p2?: number;
}

function bodyOf(station: Station, name: CommandName, as: Cell['as']): Body {
  switch (name) {
    case 'SELECT':
      return { data: aids.applet };
    case 'PRESENT_CERTIFICATE':
      return { data: identities[as ?? 'pos'].certificate.bytes };
    case 'OPEN_SESSION_FULL':
      return { data: openFullData(identities[station.row.role ?? 'pos'], station.cardNonce ?? new Uint8Array(16)) };
    case 'OPEN_SESSION_RESUMED':
      return { data: openResumedData(as ? identities[as].certificate.terminalId : rawDesk) };
    case 'CONFIRM_SESSION':
      return { data: Uint8Array.of(euroSlot) };
    case 'GENERATE_KEYS':
    case 'ACTIVATE':
      return { data: nothing };
    case 'STORE_DATA':
      return { data: pinBlock(holderPin), p1: DataGroup.pin };
    case 'VERIFY_PIN':
      return { data: pinBlock(holderPin) };
    case 'CHANGE_PIN':
      return { data: concat(pinBlock(holderPin), pinBlock('135790')) };
    case 'DEBIT':
      return { data: debitRequestCodec.encode({ ...purchase, amount: 1_00, tn: 8 }) };
    case 'CANCEL_LAST':
      return { data: cancelLastData(station) };
    case 'INIT_LOAD':
      return { data: initLoadRequestCodec.encode({ ...pendingLoad, amount: moneyToWire(pendingLoad.amount) }) };
    case 'CREDIT':
      return { data: creditData(station) };
    case 'CANCEL_LOAD':
      return { data: cancelLoadRequestCodec.encode({ counter: station.base.statement?.register.counter ?? 1 }) };
    case 'GET_PROOF':
      return proofBody(station);
    case 'READ_LOG':
      return { data: nothing, p1: LogView.totals };
    case 'PUT_ORDER':
      return orderBody(station);
  }
}

function cancelLastData({ card }: Station): Uint8Array {
  const { terminalId } = identities.pos.certificate;
  const numbers = { cancelledNt: purchaseNt, cancelledTn: purchase.tn, tn: 8 };
  const terms = { slot: purchase.slot, amount: moneyToWire(purchase.amount) };
  const order = { scheme: schemeId, cardId: card.cardId, terminalId, ...numbers, ...terms };
  const signature = signCancelOrder(order, identities.pos.signer);
  return cancelLastRequestCodec.encode({ ...numbers, ...terms, time: startTime, signature });
}

function creditData({ base }: Station): Uint8Array {
  const { authorisation } = base;
  if (!authorisation) return new Uint8Array(commands.CREDIT.requestMax);
  return creditRequestCodec.encode({ ...authorisation.fields, signature: authorisation.signature });
}

function proofBody({ row }: Station): Body {
  if (row.lifeCycle === 'retired') return { data: nothing, p1: Proof.closing };
  if (row.role === 'pos') return { data: Uint8Array.of(0, 0, 0, purchaseNt), p1: Proof.record };
  return { data: nothing, p1: Proof.log };
}

/** SYNC for those who may bring it; a POS brings a block order, and a stale one, because a good one ends the session. */
function orderBody({ row, card, base }: Station): Body {
  if (row.role === 'pos') return { data: orderData(card.orders.block(0)), p1: OrderType.block };
  const { nt = 0, runningHash = new Uint8Array(32) } = base.statement ?? {};
  return { data: orderData(card.orders.sync({ acknowledged: nt, runningHash, date: startTime })), p1: OrderType.sync };
}
