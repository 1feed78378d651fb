/** Where PINs are while a terminal works: typed by the holder, or made by the desk. They go to the card from here and nowhere else. */
import { pinBlock } from '../protocol/codec/pin.js';
import type { Random } from '../protocol/crypto/random.js';
import { systemRandom } from '../protocol/crypto/random.js';
import { toHex } from '../protocol/codec/bytes.js';

/** Digits of a PIN made at the desk. */
const madeDigits = 6;

export class PinPad {
  #entered: string | undefined;
  #wanted: string | undefined;
  #made: string | undefined;
  #chosen: string | undefined;
  readonly #madeFor = new Map<string, string>();

  constructor(private readonly random: Random = systemRandom) {}

  /** What the holder typed. */
  get entered(): string {
    return present(this.#entered);
  }

  /** The new PIN the holder chose. */
  get wanted(): string {
    return present(this.#wanted);
  }

  /** The PIN the desk made last. */
  get made(): string {
    return present(this.#made);
  }

  /** @throws PinError for what is no PIN */
  enter(pin: string): void {
    pinBlock(pin);
    this.#entered = pin;
  }

  /** @throws PinError for what is no PIN */
  want(pin: string): void {
    pinBlock(pin);
    this.#wanted = pin;
  }

  /** The holder's own choice, in place of a PIN out of the generator. @throws PinError */
  choose(pin: string | undefined): void {
    if (pin !== undefined) pinBlock(pin);
    this.#chosen = pin;
  }

  /** A PIN for a card; the same one when asked again, because the card may have taken it already. */
  make(cardId: Uint8Array): void {
    const card = toHex(cardId);
    const known = this.#madeFor.get(card) ?? this.#chosen ?? randomDigits(this.random, madeDigits);
    this.#madeFor.set(card, known);
    this.#made = known;
  }

  /** Was a PIN made for this card by this pad? */
  knows(cardId: Uint8Array): boolean {
    return this.#madeFor.has(toHex(cardId));
  }

  /** The PIN for the holder's sheet; the pad forgets it. */
  handOut(cardId: Uint8Array): { readonly pin: string; readonly chosen: boolean } {
    const card = toHex(cardId);
    const pin = present(this.#madeFor.get(card));
    const chosen = pin === this.#chosen;
    this.#madeFor.delete(card);
    this.#made = undefined;
    return { pin, chosen };
  }

  /** The holder is gone: what was typed is forgotten. */
  clear(): void {
    this.#entered = undefined;
    this.#wanted = undefined;
  }
}

function present(pin: string | undefined): string {
  if (pin === undefined) throw new Error('no PIN was given');
  return pin;
}

/** Uniform decimal digits: bytes of 250 and more are thrown away. */
function randomDigits(random: Random, count: number): string {
  let digits = '';
  while (digits.length < count) {
    const [byte] = random(1);
    if (byte !== undefined && byte < 250) digits += String(byte % 10);
  }
  return digits;
}
