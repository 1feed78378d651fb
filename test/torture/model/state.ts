/** What the model of the scheme knows: of each card, of each list of blocked cards, of what merchants are owed. */
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import type { SlotParametersFields } from '../../../host/protocol/generated/structures.js';
import { startTime } from '../../helpers/scheme.js';
import { allInWords, nothing } from './amounts.js';
import type { Amount, Amounts } from './amounts.js';

/** What the issuer sets on cards. */
export interface Rules {
  readonly slots: readonly SlotParametersFields[];
}

/** What came of a step, seen by people at the terminal, and what the card then holds. */
export interface Seen {
  /** `paid`, `cancelled`, `loaded`, `balance`, `refused`, `unresolved`, …; a flow's word. */
  readonly result: string;
  /** Why it was refused. */
  readonly code?: string;
  /** An earlier order turned out to be this one. */
  readonly recovered: boolean;
  readonly holding: Amounts;
  readonly isBlocked: boolean;
  /** It has taken a block order, which nothing but an unblock order takes away. */
  readonly isOrderedBlocked: boolean;
  readonly isRetired: boolean;
  /** Did anything really go wrong on the way? A fault that met no command is none. */
  readonly disturbed: boolean;
}

export interface Sale {
  readonly pos: number;
  readonly slot: number;
  readonly amount: number;
  /** That come with it. */
  readonly points: number;
}

export interface CardModel {
  readonly holding: Amounts;
  /** Paid without PIN since a payment with PIN: what a thief may take is bounded. */
  readonly withoutPin: Amounts;
  readonly isOrderedBlocked: boolean;
  readonly isRetired: boolean;
  /** In minutes: from then on it moves no money [R8]. */
  readonly expiresAt: number;
  /** Of a lost card: the number of the one that its balance follows to; undefined where that was closed, and for every other card. */
  readonly heir: number | undefined;
  /** At kiosks: what the bank or a lost card paid for. */
  readonly loaded: Amounts;
  /** Unloaded at kiosks: the holder's account gets it. */
  readonly unloaded: Amounts;
  /** PIN tries left: at least, at most. */
  readonly tries: readonly [number, number];
  /** A PIN reset may have been done or not, so what the holder takes for his PIN may be wrong. */
  readonly isPinUnsure: boolean;
  /** Loads and unloads that may have been begun and were not seen to end: at most one of them is real. */
  readonly pending: readonly Amount[];
  /** The card took or gave money at a kiosk, and the issuer may not have been told: it is not closed before it was heard. */
  readonly isUnheard: boolean;
  /** The last purchase, as long as nothing came after it. */
  readonly last: Sale | undefined;
  /** An order that the card executed, and whose end its POS has not told anybody. */
  readonly open: readonly (OpenOrder | undefined)[];
  /** What each POS may still have to find out about an order of its own. */
  readonly unsettled: readonly Unsettled[];
}

/** gone-on: the card has written other records since, so it cannot say any more, and the issuer only once it has heard of them. */
export type Unsettled = 'no' | 'open' | 'gone-on';

export interface OpenOrder extends Sale {
  readonly kind: 'debit' | 'cancel';
}

/** `maybe`: the card has answered its block order, which takes the entry off the list once the issuer hears of it. */
export type Standing = 'no' | 'maybe' | 'yes';

export interface Copy {
  /** By card. */
  readonly standing: readonly Standing[];
  /** By card, the report that its entry comes from. */
  readonly reports: readonly number[];
  /** In minutes; the list was issued then, or at most half a day before. */
  readonly fetchedAt: number;
}

export interface Lists {
  /** By card: what was reported and not taken back. */
  readonly issuer: Standing[];
  /** By card, how often it was reported anew: each time with a block order of its own. */
  readonly reports: number[];
  readonly pos: Copy[];
  /** Fetched anew at each visit, where the line allows. */
  kiosk: Copy;
}

export interface Model {
  readonly rules: Rules;
  /** Those that people have, then lost ones. */
  readonly cards: CardModel[];
  /** The issuer has their closing statements, and their holders other cards. */
  readonly retired: CardModel[];
  readonly lists: Lists;
  /** Minutes since the beginning. */
  now: number;
  /** Sales less cancels. */
  owed: Amounts;
}

/** Said where the system did what the model does not allow. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

/** @param now in minutes, when it is issued */
export function freshCard(posCount: number, now = 0): CardModel {
  return {
    expiresAt: yearsAfter(now),
    heir: undefined,
    holding: nothing,
    withoutPin: nothing,
    isOrderedBlocked: false,
    isRetired: false,
    loaded: nothing,
    unloaded: nothing,
    tries: [pinTries, pinTries],
    isPinUnsure: false,
    pending: [],
    isUnheard: false,
    last: undefined,
    open: Array.from({ length: posCount }, () => undefined),
    unsettled: Array.from({ length: posCount }, () => 'no' as const),
  };
}

const cardLifetimeYears = 5;

/** By the calendar. */
function yearsAfter(minute: number): number {
  const date = new Date((startTime + 60 * minute) * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + cardLifetimeYears);
  return (date.getTime() / 1000 - startTime) / 60;
}

export function isExpired({ now }: Model, { expiresAt }: CardModel): boolean {
  return now >= expiresAt;
}

function freshLists(cardCount: number, posCount: number): Lists {
  const standing = Array.from({ length: cardCount }, () => 'no' as const);
  const copy: Copy = { standing, reports: standing.map(() => 0), fetchedAt: 0 };
  const pos = Array.from({ length: posCount }, () => copy);
  return { issuer: [...standing], reports: [...copy.reports], pos, kiosk: copy };
}

export function newModel(rules: Rules, cardCount: number, posCount: number): Model {
  return {
    rules,
    cards: Array.from({ length: cardCount }, () => freshCard(posCount)),
    retired: [],
    lists: freshLists(cardCount, posCount),
    now: 0,
    owed: nothing,
  };
}

/** For messages. */
export function move({ holding }: CardModel, seen: Seen): string {
  return `the card held ${allInWords(holding)} and now holds ${allInWords(seen.holding)}`;
}

/** @throws Contradiction */
export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Contradiction(otherwise);
}
