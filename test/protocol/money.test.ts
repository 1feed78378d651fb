import { expect } from 'chai';
import fc from 'fast-check';
import {
  MoneyError,
  add,
  compare,
  formatAmount,
  formatMoney,
  largestAmount,
  money,
  moneyFromJson,
  moneyFromWire,
  moneyToJson,
  moneyToWire,
  parseAmount,
  parseMoney,
  subtract,
  sum,
} from '../../host/protocol/codec/money.js';
import type { MoneyErrorCode } from '../../host/protocol/codec/money.js';
import { unitByCode, unitByName } from '../../host/protocol/codec/units.js';
import { dollar, euro, points } from '../helpers/scheme.js';

function refuses(action: () => unknown, code: MoneyErrorCode): void {
  expect(action).to.throw(MoneyError).with.property('code', code);
}

describe('money', () => {
  it('reads amounts with exactly the digits of the unit', () => {
    expect(parseMoney('3.50', euro).amount).to.equal(350n);
    expect(parseMoney('0.00', euro).amount).to.equal(0n);
    expect(parseMoney('42949672.95', euro).amount).to.equal(largestAmount);
    expect(parseMoney('12', points).amount).to.equal(12n);
  });

  const badEuros = [
    '3.5',
    '3',
    '3.',
    '.50',
    '3.500',
    '03.50',
    '3,50',
    ' 3.50',
    '3.50 ',
    '+3.50',
    '3e2',
    '0x10',
    '٣.٥٠',
    '',
    'NaN',
    '3.5O',
    '1_0.00',
    '1 000.00',
    '3.50\n',
  ];
  for (const text of badEuros) {
    it(`refuses ${JSON.stringify(text)} as euros`, () => refuses(() => parseMoney(text, euro), 'format'));
  }

  for (const text of ['1.0', '1.', '01', '', '-', '1 ']) {
    it(`refuses ${JSON.stringify(text)} as points`, () => refuses(() => parseMoney(text, points), 'format'));
  }

  it('refuses amounts below zero, endless ones, and repeats at most 40 characters of what was typed', () => {
    refuses(() => parseMoney('-1.00', euro), 'negative');
    refuses(() => parseMoney('9'.repeat(10_000), euro), 'too-large');
    expect(() => parseMoney('x'.repeat(10_000), euro))
      .to.throw(MoneyError)
      .with.property('message')
      .with.length.below(90);
  });

  it('refuses to move zero, or more than a card can hold', () => {
    refuses(() => parseAmount('0.00', euro), 'zero');
    refuses(() => parseAmount('42949672.96', euro), 'too-large');
    expect(parseAmount('42949672.95', euro).amount).to.equal(largestAmount);
  });

  it('gives back what it wrote, for any amount and unit', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.constantFrom(euro, dollar, points), (amount, unit) => {
        const value = money(amount, unit);
        expect(moneyFromJson(moneyToJson(value))).to.deep.equal(value);
      }),
    );
  });

  it('writes cents, differences and points as people do', () => {
    expect(formatMoney(money(5n, euro))).to.equal('0.05 EUR');
    expect(formatAmount(money(-350n, euro))).to.equal('-3.50');
    expect(formatMoney(money(7n, points))).to.equal('7 PTS');
    expect(moneyToJson(money(350n, euro))).to.deep.equal({ amount: '3.50', unit: 'EUR' });
  });

  it('refuses JSON with a unit nobody knows, a minus zero, or two signs', () => {
    refuses(() => moneyFromJson({ amount: '3.50', unit: 'GBP' }), 'unit');
    refuses(() => moneyFromJson({ amount: '-0.00', unit: 'EUR' }), 'format');
    refuses(() => moneyFromJson({ amount: '--3.50', unit: 'EUR' }), 'negative');
  });

  it('never adds or compares two units', () => {
    for (const mixed of [add, subtract, compare]) refuses(() => mixed(money(1n, euro), money(1n, dollar)), 'unit');
    refuses(() => sum([money(1n, euro), money(1n, points)], euro), 'unit');
    expect(sum([], euro).amount).to.equal(0n);
    expect(sum([money(1n, euro), money(2n, euro)], euro).amount).to.equal(3n);
  });

  it('puts no amount on the wire that the card would read as another', () => {
    refuses(() => moneyToWire(money(-1n, euro)), 'negative');
    refuses(() => moneyToWire(money(largestAmount + 1n, euro)), 'too-large');
    expect(moneyToWire(money(largestAmount, euro))).to.equal(0xffff_ffff);
  });

  it('refuses a unit from the card that is in no list', () => {
    refuses(() => moneyFromWire(1, 0x0826), 'unit');
    expect(moneyFromWire(350, 0x0978)).to.deep.equal(money(350n, euro));
    expect(() => unitByCode(0)).to.throw(RangeError);
    expect(() => unitByName('eur')).to.throw(RangeError);
  });
});
