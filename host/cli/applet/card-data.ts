/**
 * What a GlobalPlatform card says about itself without keys: Card Recognition Data (GP Card Specification 2.3.1, H.2) and
 * Extended Card Resources (ETSI TS 102 226, 8.2.1.7.2).
 */

export interface CardPlatform {
  /** Version of the GlobalPlatform Card Specification, such as 2.2.1. */
  readonly globalPlatform: string | undefined;
  /** Secure channel protocols, such as 02 or 03. */
  readonly secureChannels: readonly string[];
  /** Major version of Java Card, where the card tells. */
  readonly javaCard: number | undefined;
}

export interface CardResources {
  /** Bytes. */
  readonly freePersistent: number | undefined;
  /** Bytes. */
  readonly freeTransient: number | undefined;
}

interface DataObject {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** Reads data objects one after the other (ISO 7816-4 section 6.3), whatever their tags. @throws RangeError where bytes lack */
export function dataObjects(bytes: Uint8Array): DataObject[] {
  const objects: DataObject[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, afterTag] = tagAt(bytes, at);
    const [length, from] = lengthAt(bytes, afterTag);
    if (from + length > bytes.length) throw new RangeError('a data object is cut short');
    objects.push({ tag, value: bytes.subarray(from, from + length) });
    at = from + length;
  }
  return objects;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('a data object is cut short');
  return byte;
}

function tagAt(bytes: Uint8Array, at: number): [number, number] {
  const first = byteAt(bytes, at);
  return (first & 0x1f) === 0x1f ? [(first << 8) | byteAt(bytes, at + 1), at + 2] : [first, at + 1];
}

function lengthAt(bytes: Uint8Array, at: number): [number, number] {
  const first = byteAt(bytes, at);
  if (first < 0x80) return [first, at + 1];
  if (first === 0x81) return [byteAt(bytes, at + 1), at + 2];
  if (first === 0x82) return [(byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2), at + 3];
  throw new RangeError('a data object is longer than an answer');
}

const globalPlatformOid = '1.2.840.114283';
const javaCardOid = '1.3.6.1.4.1.42.2.110.1';

/** @param answer to GET DATA 0066 @throws RangeError */
export function cardPlatform(answer: Uint8Array): CardPlatform {
  const oids = oidsIn(dataObjects(answer));
  const below = (prefix: string): string[] =>
    oids.filter((oid) => oid.startsWith(`${prefix}.`)).map((oid) => oid.slice(prefix.length + 1));
  const javaCard = below(javaCardOid)[0];
  return {
    globalPlatform: below(`${globalPlatformOid}.2`)[0],
    secureChannels: below(`${globalPlatformOid}.4`).map((oid) => (oid.split('.')[0] ?? '').padStart(2, '0')),
    javaCard: javaCard === undefined ? undefined : Number(javaCard),
  };
}

/** All object identifiers (tag 06), at whatever depth. */
function oidsIn(objects: readonly DataObject[]): string[] {
  return objects.flatMap(({ tag, value }) => {
    if (tag === 0x06) return [oidText(value)];
    return isConstructed(tag) ? oidsIn(dataObjects(value)) : [];
  });
}

function isConstructed(tag: number): boolean {
  const first = tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}

/** X.690 section 8.19: base-128 numbers, the first of which holds two arcs. */
function oidText(value: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of value) {
    number = number * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - 40 * root, ...rest].join('.');
}

/** @param answer to GET DATA FF21 @throws RangeError */
export function cardResources(answer: Uint8Array): CardResources {
  const template = dataObjects(answer).find(({ tag }) => tag === 0xff21);
  const inside = dataObjects(template?.value ?? answer);
  const size = (wanted: number): number | undefined => {
    const value = inside.find(({ tag }) => tag === wanted)?.value;
    return value?.reduce((sum, byte) => sum * 256 + byte, 0);
  };
  return { freePersistent: size(0x82), freeTransient: size(0x83) };
}
