import { resolve } from 'node:path';
import { BridgeError } from './errors.js';
import type { FieldWriter } from './fields.js';

/** What the bridge refuses although jCardSim lets it pass. All rules hold unless tolerated. */
export type StrictRule =
  /** An APDU whose Lc does not fit its length, or an extended one for an applet without ExtendedLength: 6700. */
  | 'APDU_FORMAT'
  /** Command data is not in the APDU buffer before `setIncomingAndReceive()`, as with T=0. */
  | 'DATA_ONLY_AFTER_RECEIVE'
  /** `new` and `makeTransient…` after `install()` throw SystemException.NO_RESOURCE. */
  | 'NO_ALLOCATION_AFTER_INSTALL'
  /** Objects beyond `persistentCapacity` or `transientCapacity` are refused. */
  | 'MEMORY_BUDGET'
  /** An applet that uses platform API newer than Java Card 3.0.4 is refused. */
  | 'API_3_0_4'
  /** A public point that is not on its curve: CryptoException.ILLEGAL_VALUE. */
  | 'POINT_ON_CURVE';

/** A step that rewrites applet classes as they are loaded: a public Java class on the bridge's `extraClasspath`. */
export interface ClassTransformSpec {
  /** Implements `jcardsim.bridge.ClassTransform`. */
  readonly className: string;
  /** Given to its constructor, which takes one String; without it the constructor takes nothing. */
  readonly argument?: string;
}

/** One card: the applet, how it is installed, and the size of the chip. */
export interface CardSpec {
  /** Jars and folders with the applet's classes, and only those. */
  readonly appletClasspath: string | readonly string[];
  /** Fully qualified name of the class with `install(byte[], short, byte)`. */
  readonly appletClass: string;
  /** Instance AID, 5 to 16 bytes (ISO 7816-4). */
  readonly aid: Uint8Array;
  /** Application-specific install parameters (value of tag C9, GlobalPlatform Card Specification), 0 to 127 bytes. */
  readonly installParameters?: Uint8Array;
  /** 32 bytes that make the random generator repeatable, for tests only; otherwise the operating system's entropy. */
  readonly seed?: Uint8Array;
  /** Bytes of RAM for transient arrays and keys; default 4096. */
  readonly transientCapacity?: number;
  /** Bytes of non-volatile memory for objects; default 65536. */
  readonly persistentCapacity?: number;
  /** Bytes of old data one transaction may hold; default 512. */
  readonly commitCapacity?: number;
  /** Answer to reset (ISO 7816-3), 2 to 33 bytes; default a T=1 card with historical bytes "jcsim". */
  readonly atr?: Uint8Array;
  /** Rules to switch off. */
  readonly tolerate?: readonly StrictRule[];
  readonly classTransforms?: readonly ClassTransformSpec[];
}

const seedLength = 32;
const nothing = new Uint8Array(0);

/** @throws BridgeError BadRequest for a value out of range */
export function writeSpec(out: FieldWriter, spec: CardSpec): FieldWriter {
  const classpath = typeof spec.appletClasspath === 'string' ? [spec.appletClasspath] : spec.appletClasspath;
  if (spec.seed && spec.seed.length !== seedLength) {
    throw new BridgeError('BadRequest', `A card seed has ${seedLength} bytes, this one ${spec.seed.length}.`);
  }
  return out
    .list(classpath, (entry) => out.string(resolve(entry)))
    .string(spec.appletClass)
    .bytes(spec.aid)
    .bytes(spec.installParameters ?? nothing)
    .bytes(spec.seed ?? nothing)
    .u32(capacity(spec.transientCapacity, 'transientCapacity'))
    .u32(capacity(spec.persistentCapacity, 'persistentCapacity'))
    .u32(capacity(spec.commitCapacity, 'commitCapacity'))
    .bytes(spec.atr ?? nothing)
    .list(spec.tolerate ?? [], (rule) => out.string(rule))
    .list(spec.classTransforms ?? [], (step) => out.string(step.className).string(step.argument ?? ''));
}

/** 0 on the wire stands for the default, so a 0 that was asked for is refused here. */
function capacity(bytes: number | undefined, name: string): number {
  if (bytes !== undefined && !(Number.isInteger(bytes) && bytes > 0 && bytes <= 0x7fff_ffff)) {
    throw new BridgeError('BadRequest', `${name} is a number of bytes above zero, not ${bytes}.`);
  }
  return bytes ?? 0;
}
