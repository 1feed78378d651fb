/** A card taken apart: what side channels give an attacker in the end. Reads the simulated card's memory. */
import type { Card } from 'jcardsim-ts-bridge';
import { fromHex } from '../../../host/protocol/codec/bytes.js';
import type { SessionKeys } from '../../../host/protocol/channel/secure.js';

/** Every secret that a card keeps. */
export interface CardSecrets {
  readonly signKey: Uint8Array;
  readonly agreeKey: Uint8Array;
  /** Of the pair slots in use; K-ENC and K-MAC. */
  readonly pairs: readonly SessionKeys[];
  /** PIN block. */
  readonly pin: Uint8Array;
}

const zeroKey = '0'.repeat(32);

/** @throws Error when the card keeps its secrets elsewhere than it used to */
export async function dissect({ card }: { readonly card: Card }): Promise<CardSecrets> {
  const { text } = await card.persistentState();
  const keys = [...text.matchAll(/pairs\.keys\[\d+\]\.key\.storage\[0\] = 0010([0-9A-F]{32})/g)].map(
    ([, key = '']) => key,
  );
  const pairs = keys.flatMap((enc, i) => {
    const mac = keys[i + 1];
    return i % 2 === 0 && mac !== undefined && enc !== zeroKey ? [{ enc: fromHex(enc), mac: fromHex(mac) }] : [];
  });
  return {
    signKey: found(text, /signKey\.s\.storage\[0\] = 0020([0-9A-F]{64})/),
    agreeKey: found(text, /agreeKey\.s\.storage\[0\] = 0020([0-9A-F]{64})/),
    pairs,
    pin: found(text, /\.pin\.pin = 08([0-9A-F]{16})/),
  };
}

function found(text: string, pattern: RegExp): Uint8Array {
  const hex = pattern.exec(text)?.[1];
  if (hex === undefined) throw new Error(`nothing like ${pattern.source} on the card`);
  return fromHex(hex);
}
