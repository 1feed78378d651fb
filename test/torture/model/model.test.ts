// The model alone: what it allows a POS to leave open. Pure.
import { expect } from 'chai';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { dollarSlot, euroSlot, pointsSlot } from '../../helpers/personalize.js';
import { fetched, report, takeBack } from './lists.js';
import { follow, lose, replace } from './model.js';
import { Contradiction, freshCard, newModel } from './state.js';
import type { Model, Seen } from './state.js';

const money = { maxBalance: 500_00, maxTransaction: 80_00, pinlessSingle: 25_00, pinlessSum: 75_00 };
const currency = { ...money, offlineSum: 300_00, pointsStep: 1_00 };
const rules = { slots: [currency, currency, { ...currency, pointsStep: 0 }] };

const model = (): Model => {
  const fresh = newModel(rules, 1, 2);
  return { ...fresh, cards: [{ ...freshCard(2), holding: [100_00, 0, 0] }] };
};

const visit = (pos: number, amount = 1_00, slot = euroSlot) =>
  ({ do: 'pay', card: 0, pos, slot, amount, pin: 'right', earlier: 'finish' }) as const;

const seen = (result: string, cents: number, points: number, disturbed = false): Seen => ({
  ...{ result, recovered: false, isBlocked: false, isOrderedBlocked: false, isRetired: false, disturbed },
  holding: [cents, 0, points],
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

  it('lets no card move money from the minute on in which it expires, and none be called expired before [R8] [M9]', () => {
    const scheme = model();
    const [{ expiresAt } = freshCard(2)] = scheme.cards;
    expect(expiresAt).to.equal((5 * 365 + 1) * 24 * 60);
    const expired = { ...seen('refused', 100_00, 0), code: 'card-expired' };
    expect(() => follow({ ...scheme, now: expiresAt - 1 }, visit(0), expired)).to.throw(
      Contradiction,
      'before its time',
    );
    const over = { ...scheme, now: expiresAt };
    follow(over, visit(0), expired);
    fetched(over, 0);
    expect(() => follow(over, visit(0), seen('paid', 99_00, 1))).to.throw(Contradiction, 'an expired card moved money');
  });

  it('lets a lost card pay where the list is old, and neither the list nor its balance follow to the card in its place', () => {
    const scheme = model();
    lose(scheme, 0);
    expect(scheme.cards.map(({ holding }) => holding[0])).to.deep.equal([0, 100_00]);
    const theft = { ...visit(0), by: 'thief', card: 1, pin: 'nothing' } as const;
    follow(scheme, theft, seen('paid', 99_00, 1));
    fetched(scheme, 0);
    expect(() => follow(scheme, theft, seen('paid', 98_00, 2))).to.throw(Contradiction, 'on its list');
    follow(scheme, { ...visit(0), card: 0 }, { ...seen('refused', 0, 0), code: 'balance-too-small' });
    const blocked = { ...seen('refused', 0, 0, true), isBlocked: true, isOrderedBlocked: true };
    expect(() => follow(scheme, visit(0), blocked)).to.throw(Contradiction, 'on no list');
    expect(scheme.cards[1]?.heir).to.equal(0);
    replace(scheme, 0);
    expect(scheme.cards[1]?.heir).to.equal(undefined);
  });

  it('keeps each purse apart, and gives points for money only', () => {
    const scheme = model();
    follow(scheme, visit(0, 20_00), seen('paid', 80_00, 20));
    follow(scheme, visit(0, 5, pointsSlot), seen('paid', 80_00, 15));
    expect(scheme.owed).to.deep.equal([20_00, 0, 5]);
    expect(() => follow(scheme, visit(0, 5, pointsSlot), seen('paid', 75_00, 15))).to.throw(Contradiction, 'neither');
    expect(() => follow(scheme, visit(0, 1_00, dollarSlot), seen('paid', 79_00, 16))).to.throw(
      Contradiction,
      'neither',
    );
  });

  it('knows what a kiosk unloaded where it ended a pending load at the same visit', () => {
    const scheme = model();
    const asked = (type: LoadType, amount: number) =>
      ({ do: 'load', card: 0, type, slot: euroSlot, amount, pin: 'right' }) as const;
    follow(scheme, asked(LoadType.load, 30_00), seen('unresolved', 100_00, 0, true));
    follow(scheme, asked(LoadType.unload, 40_00), seen('loaded', 90_00, 0));
    expect(scheme.cards[0]?.unloaded).to.deep.equal([40_00, 0, 0]);
    expect(() => follow(scheme, asked(LoadType.load, 1_00), seen('loaded', 95_00, 0))).to.throw(Contradiction, '[M3]');
  });

  it('lets a desk refuse to close a card only while its issuer may not have heard of a load', () => {
    const scheme = model();
    const close = { do: 'retire', card: 0 } as const;
    const refused = { ...seen('refused', 100_00, 0), code: 'issuer-refused' };
    expect(() => follow(scheme, close, refused)).to.throw(Contradiction, 'not closed');
    const load = { do: 'load', card: 0, type: LoadType.load, slot: euroSlot, amount: 10_00, pin: 'right' } as const;
    follow(scheme, load, seen('unresolved', 110_00, 0, true));
    follow(scheme, close, { ...refused, holding: [110_00, 0, 0] });
    follow(scheme, { do: 'balance', card: 0, pin: 'right' }, seen('balance', 110_00, 0));
    expect(() => follow(scheme, close, { ...refused, holding: [110_00, 0, 0] })).to.throw(Contradiction, 'not closed');
  });
});
