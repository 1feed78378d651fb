/** What the system proposes for each finding, and how findings are told. */
import { expect } from 'chai';
import {
  cardFaults,
  conduct,
  describeFinding,
  isFindingKind,
  oddities,
  terminalFaults,
} from '../../../host/issuer/domain/findings.js';
import type { FindingKind } from '../../../host/issuer/domain/findings.js';
import { proposalFor } from '../../../host/issuer/domain/measures.js';
import type { Situation } from '../../../host/issuer/domain/measures.js';
import { dollar, euro } from '../../helpers/scheme.js';
import { cardId, merchant, pos } from './facts.js';

const eur = (amount: bigint) => ({ amount, unit: euro });
const usd = (amount: bigint) => ({ amount, unit: dollar });

const card: Situation = {
  party: cardId,
  merchant: undefined,
  stopped: false,
  held: false,
  slots: [
    { slot: 0, loss: eur(5_00n), balance: eur(3_00n) },
    { slot: 1, loss: usd(1_00n), balance: usd(4_00n) },
    { slot: 2, loss: eur(0n), balance: eur(4_00n) },
    { slot: 3, loss: eur(4_00n), balance: eur(0n) },
    { slot: 4, loss: eur(4_00n), balance: eur(-1n) },
  ],
  debts: [],
};
const terminal: Situation = { party: pos, merchant, stopped: false, held: false, slots: [], debts: [] };

const list = { do: 'list-card', cardId };
const recover = [
  { do: 'recover-from-card', cardId, slot: 0, money: eur(3_00n) },
  { do: 'recover-from-card', cardId, slot: 1, money: usd(1_00n) },
];
const hold = { do: 'hold-merchant', merchant };
const revoke = { do: 'revoke-terminal', terminalId: pos };

const keysElsewhere: readonly FindingKind[] = [
  'two-contents',
  'forked-log',
  'signature-repeated',
  'cloned',
  'executed-twice',
  'cancel-chain',
  'unknown-parameters',
];
const madeMoney: readonly FindingKind[] = [
  'balance-chain',
  'negative-balance',
  'points-rule',
  'wrong-unit',
  'unauthorised-load',
  'load-given-up-and-taken',
  'statement-balances',
  'rolled-back',
];
const knowingly: readonly FindingKind[] = [
  'cancelled-but-claimed',
  'cancel-hidden',
  'claimed-twice',
  'void-but-claimed',
  'wash-sale',
  'terminal-revoked',
];
const madeUp: readonly FindingKind[] = ['wrong-record', 'bad-proof', 'unknown-card', 'bad-cancel-order'];
const ownRisk: readonly FindingKind[] = ['above-limit', 'certificate-over', 'listed-card', 'too-late'];
const toKnow: readonly FindingKind[] = [
  'record-after-closing',
  'closing-exceeds-shadow',
  'funding-contradiction',
  'payment-contradiction',
  'cancel-after-forfeit',
  'record-missing',
];

describe('The proposal of the system', () => {
  for (const kind of keysElsewhere)
    it(`for ${kind} lists the card and leaves its balance to the holder`, () => {
      expect(proposalFor(kind, card)).to.deep.equal([list]);
      expect(proposalFor(kind, { ...card, stopped: true })).to.deep.equal([]);
    });

  for (const kind of madeMoney)
    it(`for ${kind} lists the card and takes the loss out of what it holds, and no more`, () => {
      expect(proposalFor(kind, card)).to.deep.equal([list, ...recover]);
      expect(proposalFor(kind, { ...card, stopped: true })).to.deep.equal(recover);
    });

  for (const kind of knowingly)
    it(`for ${kind} holds the merchant, once`, () => {
      expect(proposalFor(kind, terminal)).to.deep.equal([hold]);
      expect(proposalFor(kind, { ...terminal, held: true })).to.deep.equal([]);
      expect(proposalFor(kind, { ...terminal, merchant: undefined })).to.deep.equal([]);
    });

  for (const kind of madeUp)
    it(`for ${kind} revokes the terminal and holds its merchant, each once`, () => {
      expect(proposalFor(kind, terminal)).to.deep.equal([revoke, hold]);
      expect(proposalFor(kind, { ...terminal, stopped: true })).to.deep.equal([hold]);
      expect(proposalFor(kind, { ...terminal, held: true })).to.deep.equal([revoke]);
      expect(proposalFor(kind, { ...terminal, merchant: undefined })).to.deep.equal([]);
    });

  for (const kind of [...ownRisk, ...toKnow])
    it(`for ${kind} is to know and to do nothing`, () => {
      expect(proposalFor(kind, { ...terminal, slots: card.slots, debts: [eur(1n)] })).to.deep.equal([]);
    });

  it('for a merchant in debt books each debt as a loss', () => {
    expect(proposalFor('merchant-in-debt', { ...terminal, party: merchant, debts: [eur(7n), usd(9n)] })).to.deep.equal([
      { do: 'book-loss', merchant, money: eur(7n) },
      { do: 'book-loss', merchant, money: usd(9n) },
    ]);
  });

  it('is there for every kind of finding', () => {
    const named = [...keysElsewhere, ...madeMoney, ...knowingly, ...madeUp, ...ownRisk, ...toKnow, 'merchant-in-debt'];
    const all = [cardFaults, terminalFaults, conduct, oddities].flatMap((kinds) => Object.keys(kinds));
    expect([...named].sort()).to.deep.equal([...all].sort());
  });
});

describe('A kind of finding', () => {
  it('is known by its name, and nothing else is', () => {
    for (const kind of ['cloned', 'too-late', 'wash-sale', 'record-missing'])
      expect(isFindingKind(kind)).to.equal(true);
    for (const other of ['', 'Cloned', 'toString', 'constructor', 'cloned '])
      expect(isFindingKind(other)).to.equal(false);
  });

  it('is told in words of its own', () => {
    expect(describeFinding('cloned')).to.equal('two cards with one key, used in turn');
    expect(describeFinding('too-late')).to.equal('claims a purchase after the presentation window');
    expect(describeFinding('wash-sale')).to.equal('sells to one holder again and again, for the points');
    expect(describeFinding('record-missing')).to.equal('a record that never came, though later ones did');
  });
});
