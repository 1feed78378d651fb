/** What can happen in a scheme, as data: what somebody does with a card, and what goes wrong meanwhile. */
import type { LoadType } from '../../../host/protocol/generated/enums.js';
import type { LineFault } from '../../helpers/line.js';

/** Which command of a visit meets the fault: one by its number, or the first by which money moves. */
export type Met = number | 'order';

/** Between terminal and card: the link is lost, or power fails on the card before one of a command's writes. */
export type CardFault =
  | { readonly what: 'link'; readonly command: Met; readonly where: 'before' | 'after' }
  | { readonly what: 'power'; readonly command: Met; readonly write: number };

export interface Trouble {
  readonly card?: CardFault;
  readonly line?: LineFault;
  readonly bank?: 'no' | 'silent' | 'silent-yes';
}

export type Earlier = 'finish' | 'go-on' | 'cancel';
export type Typed = 'right' | 'wrong' | 'nothing';

export type Deed =
  | {
      readonly do: 'pay';
      /** Left out: the holder. A thief does not know the PIN. */
      readonly by?: 'thief';
      /** A thief's may be a lost one: they are numbered after those that people have. */
      readonly card: number;
      readonly pos: number;
      readonly slot: number;
      readonly amount: number;
      readonly pin: Typed;
      readonly earlier: Earlier;
    }
  | { readonly do: 'cancel'; readonly card: number; readonly pos: number }
  | {
      readonly do: 'load';
      readonly card: number;
      readonly type: LoadType;
      readonly slot: number;
      readonly amount: number;
      readonly pin: Typed;
    }
  | { readonly do: 'give-up' | 'balance'; readonly card: number; readonly pin: Typed }
  /** Batch and upload. */
  | { readonly do: 'hand-in'; readonly pos: number }
  /** The programs end and start again; a line that was being written to a journal is torn. */
  | { readonly do: 'restart'; readonly torn: boolean }
  /** What was late arrives at the issuer. */
  | { readonly do: 'arrive' }
  /** Somebody plays old commands to the card. */
  | { readonly do: 'replay'; readonly card: number; readonly from: number; readonly count: number }
  | { readonly do: 'wait'; readonly minutes: number }
  /** At the desk: the PIN reset order, which also gives a card back that wrong PINs blocked. */
  | { readonly do: 'new-pin'; readonly card: number }
  /** The issuer lists the card, which its holder misses. */
  | { readonly do: 'report'; readonly card: number }
  /** The issuer takes the report back, and the desk passes an unblock order on. */
  | { readonly do: 'found'; readonly card: number }
  /** At the desk: closing statement for the issuer, another card for the holder. */
  | { readonly do: 'retire'; readonly card: number }
  /** The card is gone, perhaps to a thief; the desk gives the holder another one, which replaces it. */
  | { readonly do: 'lose'; readonly card: number }
  /** Years pass, until so many minutes before the first card expires. */
  | { readonly do: 'years'; readonly toSpare: number }
  /** A POS fetches the hot list, which it also does when it hands in, and never else. */
  | { readonly do: 'fetch'; readonly pos: number }
  /** The issuer ends its day. */
  | { readonly do: 'settle' };

/** What is done with one card, and changes or proves something. */
export type CardDeed = Extract<
  Deed,
  { readonly do: 'pay' | 'cancel' | 'load' | 'give-up' | 'balance' | 'replay' | 'new-pin' | 'found' | 'retire' }
>;

export interface Step {
  readonly deed: Deed;
  readonly trouble: Trouble;
}

export const cardCount = 2;
export const posCount = 2;
