/** What the issuer signs for one card: orders, block orders, credit authorisations. Numbers are given, never remembered. */
import { concat } from '../../host/protocol/codec/bytes.js';
import type { OrderToPut } from '../../host/protocol/commands/put-order.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { OrderType } from '../../host/protocol/generated/enums.js';
import type { KeyRef } from '../../host/protocol/generated/enums.js';
import {
  orderBlockCodec,
  orderKeySwitchCodec,
  orderParametersCodec,
  orderPinResetCodec,
  orderRetireCodec,
  orderSyncCodec,
  orderUnblockCodec,
} from '../../host/protocol/generated/structures.js';
import type {
  CreditAuthorisationFields,
  OrderSyncFields,
  ParametersFields,
  StatementFields,
} from '../../host/protocol/generated/structures.js';
import { signCreditAuthorisation } from '../../host/protocol/signed/credit-authorisation.js';
import { signOrder } from '../../host/protocol/signed/order.js';
import { authoritySigner, schemeId } from './scheme.js';

/** Which order key signs, and who holds it in place of the issuer. */
export interface OrderKey {
  /** 0: current, 1: next. */
  readonly keyIndex?: 0 | 1;
  readonly signer?: Signer;
}

export interface Authorisation {
  readonly fields: CreditAuthorisationFields;
  readonly signature: Uint8Array;
}

/** The issuer's orders for one card. */
export class Orders {
  constructor(readonly cardId: Uint8Array) {}

  parameters(orderCounter: number, parameters: ParametersFields, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.parameters, orderParametersCodec.encode({ orderCounter, parameters }), key);
  }

  unblock(orderCounter: number, highestBlockNumber: number, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.unblock, orderUnblockCodec.encode({ orderCounter, highestBlockNumber }), key);
  }

  pinReset(orderCounter: number, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.pinReset, orderPinResetCodec.encode({ orderCounter }), key);
  }

  retire(orderCounter: number, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.retire, orderRetireCodec.encode({ orderCounter }), key);
  }

  keySwitch(orderCounter: number, which: KeyRef, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.keySwitch, orderKeySwitchCodec.encode({ orderCounter, key: which }), key);
  }

  block(blockNumber: number, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.block, orderBlockCodec.encode({ blockNumber }), key);
  }

  sync(fields: OrderSyncFields, key?: OrderKey): OrderToPut {
    return this.signed(OrderType.sync, orderSyncCodec.encode(fields), key);
  }

  /** Any body under any type. */
  signed(type: OrderType, body: Uint8Array, { keyIndex = 0, signer }: OrderKey = {}): OrderToPut {
    const by = signer ?? authoritySigner('order', keyIndex === 0 ? 1 : 2);
    const signature = signOrder({ scheme: schemeId, cardId: this.cardId, type, body }, by);
    return { type, keyIndex, body, signature };
  }

  /** The authorisation of the load that a statement asks for. A and R(A) are the statement's own, so all is synchronised. */
  authorise(
    statement: StatementFields,
    date: number,
    changes: Partial<CreditAuthorisationFields> = {},
    signer: Signer = authoritySigner('credit'),
  ): Authorisation {
    const { counter, random, type, slot, unit, amount } = statement.register;
    const fields = {
      scheme: schemeId,
      cardId: this.cardId,
      counter,
      random,
      type,
      slot,
      unit,
      amount,
      acknowledged: statement.nt,
      runningHash: statement.runningHash,
      date,
      ...changes,
    } as CreditAuthorisationFields;
    return { fields, signature: signCreditAuthorisation(fields, signer) };
  }
}

/** An order as the data of PUT ORDER. @param newPin PIN block of a PIN reset */
export function orderData({ body, signature }: OrderToPut, newPin?: Uint8Array): Uint8Array {
  return newPin ? concat(body, newPin, signature) : concat(body, signature);
}
