/** The steps of a random history; numbers pick a card, a terminal, an amount, a message. */
import fc from 'fast-check';
import type { Behaviour } from '../../../host/issuer/funding/simulated-bank.js';

export type Step =
  | { readonly do: 'ask' | 'unload'; readonly card: number; readonly amount: number }
  | { readonly do: 'give' | 'cancel-load' | 'lose-cancel' | 'synchronise'; readonly card: number }
  | {
      readonly do: 'sell' | 'lose-sale';
      readonly card: number;
      readonly pos: number;
      readonly amount: number;
      readonly slot: number;
    }
  | { readonly do: 'undo'; readonly card: number; readonly pos: number }
  | { readonly do: 'hand-in' | 'lie'; readonly pos: number }
  | { readonly do: 'settle' }
  | { readonly do: 'bank'; readonly says: Behaviour }
  /** What is on its way arrives, in any order. */
  | { readonly do: 'deliver'; readonly which: number }
  | { readonly do: 'repeat'; readonly which: number }
  /** A message arrives with a byte string cut short or a bit turned. */
  | {
      readonly do: 'cut';
      readonly which: number;
      readonly field: number;
      readonly at: number;
      readonly how: 'cut' | 'bit';
    }
  /** Several messages at once, new ones and old ones, shared out among the processes. */
  | { readonly do: 'together'; readonly which: readonly number[] };

const card = fc.nat(3);
const pos = fc.nat(2);
const which = fc.nat(10_000);
const amount = fc.integer({ min: 1, max: 60_00 });
const of = <D extends Step['do']>(name: D) => ({ do: fc.constant(name) });

const weighted: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [4, fc.record({ ...of('ask'), card, amount })],
  [1, fc.record({ ...of('unload'), card, amount })],
  [4, fc.record({ ...of('give'), card })],
  [1, fc.record({ ...of('cancel-load'), card })],
  [1, fc.record({ ...of('lose-cancel'), card })],
  [3, fc.record({ ...of('synchronise'), card })],
  [12, fc.record({ ...of('sell'), card, pos, amount, slot: fc.constantFrom(0, 0, 0, 0, 2) })],
  [2, fc.record({ ...of('lose-sale'), card, pos, amount, slot: fc.constantFrom(0, 2) })],
  [2, fc.record({ ...of('undo'), card, pos })],
  [3, fc.record({ ...of('hand-in'), pos })],
  [1, fc.record({ ...of('lie'), pos })],
  [1, fc.record(of('settle'))],
  [1, fc.record({ ...of('bank'), says: fc.constantFrom<Behaviour>('no', 'silent', 'silent-yes') })],
  [4, fc.record({ ...of('deliver'), which })],
  [2, fc.record({ ...of('repeat'), which })],
  [
    2,
    fc.record({
      ...of('cut'),
      which,
      field: fc.nat(100),
      at: fc.nat(100_000),
      how: fc.constantFrom('cut' as const, 'bit' as const),
    }),
  ],
  [2, fc.record({ ...of('together'), which: fc.array(which, { minLength: 2, maxLength: 6 }) })],
];

export const step: fc.Arbitrary<Step> = fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
