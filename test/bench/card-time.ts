/**
 * The card-time model: what a card did (the bridge's counters) priced with what real cards were measured to take
 * (`card-times.json`), plus the contactless link. An estimate: operations nobody has measured are priced by a named neighbour,
 * see `assumptions`.
 */
import { readFileSync } from 'node:fs';

export interface CardTimes {
  readonly id: string;
  readonly name: string;
  readonly ops: Readonly<Record<string, number | null>>;
}

interface LinkTimes {
  readonly perByteMs: number;
}

interface CardTimesFile {
  readonly origin: string;
  readonly cards: readonly CardTimes[];
  readonly link: {
    readonly iso14443_424: LinkTimes;
    readonly iso14443_106: LinkTimes;
    readonly origin: string;
    readonly blockOverheadBytes: number;
    readonly frameDelayMs: number;
    readonly perApduMs: number;
  };
}

/** Counts by the bridge's names (`jcardsim-ts-bridge` README, counters); a missing name counts as zero. */
export type Counts = Readonly<Record<string, number>>;

export type LinkSpeed = 424 | 106;

/** Milliseconds by cause; `total` is their sum. */
export interface Price {
  readonly symmetric: number;
  readonly asymmetric: number;
  readonly digest: number;
  readonly memory: number;
  readonly link: number;
  readonly reader: number;
  readonly total: number;
}

export const assumptions: readonly string[] = [
  'CMAC is priced as AES-CBC-MAC, ECB as CBC; AES blocks beyond the measured call size at the slope between the measured sizes',
  'ECDSA-SHA-256 is the measured ECDSA-SHA-1 with SHA-1 taken out and SHA-256 put in',
  'ECDH plain is the measured ECDH with SHA-1 key derivation',
  'a transient key set-up costs what a persistent one costs (an upper bound)',
  'a persistent write costs a 16-byte write to non-volatile memory; a commit and a PIN check one further write each; where the card showed no write time (it skips unchanged bytes), an AES key set-up stands for it',
];

const file = new URL('card-times.json', sourceFolder());
const data = JSON.parse(readFileSync(file, 'utf8')) as CardTimesFile;

/** The build keeps data files beside the sources. */
function sourceFolder(): URL {
  return new URL(import.meta.url.replace('/build/test/', '/test/').replace(/[^/]+$/, ''));
}

export const cards: readonly CardTimes[] = data.cards;
export const origin = `${data.origin}; link: ${data.link.origin}`;

const count = (counts: Counts, name: string): number => counts[name] ?? 0;

/**
 * Price of what was counted on one card.
 * @param counts counters summed over a whole flow
 * @param card a card of `cards`
 * @param speed contactless bit rate in kbit/s (ISO/IEC 14443 type A)
 */
export function price(counts: Counts, card: CardTimes, speed: LinkSpeed): Price {
  const op = (name: string, ...otherwise: string[]): number => {
    for (const candidate of [name, ...otherwise]) {
      const ms = card.ops[candidate];
      if (ms !== null && ms !== undefined) return ms;
    }
    throw new Error(`${card.id}: no time for ${name}`);
  };
  const of = (name: string): number => count(counts, name);

  const perBlock = (op('macCall256') - op('macCall32')) / 14;
  const extraBlocks = Math.max(0, of('aesBlocks') - of('aesCipherCalls') - 2 * of('aesMacCalls'));
  const symmetric =
    (of('setKeyPersistent') + of('setKeyTransient')) * op('aesSetKey') +
    of('aesCipherInits') * op('aesCipherInit') +
    of('aesCipherCalls') * op('aesCall16') +
    of('aesMacInits') * op('macInit') +
    of('aesMacCalls') * op('macCall32') +
    extraBlocks * Math.max(0, perBlock) +
    of('randomCalls') * op('random16');

  const asymmetric =
    of('sign') * (op('signSha1x64') - op('sha1x64') + op('sha256x64')) +
    of('verify') * (op('verifySha1x256') - op('sha1x256') + op('sha256x128')) +
    of('signatureInits') * op('signatureInit') +
    of('keyAgreements') * op('ecdh') +
    of('keyAgreementInits') * op('ecdhInit') +
    of('keyPairs') * op('keyPair') +
    of('setW') * op('setW') +
    of('setS') * op('setS');

  const perDigestByte = (op('sha256x256') - op('sha256x16')) / 240;
  const digest =
    of('digestCalls') * op('sha256x16') + Math.max(0, of('digestBytes') - 16 * of('digestCalls')) * perDigestByte;

  const write = op('writeRam2Nvm16', 'aesSetKey');
  const writes = of('writesAtomic') + of('writesInTransaction') + of('writesNonAtomic');
  const memory = (writes + of('commits') + of('pinChecks')) * write;

  const { perByteMs } = speed === 424 ? data.link.iso14443_424 : data.link.iso14443_106;
  const bytes = of('apduBytesIn') + of('apduBytesOut') + 2 * data.link.blockOverheadBytes * of('commands');
  const link = bytes * perByteMs + of('commands') * data.link.frameDelayMs;
  const reader = of('commands') * data.link.perApduMs;

  const total = symmetric + asymmetric + digest + memory + link + reader;
  return { symmetric, asymmetric, digest, memory, link, reader, total };
}
