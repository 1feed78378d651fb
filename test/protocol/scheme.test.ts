import { expect } from 'chai';
import { Authority } from '../../host/protocol/generated/enums.js';
import {
  SchemeError,
  keysOf,
  parseScheme,
  schemeToJson,
  signScheme,
  slotOfUnit,
  unitOfSlot,
  verifyScheme,
} from '../../host/protocol/scheme.js';
import type { SchemeJson } from '../../host/protocol/scheme.js';
import { signerFor } from '../helpers/keys.js';
import { dollar, euro, points, scheme } from '../helpers/scheme.js';

const text = JSON.stringify(schemeToJson(scheme));

function changed(change: (json: { -readonly [K in keyof SchemeJson]: SchemeJson[K] }) => void): string {
  const json = JSON.parse(text) as SchemeJson;
  change(json);
  return JSON.stringify(json);
}

describe('the scheme file', () => {
  it('is read back as it was written', () => {
    expect(parseScheme(text, scheme.rootPoint)).to.deep.equal(scheme);
  });

  const tampering: readonly [string, Parameters<typeof changed>[0]][] = [
    ['another id', (json) => (json.id = 1)],
    ['another name', (json) => (json.name = 'Other')],
    ['another time', (json) => (json.createdAt = '2026-11-22T12:00:00Z')],
    ['two units changed round', (json) => (json.units = ['USD', 'EUR', 'PTS'])],
    [
      'a key of an attacker',
      (json) =>
        (json.keys = json.keys.map((key) => ({
          ...key,
          point: Buffer.from(signerFor('attacker').point).toString('hex'),
        }))),
    ],
    ['a role more for a CA', (json) => (json.keys = json.keys.map((key) => ({ ...key, roles: 7 })))],
    ['a key less', (json) => (json.keys = json.keys.slice(1))],
    ['another root', (json) => (json.root = Buffer.from(signerFor('attacker').point).toString('hex'))],
    ['no signature', (json) => (json.signature = '')],
  ];
  for (const [what, change] of tampering) {
    it(`[R7] is refused with ${what}`, () => {
      expect(() => parseScheme(changed(change))).to.throw(SchemeError, /signature/);
    });
  }

  it('[R7] of another root is refused where the root is known', () => {
    const other = JSON.stringify(schemeToJson(signScheme(scheme, signerFor('attacker'))));
    parseScheme(other);
    expect(() => parseScheme(other, scheme.rootPoint)).to.throw(SchemeError, /another root/);
  });

  for (const bad of [
    '',
    '{',
    '[]',
    '{}',
    'null',
    changed((json) => (json.units = ['GBP', 'EUR', 'PTS'])),
    changed((json) => (json.createdAt = 'today')),
    changed((json) => Reflect.set(json, 'format', 'epurse-scheme/2')),
  ]) {
    it(`is refused when it reads ${bad.slice(0, 30) || 'nothing'}`, () => {
      expect(() => parseScheme(bad)).to.throw(SchemeError, /cannot be read/);
    });
  }

  it('lists keys by kind, the current one first', () => {
    expect(keysOf(scheme, Authority.order).map(({ keyId }) => keyId.version)).to.deep.equal([1, 2]);
    verifyScheme(scheme);
  });

  it('knows which slot holds which unit', () => {
    expect([euro, dollar, points].map((unit) => slotOfUnit(scheme, unit))).to.deep.equal([0, 1, 2]);
    expect(unitOfSlot(scheme, 2)).to.equal(points);
    expect(() => unitOfSlot(scheme, 3)).to.throw(RangeError);
    expect(() => slotOfUnit(scheme, { ...euro, code: 0x0826 })).to.throw(RangeError);
  });
});
