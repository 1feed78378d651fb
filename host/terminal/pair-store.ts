/** The pairs of a terminal: what makes the next meeting with a card cheap. Secret (0600), replaced as a whole, and no loss if lost. */
import { z } from 'zod';
import { parseCardCertificate } from '../protocol/certificates/card.js';
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import type { Pair, PairStore } from '../protocol/session/session.js';
import { readIfThere, replaceFile } from './files.js';

/** A terminal that met more cards than this forgets the oldest: their next meeting is a full session again. */
const mostPairs = 2000;

const pairSchema = z.strictObject({
  name: z.string(),
  enc: z.string(),
  mac: z.string(),
  cardCertificate: z.string(),
  certificateExpiry: z.int(),
});
const fileSchema = z.strictObject({ format: z.literal('epurse-pairs/2'), pairs: z.array(pairSchema) });

interface Kept {
  readonly pair: Pair;
  readonly cardId: string;
}

export class PairFile implements PairStore {
  /** By card, oldest meeting first. */
  readonly #pairs: Map<string, Kept>;

  private constructor(
    readonly path: string,
    pairs: readonly Kept[],
  ) {
    this.#pairs = new Map(pairs.map((kept) => [kept.cardId, kept]));
  }

  /** A file that cannot be read is an empty one: the cards are met anew. */
  static open(path: string): PairFile {
    return new PairFile(path, read(path));
  }

  find(name: Uint8Array): Promise<Pair | undefined> {
    const wanted = toHex(name);
    const kept = [...this.#pairs.values()].find(({ pair }) => toHex(pair.name) === wanted);
    return Promise.resolve(kept?.pair);
  }

  save(pair: Pair): Promise<void> {
    const cardId = cardIdOf(pair.cardCertificate);
    this.#pairs.delete(cardId);
    this.#pairs.set(cardId, { pair, cardId });
    for (const oldest of this.#pairs.keys()) {
      if (this.#pairs.size <= mostPairs) break;
      this.#pairs.delete(oldest);
    }
    replaceFile(
      this.path,
      `${JSON.stringify({ format: 'epurse-pairs/2', pairs: [...this.#pairs.values()].map(toJson) })}\n`,
    );
    return Promise.resolve();
  }
}

function read(path: string): Kept[] {
  const content = readIfThere(path);
  if (content === undefined) return [];
  try {
    const { pairs } = fileSchema.parse(JSON.parse(new TextDecoder().decode(content)));
    return pairs.map(({ certificateExpiry, ...secret }) => {
      const cardCertificate = fromHex(secret.cardCertificate);
      const keys = { name: fromHex(secret.name), enc: fromHex(secret.enc), mac: fromHex(secret.mac) };
      return { pair: { ...keys, cardCertificate, certificateExpiry }, cardId: cardIdOf(cardCertificate) };
    });
  } catch {
    return [];
  }
}

function toJson({ pair }: Kept): z.infer<typeof pairSchema> {
  return {
    name: toHex(pair.name),
    enc: toHex(pair.enc),
    mac: toHex(pair.mac),
    cardCertificate: toHex(pair.cardCertificate),
    certificateExpiry: pair.certificateExpiry,
  };
}

function cardIdOf(certificate: Uint8Array): string {
  return toHex(parseCardCertificate(certificate).cardId);
}
