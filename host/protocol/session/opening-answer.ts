/** S1 (EN 1546): what the card says of itself when a session opens, for the purse slot asked about. */
import { moneyFromWire } from '../codec/money.js';
import type { Money } from '../codec/money.js';
import type { Seconds } from '../codec/time.js';
import type { LoadState } from '../generated/enums.js';
import { LoadType, RecordType, Role } from '../generated/enums.js';
import { headroomCodec, loadRegisterBriefCodec, openingAnswerCodec } from '../generated/structures.js';
import type { HeadroomFields, NewestRecordFields, OpeningAnswerFields } from '../generated/structures.js';

/** What this POS may debit in the slot now. */
export interface Headroom {
  /** At once; zero when the unit is not granted to this terminal. */
  readonly transaction: Money;
  readonly withoutPin: Money;
  /** Before the next synchronisation. */
  readonly offline: Money;
}

/** How the card's last load or unload stands; may concern another slot than the one asked about. */
export interface LoadStatus {
  readonly counter: number;
  readonly state: LoadState;
  /** Undefined before the first load. */
  readonly type: LoadType | undefined;
  readonly slot: number;
  /** Minor units of that slot's unit. */
  readonly amount: bigint;
}

/** Newest record of this terminal that the card still has. */
export interface NewestRecord {
  readonly nt: number;
  readonly type: RecordType;
  readonly tn: number;
  readonly slot: number;
  readonly amount: bigint;
}

export interface OpeningAnswer {
  readonly cardId: Uint8Array;
  readonly blocked: boolean;
  readonly expired: boolean;
  readonly retired: boolean;
  /** No log place for a purchase: the card has to synchronise. */
  readonly logFull: boolean;
  readonly pinTries: number;
  /** The card's stored date, at most that of its last synchronisation. */
  readonly date: Seconds;
  readonly nt: number;
  readonly slot: number;
  readonly balance: Money;
  readonly parametersVersion: number;
  /** For a POS. */
  readonly headroom: Headroom | undefined;
  /** For kiosk and desk. */
  readonly load: LoadStatus | undefined;
  readonly newest: NewestRecord | undefined;
}

const blockedFlag = 0x02;
const expiredFlag = 0x04;
const retiredFlag = 0x08;
const logFullFlag = 0x10;
const knownFlags = blockedFlag | expiredFlag | retiredFlag | logFullFlag;

/** @throws RangeError, MoneyError for what no card may say */
export function parseOpeningAnswer(bytes: Uint8Array, role: Role): OpeningAnswer {
  return openingAnswerOf(openingAnswerCodec.decode(bytes), role);
}

export function openingAnswerOf(fields: OpeningAnswerFields, role: Role): OpeningAnswer {
  const { flags, unit } = fields;
  if ((flags & ~knownFlags) !== 0) throw new RangeError('S1 has flags nobody knows');
  return {
    cardId: fields.cardId,
    blocked: (flags & blockedFlag) !== 0,
    expired: (flags & expiredFlag) !== 0,
    retired: (flags & retiredFlag) !== 0,
    logFull: (flags & logFullFlag) !== 0,
    pinTries: fields.pinTries,
    date: fields.date,
    nt: fields.nt,
    slot: fields.slot,
    balance: moneyFromWire(fields.balance, unit),
    parametersVersion: fields.parametersVersion,
    headroom: role === Role.pos ? headroomOf(headroomCodec.decode(fields.room), unit) : undefined,
    load: role === Role.pos ? undefined : loadStatusOf(fields.room),
    newest: newestOf(fields.newest),
  };
}

function headroomOf({ transaction, pinless, offline }: HeadroomFields, unit: number): Headroom {
  return {
    transaction: moneyFromWire(transaction, unit),
    withoutPin: moneyFromWire(pinless, unit),
    offline: moneyFromWire(offline, unit),
  };
}

function loadStatusOf(room: Uint8Array): LoadStatus {
  const { counter, state, type, slot, amount } = loadRegisterBriefCodec.decode(room);
  return { counter, state, type: type === 0 ? undefined : valueOf(LoadType, type), slot, amount: BigInt(amount) };
}

function newestOf({ nt, type, tn, slot, amount }: NewestRecordFields): NewestRecord | undefined {
  return nt === 0 ? undefined : { nt, type: valueOf(RecordType, type), tn, slot, amount: BigInt(amount) };
}

function valueOf<V extends number>(values: Readonly<Record<string, V>>, byte: number): V {
  const value = Object.values(values).find((candidate) => candidate === byte);
  if (value === undefined) throw new RangeError(`S1 holds ${byte} where no such value exists`);
  return value;
}
