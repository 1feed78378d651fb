// The model alone: what it allows a POS to leave open. Pure.
import { expect } from 'chai';
import { Contradiction, follow, freshCard } from './model.js';
import type { Model, Seen } from './model.js';

const model = (): Model => ({
  rules: { maxBalance: 500_00, maxTransaction: 80_00, pinlessSingle: 25_00, pointsStep: 1_00, maxPoints: 1000 },
  cards: [{ ...freshCard(2), holding: { cents: 100_00, points: 0 } }],
  owed: 0,
});

const visit = (pos: number, cents = 1_00) =>
  ({ do: 'pay', card: 0, pos, cents, pin: 'right', earlier: 'finish' }) as const;

const seen = (result: string, cents: number, points: number, disturbed = false): Seen => ({
  ...{ result, recovered: false, isBlocked: false, disturbed },
  holding: { cents, points },
});

describe('The model of the scheme', () => {
  it('lets a POS leave an order open where something went wrong, and the next meeting has to settle it', () => {
    const scheme = model();
    follow(scheme, visit(0), seen('unresolved', 100_00, 0, true));
    expect(() => follow(scheme, visit(0), seen('unresolved', 100_00, 0))).to.throw(Contradiction, 'left open');
  });

  it('lets it stay open where the card has gone on elsewhere, and the issuer may not have heard of it yet', () => {
    const scheme = model();
    follow(scheme, visit(0), seen('unresolved', 100_00, 0, true));
    follow(scheme, visit(1), seen('paid', 99_00, 1));
    follow(scheme, visit(0), seen('unresolved', 99_00, 1));
    follow(scheme, visit(0), seen('paid', 98_00, 2));
    expect(() => follow(scheme, visit(0), seen('unresolved', 98_00, 2))).to.throw(Contradiction, 'left open');
  });

  it('does not believe "paid" where the card paid nothing, nor "refused" where it paid [M2] [M4]', () => {
    expect(() => follow(model(), visit(0), seen('paid', 100_00, 0))).to.throw(Contradiction, 'goods for nothing');
    expect(() => follow(model(), visit(0), seen('refused', 99_00, 1))).to.throw(Contradiction, 'and money moved');
  });

  it('does not let a POS without trouble leave anything open', () => {
    expect(() => follow(model(), visit(0), seen('unresolved', 100_00, 0))).to.throw(Contradiction, 'left open');
  });
});
