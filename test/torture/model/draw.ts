/** Histories, drawn by fast-check: what people and faults do, and how often. */
import fc from 'fast-check';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { dollarSlot, euroSlot, pointsSlot } from '../../helpers/personalize.js';
import { cardCount, posCount } from './steps.js';
import type { CardFault, Deed, Earlier, Met, Step, Trouble, Typed } from './steps.js';

const shortest = 100;
/** Deeds of a day. */
export const longest = 300;

/** The day of a seed. */
export function historyOf(seed: number): readonly Step[] {
  const steps = fc.array(step, { minLength: shortest, maxLength: longest, size: 'max' });
  const [[history, jump] = [[], undefined]] = fc.sample(fc.tuple(steps, fc.option(yearsPass, { freq: 2 })), {
    seed,
    numRuns: 1,
  });
  if (jump === undefined || jump === null) return history;
  const at = Math.floor(history.length * jump.at);
  return history.toSpliced(at, 0, { deed: { do: 'years', toSpare: jump.toSpare }, trouble: {} });
}

/** At which part of the day. */
const yearsPass = fc.record({
  at: fc.integer({ min: 3, max: 9 }).map((tenth) => tenth / 10),
  toSpare: fc.integer({ min: 1, max: 60 }),
});

const of = <D extends Deed['do']>(name: D) => ({ do: fc.constant(name) });
const card = fc.nat(cardCount - 1);
/** Lost ones too. */
const thiefsCard = fc.nat(2 * cardCount - 1);
const pos = fc.nat(posCount - 1);
/** In minor units of a currency. */
const price = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 25_00 }) },
  { weight: 2, arbitrary: fc.integer({ min: 25_00, max: 90_00 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 600_00 }) },
);
/** Loads are larger than sales, or most sales would fail for want of money. */
const loaded = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 20_00, max: 120_00 }) },
  { weight: 1, arbitrary: price },
);
type Pay = Extract<Deed, { do: 'pay' }>;

/** What is paid: in euros mostly, and in points as few as people have. */
const paid: fc.Arbitrary<Pick<Pay, 'slot' | 'amount'>> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ slot: fc.constant(euroSlot), amount: price }) },
  { weight: 3, arbitrary: fc.record({ slot: fc.constant(dollarSlot), amount: price }) },
  { weight: 2, arbitrary: fc.record({ slot: fc.constant(pointsSlot), amount: fc.integer({ min: 1, max: 60 }) }) },
);
const pin = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Typed>('right') },
  { weight: 1, arbitrary: fc.constant<Typed>('wrong') },
  { weight: 1, arbitrary: fc.constant<Typed>('nothing') },
);

const thiefsPin = fc.constantFrom<Typed>('nothing', 'nothing', 'nothing', 'wrong');
const earlier = fc.constantFrom<Earlier>('finish', 'go-on', 'cancel');
const goOn = fc.constant<Earlier>('go-on');

function purchase(who: fc.Arbitrary<Omit<Pay, 'do' | 'slot' | 'amount'>>): fc.Arbitrary<Pay> {
  return fc.tuple(who, paid).map(([one, what]) => ({ do: 'pay', ...one, ...what }));
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 16, arbitrary: purchase(fc.record({ card, pos, pin, earlier })) },
  {
    weight: 4,
    arbitrary: purchase(
      fc.record({ by: fc.constant('thief' as const), card: thiefsCard, pos, pin: thiefsPin, earlier: goOn }),
    ),
  },
  { weight: 5, arbitrary: fc.record({ ...of('cancel'), card, pos }) },
  {
    weight: 9,
    arbitrary: fc.record({
      ...of('load'),
      card,
      type: fc.constantFrom(LoadType.load, LoadType.load, LoadType.load, LoadType.unload),
      slot: fc.constantFrom(euroSlot, euroSlot, dollarSlot),
      amount: loaded,
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
  { weight: 1, arbitrary: fc.record({ ...of('report'), card }) },
  { weight: 3, arbitrary: fc.record({ ...of('found'), card }) },
  { weight: 1, arbitrary: fc.record({ ...of('retire'), card }) },
  { weight: 1, arbitrary: fc.record({ ...of('lose'), card }) },
  { weight: 3, arbitrary: fc.record({ ...of('fetch'), pos }) },
  { weight: 1, arbitrary: fc.record(of('settle')) },
);

/** Most meetings have three to six commands. */
const command: fc.Arbitrary<Met> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('order' as const) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.nat(9) },
);
const cardFault: fc.Arbitrary<CardFault> = fc.oneof(
  fc.record({
    what: fc.constant('link' as const),
    command,
    where: fc.constantFrom('before' as const, 'after' as const),
  }),
  fc.record({ what: fc.constant('power' as const), command, write: fc.nat(12) }),
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

const step: fc.Arbitrary<Step> = fc.record({ deed, trouble });
