// The model alone: what it allows a POS to leave open. Pure.
import { expect } from 'chai';
import { fetched, report, takeBack } from './lists.js';
import { follow } from './model.js';
import { Contradiction, freshCard, newModel } from './state.js';
import type { Model, Seen } from './state.js';

const rules = {
  maxBalance: 500_00,
  maxTransaction: 80_00,
  pinlessSingle: 25_00,
  pinlessSum: 75_00,
  pointsStep: 1_00,
  maxPoints: 1000,
};

const model = (): Model => {
  const fresh = newModel(rules, 1, 2);
  return { ...fresh, cards: [{ ...freshCard(2), holding: { cents: 100_00, points: 0 } }] };
};

const visit = (pos: number, cents = 1_00) =>
  ({ do: 'pay', card: 0, pos, cents, pin: 'right', earlier: 'finish' }) as const;

const seen = (result: string, cents: number, points: number, disturbed = false): Seen => ({
  ...{ result, recovered: false, isBlocked: false, isOrderedBlocked: false, isRetired: false, disturbed },
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

  it('lets a stolen card pay where the list is old, and nowhere where it is new [R17]', () => {
    const scheme = model();
    report(scheme, 0);
    fetched(scheme, 1);
    follow(scheme, visit(0), seen('paid', 99_00, 1));
    expect(() => follow(scheme, visit(1), seen('paid', 98_00, 2))).to.throw(Contradiction, 'on its list');
    const listed = { ...seen('refused', 99_00, 1), code: 'card-listed' };
    expect(() => follow(scheme, visit(1), listed)).to.throw(Contradiction, 'left the terminal unblocked');
    follow(scheme, visit(1), { ...listed, isBlocked: true, isOrderedBlocked: true });
    const freed = { ...seen('refused', 99_00, 1), code: 'card-blocked' };
    expect(() => follow(scheme, visit(0), freed)).to.throw(Contradiction, 'no desk unblocked it');
  });

  it('lets the list of an earlier report refuse a card that was found meanwhile, and not block it', () => {
    const scheme = model();
    report(scheme, 0);
    fetched(scheme, 0);
    takeBack(scheme, 0);
    report(scheme, 0);
    const listed = { ...seen('refused', 100_00, 0), code: 'card-listed' };
    follow(scheme, visit(0), listed);
    fetched(scheme, 0);
    expect(() => follow(scheme, visit(0), listed)).to.throw(Contradiction, 'left the terminal unblocked');
  });

  it('does not let a card be blocked that is on no list, nor a POS sell by a list that is too old [R17]', () => {
    const blocked = { ...seen('refused', 100_00, 0, true), isBlocked: true, isOrderedBlocked: true };
    expect(() => follow(model(), visit(0), blocked)).to.throw(Contradiction, 'on no list');
    const late = { ...model(), now: 25 * 60 };
    expect(() => follow(late, visit(0), seen('paid', 99_00, 1))).to.throw(Contradiction, 'too old');
    const early = { ...model(), now: 11 * 60 };
    const refused = { ...seen('refused', 100_00, 0), code: 'hot-list-too-old' };
    expect(() => follow(early, visit(0), refused)).to.throw(Contradiction, 'without any reason');
    follow(late, visit(0), refused);
  });

  it('lets a thief take no more than what goes without PIN [M12]', () => {
    const scheme = model();
    const theft = { ...visit(0, 25_00), by: 'thief', pin: 'nothing' } as const;
    for (const left of [75_00, 50_00, 25_00]) follow(scheme, theft, seen('paid', left, 100 - left / 100));
    expect(() => follow(scheme, theft, seen('paid', 0, 100))).to.throw(Contradiction, 'without the PIN');
  });

  it('hands out no new PIN for a card that is reported stolen', () => {
    const scheme = model();
    report(scheme, 0);
    const deed = { do: 'new-pin', card: 0 } as const;
    expect(() => follow(scheme, deed, seen('ordered', 100_00, 0))).to.throw(Contradiction, 'reported stolen');
  });

  it('lets a closed card neither pay nor come back [M9]', () => {
    const scheme = model();
    follow(scheme, { do: 'retire', card: 0 }, { ...seen('ordered', 100_00, 0), isRetired: true });
    expect(() => follow(scheme, visit(0), { ...seen('paid', 99_00, 1), isRetired: true })).to.throw(
      Contradiction,
      'a retired card moved money',
    );
    expect(() => follow(scheme, visit(0), seen('refused', 100_00, 0))).to.throw(Contradiction, 'came back');
    const deed = { do: 'balance', card: 0, pin: 'right' } as const;
    const retired = { ...seen('balance', 100_00, 0), isRetired: true };
    expect(() => follow(model(), deed, retired)).to.throw(Contradiction, 'no desk did it');
  });
});
