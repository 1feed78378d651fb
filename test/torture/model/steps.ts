/** What can happen in a scheme, as data: what somebody does with a card, and what goes wrong meanwhile. Prints as a story. */
import fc from 'fast-check';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { LineFault } from '../../helpers/line.js';

/** Between terminal and card: the link is lost, or power fails on the card before one of a command's writes. */
export type CardFault =
  | { readonly what: 'link'; readonly command: number; readonly where: 'before' | 'after' }
  | { readonly what: 'power'; readonly command: number; readonly write: number };

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
      readonly card: number;
      readonly pos: number;
      readonly cents: number;
      readonly pin: Typed;
      readonly earlier: Earlier;
    }
  | { readonly do: 'cancel'; readonly card: number; readonly pos: number }
  | { readonly do: 'load'; readonly card: number; readonly type: LoadType; readonly cents: number; readonly pin: Typed }
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

const of = <D extends Deed['do']>(name: D) => ({ do: fc.constant(name) });
const card = fc.nat(cardCount - 1);
const pos = fc.nat(posCount - 1);
const cents = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 25_00 }) },
  { weight: 2, arbitrary: fc.integer({ min: 25_00, max: 90_00 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 600_00 }) },
);
/** Loads are larger than sales, or most sales would fail for want of money. */
const loaded = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 20_00, max: 120_00 }) },
  { weight: 1, arbitrary: cents },
);
const pin = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Typed>('right') },
  { weight: 1, arbitrary: fc.constant<Typed>('wrong') },
  { weight: 1, arbitrary: fc.constant<Typed>('nothing') },
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      ...of('pay'),
      card,
      pos,
      cents,
      pin,
      earlier: fc.constantFrom<Earlier>('finish', 'go-on', 'cancel'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...of('pay'),
      by: fc.constant('thief' as const),
      card,
      pos,
      cents,
      pin: fc.constantFrom<Typed>('nothing', 'nothing', 'nothing', 'wrong'),
      earlier: fc.constant<Earlier>('go-on'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ ...of('cancel'), card, pos }) },
  {
    weight: 6,
    arbitrary: fc.record({
      ...of('load'),
      card,
      type: fc.constantFrom(LoadType.load, LoadType.load, LoadType.load, LoadType.unload),
      cents: loaded,
      pin,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('give-up' as const, 'balance' as const), card, pin }) },
  { weight: 2, arbitrary: fc.record({ ...of('hand-in'), pos }) },
  { weight: 2, arbitrary: fc.record({ ...of('restart'), torn: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record(of('arrive')) },
  {
    weight: 2,
    arbitrary: fc.record({ ...of('replay'), card, from: fc.nat(200), count: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ ...of('wait'), minutes: fc.integer({ min: 1, max: 600 }) }) },
  { weight: 2, arbitrary: fc.record({ ...of('new-pin'), card }) },
  { weight: 2, arbitrary: fc.record({ ...of('report'), card }) },
  { weight: 4, arbitrary: fc.record({ ...of('found'), card }) },
  { weight: 1, arbitrary: fc.record({ ...of('retire'), card }) },
  { weight: 3, arbitrary: fc.record({ ...of('fetch'), pos }) },
  { weight: 1, arbitrary: fc.record(of('settle')) },
);

/** Most meetings have three to six commands, and money moves in the last. */
const command = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) }, { weight: 1, arbitrary: fc.nat(9) });
const cardFault: fc.Arbitrary<CardFault> = fc.oneof(
  fc.record({
    what: fc.constant('link' as const),
    command,
    where: fc.constantFrom('before' as const, 'after' as const),
  }),
  fc.record({ what: fc.constant('power' as const), command, write: fc.nat(20) }),
);
const lineFault = fc.record({
  call: fc.nat(4),
  how: fc.constantFrom('before' as const, 'after' as const, 'twice' as const, 'late' as const),
});
const bank = fc.constantFrom('no' as const, 'silent' as const, 'silent-yes' as const);

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Trouble>({}) },
  { weight: 4, arbitrary: fc.record({ card: cardFault }) },
  { weight: 2, arbitrary: fc.record({ line: lineFault }) },
  { weight: 1, arbitrary: fc.record({ bank }) },
  { weight: 1, arbitrary: fc.record({ card: cardFault, line: lineFault, bank }) },
);

export const step: fc.Arbitrary<Step> = fc.record({ deed, trouble });

/** One step in words, without a comma: fast-check puts them between steps. */
export function told({ deed, trouble }: Step): string {
  const bad = [cardTrouble(trouble.card), lineTrouble(trouble.line), trouble.bank && `the bank says ${trouble.bank}`];
  const but = bad.filter((text) => text !== undefined).join('; ');
  return `${deedWords(deed)}${but === '' ? '' : ` — but ${but}`}`;
}

function deedWords(deed: Deed): string {
  switch (deed.do) {
    case 'pay':
      return deed.by === 'thief'
        ? `a thief pays ${inEuros(deed.cents)} with card ${deed.card} at POS ${deed.pos} (PIN ${deed.pin})`
        : `card ${deed.card} pays ${inEuros(deed.cents)} at POS ${deed.pos} (PIN ${deed.pin}; of an earlier sale: ${deed.earlier})`;
    case 'cancel':
      return `POS ${deed.pos} cancels the last purchase of card ${deed.card}`;
    case 'load':
      return `card ${deed.card} ${deed.type === LoadType.load ? 'loads' : 'unloads'} ${inEuros(deed.cents)} (PIN ${deed.pin})`;
    case 'give-up':
      return `card ${deed.card} gives its pending load up (PIN ${deed.pin})`;
    case 'balance':
      return `card ${deed.card} synchronises at the kiosk (PIN ${deed.pin})`;
    case 'hand-in':
      return `POS ${deed.pos} closes its batch and hands it in`;
    case 'restart':
      return `the terminals' programs end and start again${deed.torn ? ' with a torn last line in each journal' : ''}`;
    case 'arrive':
      return 'what was late arrives at the issuer';
    case 'replay':
      return `somebody plays ${deed.count} old commands to card ${deed.card} from number ${deed.from} on`;
    case 'wait':
      return `${deed.minutes} minutes pass`;
    case 'new-pin':
      return `card ${deed.card} gets a new PIN at the desk`;
    case 'report':
      return `card ${deed.card} is reported stolen and the issuer lists it`;
    case 'found':
      return `card ${deed.card} is found again: the issuer releases it and the desk unblocks it`;
    case 'retire':
      return `card ${deed.card} is closed at the desk and its holder gets another one`;
    case 'fetch':
      return `POS ${deed.pos} fetches the hot list`;
    case 'settle':
      return 'the issuer settles the day';
  }
}

export function inEuros(cents: number | bigint): string {
  return `${(Number(cents) / 100).toFixed(2)} EUR`;
}

function cardTrouble(fault: CardFault | undefined): string | undefined {
  switch (fault?.what) {
    case undefined:
      return undefined;
    case 'link':
      return `the card is pulled out ${fault.where} command ${fault.command}`;
    case 'power':
      return `power fails in command ${fault.command} before write ${fault.write}`;
  }
}

function lineTrouble(fault: LineFault | undefined): string | undefined {
  switch (fault?.how) {
    case undefined:
      return undefined;
    case 'before':
      return `call ${fault.call} to the issuer is lost`;
    case 'after':
      return `the issuer's answer to call ${fault.call} is lost`;
    case 'twice':
      return `call ${fault.call} reaches the issuer twice`;
    case 'late':
      return `call ${fault.call} reaches the issuer only later`;
  }
}
