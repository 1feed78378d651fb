/** Wrong P1, P2 and lengths for every command, with the status word each has to get. */
import { concat } from '../../host/protocol/codec/bytes.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { commands } from '../../host/protocol/generated/commands.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { DataGroup, KeyRef, LogView, OrderType, Proof } from '../../host/protocol/generated/enums.js';
import {
  cancelOrders,
  certificateBlock,
  certificateCardMax,
  protectedCommandMax,
  signatureMax,
} from '../../host/protocol/generated/parameters.js';
import { lengths } from '../../host/protocol/generated/structures.js';
import type { StatusWordName } from '../../host/protocol/generated/status-words.js';
import { orderData } from '../helpers/orders.js';
import { holderPin } from '../helpers/personalize.js';
import { startTime } from '../helpers/scheme.js';
import type { Request } from './requests.js';
import type { Station } from './stations.js';

export interface WrongForm extends Request {
  readonly what: string;
  readonly sw: StatusWordName;
}

/** A request that is right, and the lengths that its P1 allows. */
interface Form extends Request {
  readonly least: number;
  readonly most: number;
}

/** Shortest DER signature worth looking at. */
const signatureMin = 8;

/** Wrong forms of a protected command; `request` is a right one. */
export function wrongForms(station: Station, name: CommandName, request: Request): WrongForm[] {
  return [...wrongParameters(name, request), ...formsOf(station, name, request).flatMap(wrongLengths)];
}

function wrongParameters(name: CommandName, request: Request): WrongForm[] {
  const wrong = (p1: number, p2: number): WrongForm => ({
    ...request,
    p1,
    p2,
    what: `P1 P2 ${p1.toString(16)} ${p2.toString(16)}`,
    sw: 'wrongP1P2',
  });
  const { p1, p2 } = request;
  const around = [0x01, 0x7f, 0x80, 0xff];
  return [
    ...wrongP1(name, p1).map((byte) => wrong(byte, p2)),
    ...(commands[name].p2 === 'any' ? [] : around.filter((byte) => byte !== p2).map((byte) => wrong(p1, byte))),
    ...strayReferences(name).map(([group, reference]) => wrong(group, reference)),
  ];
}

function wrongP1(name: CommandName, right: number): number[] {
  const known = new Set<number>(parameterValues(name, right));
  return [0x00, 0x01, 0x08, 0x09, 0x7f, 0x80, 0xff].filter((byte) => !known.has(byte));
}

function parameterValues(name: CommandName, right: number): readonly number[] {
  switch (commands[name].p1) {
    case 'dataGroup':
      return Object.values(DataGroup);
    case 'proof':
      return Object.values(Proof);
    case 'logView':
      return Object.values(LogView);
    case 'orderType':
      return Object.values(OrderType);
    default:
      return [right];
  }
}

/** P1 with a P2 that means nothing there. */
function strayReferences(name: CommandName): [number, number][] {
  switch (name) {
    case 'STORE_DATA':
      return [
        [DataGroup.cardData, 1],
        [DataGroup.key, Object.keys(KeyRef).length],
        [DataGroup.key, 0xff],
        [DataGroup.certificate, 2],
        [DataGroup.certificate, 0xff],
        [DataGroup.parameters, 1],
        [DataGroup.pin, 1],
      ];
    case 'READ_LOG':
      return [
        [LogView.records, 1],
        [LogView.cancelOrders, cancelOrders],
        [LogView.cancelOrders, 0xff],
        [LogView.totals, 1],
      ];
    case 'PUT_ORDER':
      return Object.values(OrderType).flatMap((type): [number, number][] => [
        [type, 2],
        [type, 0xff],
      ]);
    default:
      return [];
  }
}

/** One right request for each P1 that lengths hang on. */
function formsOf(station: Station, name: CommandName, request: Request): Form[] {
  const fixed = (length: number, p1 = request.p1, p2 = request.p2): Form => ({
    ...request,
    p1,
    p2,
    data: padded(request.data, length),
    least: length,
    most: length,
  });
  const signed = (): Form => {
    const before = commands[name].requestMax - signatureMax;
    return { ...request, least: before + signatureMin, most: commands[name].requestMax };
  };
  switch (name) {
    case 'STORE_DATA':
      return [
        fixed(lengths.cardData, DataGroup.cardData, 0),
        fixed(lengths.keyData, DataGroup.key, KeyRef.credit),
        fixed(certificateBlock, DataGroup.certificate, 0),
        { ...fixed(1, DataGroup.certificate, 1), most: certificateCardMax - certificateBlock },
        fixed(lengths.parameters, DataGroup.parameters, 0),
        fixed(lengths.pinBlock, DataGroup.pin, 0),
      ];
    case 'CANCEL_LAST':
    case 'CREDIT':
      return [signed()];
    case 'GET_PROOF':
      return [fixed(4, Proof.record), fixed(0, Proof.log), fixed(0, Proof.block), fixed(0, Proof.closing)];
    case 'READ_LOG':
      return [fixed(4, LogView.records, 0), fixed(0, LogView.cancelOrders, 0), fixed(0, LogView.totals, 0)];
    case 'PUT_ORDER':
      return orderForms(station, request);
    case 'SELECT':
    case 'PRESENT_CERTIFICATE':
    case 'OPEN_SESSION_FULL':
    case 'OPEN_SESSION_RESUMED':
      throw new Error(`${name} is no protected command`);
    case 'CONFIRM_SESSION':
    case 'GENERATE_KEYS':
    case 'ACTIVATE':
    case 'VERIFY_PIN':
    case 'CHANGE_PIN':
    case 'DEBIT':
    case 'INIT_LOAD':
    case 'CANCEL_LOAD':
      return [fixed(commands[name].requestMax)];
  }
}

function orderForms({ card: { orders }, base }: Station, request: Request): Form[] {
  const { nt = 0, runningHash = new Uint8Array(32) } = base.statement ?? {};
  const form = (p1: OrderType, data: Uint8Array, before: number): Form => ({
    ...request,
    p1,
    data,
    least: before + signatureMin,
    most: before + signatureMax,
  });
  const pinReset = orderData(orders.pinReset(1), pinBlock(holderPin));
  const sync = orders.sync({ acknowledged: nt, runningHash, date: startTime });
  return [
    form(OrderType.unblock, orderData(orders.unblock(1, 0)), lengths.orderUnblock),
    form(OrderType.pinReset, pinReset, lengths.orderPinReset + lengths.pinBlock),
    form(OrderType.retire, orderData(orders.retire(1)), lengths.orderRetire),
    form(OrderType.keySwitch, orderData(orders.keySwitch(1, KeyRef.credit)), lengths.orderKeySwitch),
    form(OrderType.block, orderData(orders.block(1)), lengths.orderBlock),
    form(OrderType.sync, orderData(sync), lengths.orderSync),
  ];
}

/** One byte too few, one too many, nothing, as much as fits. */
function wrongLengths({ least, most, ...request }: Form): WrongForm[] {
  return [...new Set([0, least - 1, most + 1, protectedCommandMax])]
    .filter((length) => length >= 0 && (length < least || length > most))
    .map((length) => ({
      ...request,
      data: padded(request.data, length),
      what: `P1 ${request.p1.toString(16)} with ${length} bytes`,
      sw: 'wrongLength',
    }));
}

function padded(data: Uint8Array, length: number): Uint8Array {
  return concat(data, new Uint8Array(Math.max(0, length - data.length))).slice(0, length);
}
