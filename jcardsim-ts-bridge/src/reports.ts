import type { FieldReader } from './fields.js';

/** What is counted at the platform's API. Nothing is a time: a model multiplies these by measured times. */
export const counterNames = [
  'aesCipherInits',
  'aesCipherCalls',
  'aesBlocks',
  'aesMacInits',
  'aesMacCalls',
  'hmacInits',
  'hmacCalls',
  'sign',
  'verify',
  'signatureInits',
  'keyAgreements',
  'keyAgreementInits',
  'keyPairs',
  'digestCalls',
  'digestBytes',
  'randomCalls',
  'randomBytes',
  'otherCryptoInits',
  'otherCryptoCalls',
  'setKeyPersistent',
  'setKeyTransient',
  'setS',
  'setW',
  'clearKey',
  'writesAtomic',
  'writesInTransaction',
  'writesNonAtomic',
  'bytesAtomic',
  'bytesInTransaction',
  'bytesNonAtomic',
  'commits',
  'aborts',
  'maxCommitBytes',
  'pinChecks',
  'commands',
  'apduBytesIn',
  'apduBytesOut',
] as const;

export type CounterName = (typeof counterNames)[number];

export type Counters = Readonly<Record<CounterName, number>> & {
  /** Every persistent write, of whatever kind: for the last command, the largest value worth giving to `cutPowerAt`. */
  readonly persistentWrites: number;
};

export function readCounters(in_: FieldReader, lastCommandOnly: boolean): Counters {
  const cutPoints = in_.u32();
  const sent = new Map(in_.list(() => [in_.string(), in_.u64()] as const));
  const figures = Object.fromEntries(counterNames.map((name) => [name, sent.get(name) ?? 0])) as Record<
    CounterName,
    number
  >;
  const written = figures.writesAtomic + figures.writesInTransaction + figures.writesNonAtomic;
  return { ...figures, persistentWrites: lastCommandOnly ? cutPoints : written };
}

/** Memory as a card would count it: payload plus a header per object; the headers are an estimate. All in bytes. */
export interface MemoryReport {
  readonly persistentBytes: number;
  readonly persistentCapacity: number;
  readonly transientResetBytes: number;
  readonly transientDeselectBytes: number;
  readonly transientCapacity: number;
  /** Largest use of the commit buffer since the card object was made. */
  readonly largestCommitBytes: number;
  readonly commitCapacity: number;
  /** Objects the applet has allocated since the card object was made. */
  readonly allocations: number;
  readonly allocationsAfterInstall: number;
  /** Persistent memory by class of object, largest first. */
  readonly persistentByKind: readonly { readonly kind: string; readonly count: number; readonly bytes: number }[];
}

export function readMemory(in_: FieldReader): MemoryReport {
  return {
    persistentBytes: in_.u32(),
    persistentCapacity: in_.u32(),
    transientResetBytes: in_.u32(),
    transientDeselectBytes: in_.u32(),
    transientCapacity: in_.u32(),
    largestCommitBytes: in_.u32(),
    commitCapacity: in_.u32(),
    allocations: in_.u32(),
    allocationsAfterInstall: in_.u32(),
    persistentByKind: in_.list(() => ({ kind: in_.string(), count: in_.u32(), bytes: in_.u32() })),
  };
}

/** The applet's persistent state: equal texts and equal digests mean equal state. */
export interface PersistentState {
  /** SHA-256 of the text, 32 bytes. */
  readonly digest: Uint8Array;
  /** One line per value, such as `VaultApplet.balance = 0000000A`: a difference can be read. */
  readonly text: string;
}

export function readPersistentState(in_: FieldReader): PersistentState {
  return { digest: in_.bytes(), text: in_.string() };
}

export type AppletFaultKind =
  | 'UNCAUGHT_EXCEPTION'
  | 'DESELECT_FAILED'
  | 'ALLOCATION_AFTER_INSTALL'
  | 'TRANSACTION_LEFT_OPEN'
  | 'OUT_OF_MEMORY'
  | 'COMMIT_BUFFER_FULL';

/** Something the applet's author should know, and a terminal must not. */
export interface AppletFault {
  readonly kind: AppletFaultKind;
  /** Number of the command since the card object was made, from 1; 0 during install. */
  readonly commandNumber: number;
  /** CLA INS P1 P2; empty outside a command. */
  readonly apduHeader: Uint8Array;
  readonly message: string;
  readonly stackTrace: string;
}

export function readFaults(in_: FieldReader): AppletFault[] {
  return in_.list(() => ({
    kind: in_.string() as AppletFaultKind,
    commandNumber: in_.u64(),
    apduHeader: in_.bytes(),
    message: in_.string(),
    stackTrace: in_.string(),
  }));
}
