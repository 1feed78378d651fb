import { expect } from 'chai';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import { money } from '../../host/protocol/codec/money.js';
import { isCardError } from '../../host/protocol/errors.js';
import { LoadState, LoadType, RecordType, Role, StatementPurpose } from '../../host/protocol/generated/enums.js';
import type { RecordFields, StatementFields } from '../../host/protocol/generated/structures.js';
import { isRecordOf, judgeLostOrder } from '../../host/protocol/proofs/lost-order.js';
import type { OpenOrder } from '../../host/protocol/proofs/lost-order.js';
import { proveCancel, provePurchase, purchaseRecord } from '../../host/protocol/proofs/order.js';
import { isProved, proveCredit, sameRecord, signedRecordOf } from '../../host/protocol/proofs/record.js';
import { emptyLogHash, runningHash } from '../../host/protocol/proofs/running-hash.js';
import {
  proveBlockStatement,
  proveStatement,
  signedBlockStatementOf,
  signedStatementOf,
} from '../../host/protocol/proofs/statement.js';
import type { NewestRecord, OpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import { signBlockStatement } from '../../host/protocol/signed/block-statement.js';
import { signRecord } from '../../host/protocol/signed/signed-record.js';
import { signStatement } from '../../host/protocol/signed/signed-statement.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { cardCertificate, euro, schemeId, startTime, terminal } from '../helpers/scheme.js';
import { openingAnswer } from '../helpers/opening-answer.js';

const signer = signerFor('card sign');
const card = parseCardCertificate(
  cardCertificate({ cardId: bytesFor('card', 8), signPoint: signer.point, agreePoint: signerFor('card agree').point }),
);
const pos = terminal(Role.pos).certificate;
const order = { slot: 0, amount: money(350n, euro), tn: 9, time: startTime };
const seen = { nt: 7, balance: 10_00n };
const answer = { points: 3, pointsBalance: 13, flags: 1, parametersVersion: 2 };

// called in hooks, not as the file is loaded: a mutant that is reached then costs Stryker a process of its own
function purchase(): RecordFields {
  return purchaseRecord(pos, order, seen, { ...answer, s3: new Uint8Array(0) });
}

function s3For(record: RecordFields): Uint8Array {
  return signRecord(signedRecordOf(card, record), signer);
}

function refusesProof(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(isCardError(error, 'proof')).to.equal(true);
    expect(error).to.have.property('moneyMoved', 'unknown');
    return;
  }
  expect.fail('the proof was taken');
}

describe('S3 of a purchase', () => {
  let record: RecordFields;
  let s3: Uint8Array;
  before(() => {
    record = purchase();
    s3 = s3For(record);
  });

  it('[R13] holds over the record the terminal rebuilds from its journal', () => {
    const proof = provePurchase(card, pos, order, seen, { ...answer, s3 });
    expect(proof.record).to.include({ type: RecordType.purchase, nt: 8, balance: 6_50, amount: 3_50, ref: 0 });
  });

  const changes: readonly [string, () => unknown][] = [
    [
      'another amount',
      () => provePurchase(card, pos, { ...order, amount: money(351n, euro) }, seen, { ...answer, s3 }),
    ],
    ['another transaction number', () => provePurchase(card, pos, { ...order, tn: 10 }, seen, { ...answer, s3 })],
    ['another time', () => provePurchase(card, pos, { ...order, time: startTime + 1 }, seen, { ...answer, s3 })],
    ['another slot', () => provePurchase(card, pos, { ...order, slot: 1 }, seen, { ...answer, s3 })],
    ['another NT before', () => provePurchase(card, pos, order, { ...seen, nt: 8 }, { ...answer, s3 })],
    ['another balance before', () => provePurchase(card, pos, order, { ...seen, balance: 10_01n }, { ...answer, s3 })],
    ['other points', () => provePurchase(card, pos, order, seen, { ...answer, points: 4, s3 })],
    ['another points balance', () => provePurchase(card, pos, order, seen, { ...answer, pointsBalance: 14, s3 })],
    ['another PIN flag', () => provePurchase(card, pos, order, seen, { ...answer, flags: 0, s3 })],
    ['another parameter version', () => provePurchase(card, pos, order, seen, { ...answer, parametersVersion: 3, s3 })],
    [
      'another terminal',
      () => provePurchase(card, terminal(Role.pos, 'two').certificate, order, seen, { ...answer, s3 }),
    ],
    [
      'another card',
      () => provePurchase({ ...card, cardId: bytesFor('other', 8) }, pos, order, seen, { ...answer, s3 }),
    ],
    ['another key version', () => provePurchase({ ...card, keyVersion: 2 }, pos, order, seen, { ...answer, s3 })],
    [
      'another card key',
      () => provePurchase({ ...card, signPoint: signerFor('x').point }, pos, order, seen, { ...answer, s3 }),
    ],
    ['no signature', () => provePurchase(card, pos, order, seen, { ...answer, s3: new Uint8Array(0) })],
  ];
  for (const [what, act] of changes) {
    it(`[M11] does not hold for ${what}`, () => refusesProof(act));
  }

  it('[M11] is no proof of the cancel of the same amount', () => {
    const request = { ...order, cancelledNt: 7, cancelledTn: 8 };
    refusesProof(() => proveCancel(card, pos, request, { nt: 7, balance: 3_00n }, { ...answer, s3 }));
    const cancel = { ...record, type: RecordType.cancel, ref: 7, balance: 13_50 };
    expect(proveCancel(card, pos, request, seen, { ...answer, s3: s3For(cancel) }).record.balance).to.equal(13_50);
  });
});

describe('S3 of a credit', () => {
  const authorisation = {
    scheme: schemeId,
    cardId: card.cardId,
    counter: 4,
    random: bytesFor('random', 8),
    type: LoadType.load,
    slot: 0,
    unit: euro.code,
    amount: 20_00,
    acknowledged: 0,
    runningHash: emptyLogHash,
    date: startTime,
  };
  const record: RecordFields = {
    type: RecordType.load,
    nt: 8,
    tn: 0,
    terminalId: bytesFor('kiosk', 8),
    acquirerId: new Uint8Array(4),
    merchantId: new Uint8Array(4),
    slot: 0,
    unit: euro.code,
    amount: 20_00,
    balance: 30_00,
    points: 0,
    pointsBalance: 0,
    time: startTime,
    flags: 1,
    parametersVersion: 1,
    ref: 4,
  };

  it('[M3] is taken for the record of that authorisation only', () => {
    expect(proveCredit(card, authorisation, { record, s3: s3For(record) }).record).to.equal(record);
    for (const other of [{ ref: 5 }, { amount: 20_01 }, { slot: 1 }, { unit: 0x0840 }, { type: RecordType.unload }]) {
      const wrong = { ...record, ...other };
      refusesProof(() => proveCredit(card, authorisation, { record: wrong, s3: s3For(wrong) }));
    }
    refusesProof(() =>
      proveCredit(card, { ...authorisation, cardId: bytesFor('x', 8) }, { record, s3: s3For(record) }),
    );
    refusesProof(() => proveCredit(card, authorisation, { record, s3: s3For({ ...record, balance: 31_00 }) }));
  });

  it('tells an unload from a load', () => {
    const unload = { ...record, type: RecordType.unload };
    proveCredit(card, { ...authorisation, type: LoadType.unload }, { record: unload, s3: s3For(unload) });
    refusesProof(() => proveCredit(card, { ...authorisation, type: LoadType.unload }, { record, s3: s3For(record) }));
  });
});

describe('a statement', () => {
  const statement: StatementFields = {
    purpose: StatementPurpose.log,
    state: 2,
    nt: 8,
    acknowledged: 5,
    balances: [{ balance: 6_50 }, { balance: 0 }, { balance: 13 }],
    runningHash: bytesFor('hash', 32),
    orderCounter: 1,
    blockNumber: 0,
    register: {
      counter: 0,
      state: LoadState.none,
      type: 0,
      slot: 0,
      unit: 0,
      amount: 0,
      random: new Uint8Array(8),
      terminalId: new Uint8Array(8),
      creditNt: 0,
      previousState: 0,
    },
  };
  let signature: Uint8Array;
  before(() => (signature = signStatement(signedStatementOf(card, { statement }), signer)));

  it('[M11] holds for the purpose it was made for, and no other', () => {
    expect(proveStatement(card, StatementPurpose.log, { statement, signature }).statement).to.equal(statement);
    refusesProof(() => proveStatement(card, StatementPurpose.closing, { statement, signature }));
    const relabelled = { ...statement, purpose: StatementPurpose.closing };
    refusesProof(() => proveStatement(card, StatementPurpose.closing, { statement: relabelled, signature }));
  });

  it('[M11] does not hold with any figure changed, or of another card', () => {
    const changed: Partial<StatementFields>[] = [
      { nt: 9 },
      { acknowledged: 6 },
      { balances: [{ balance: 6_51 }, { balance: 0 }, { balance: 13 }] },
      { orderCounter: 2 },
      { register: { ...statement.register, counter: 1 } },
    ];
    for (const change of changed) {
      refusesProof(() =>
        proveStatement(card, StatementPurpose.log, { statement: { ...statement, ...change }, signature }),
      );
    }
    refusesProof(() =>
      proveStatement({ ...card, cardId: bytesFor('x', 8) }, StatementPurpose.log, { statement, signature }),
    );
  });

  it('[R17] about a block says which block order was taken', () => {
    const block = { blockNumber: 3, nt: 8 };
    const proof = {
      statement: block,
      signature: signBlockStatement(signedBlockStatementOf(card, { statement: block }), signer),
    };
    expect(proveBlockStatement(card, proof)).to.equal(proof);
    refusesProof(() => proveBlockStatement(card, { ...proof, statement: { ...block, blockNumber: 4 } }));
  });
});

describe('a lost answer', () => {
  const entry: OpenOrder = { type: RecordType.purchase, cardId: card.cardId, tn: 9, slot: 0, amount: 350n, ntSeen: 7 };
  const newest: NewestRecord = { nt: 8, type: RecordType.purchase, tn: 9, slot: 0, amount: 350n };
  const s1 = (nt: number, record?: NewestRecord): OpeningAnswer =>
    openingAnswer(card.cardId, { nt, balance: money(0n, euro), headroom: undefined, newest: record });

  it('[M2] means nothing happened when NT is what it was', () => {
    expect(judgeLostOrder(s1(7, { ...newest, nt: 6, tn: 8 }), entry)).to.equal('void');
    expect(judgeLostOrder(s1(7), entry)).to.equal('void');
  });

  it('[M4] means it was done when the record is there, though others followed', () => {
    expect(judgeLostOrder(s1(8, newest), entry)).to.equal('executed');
    expect(judgeLostOrder(s1(20, newest), entry)).to.equal('executed');
  });

  it('is the issuer’s to judge in every other case', () => {
    const doubtful: readonly OpeningAnswer[] = [
      s1(8),
      s1(9, { ...newest, nt: 9 }),
      s1(8, { ...newest, tn: 10 }),
      s1(8, { ...newest, amount: 351n }),
      s1(8, { ...newest, slot: 1 }),
      s1(8, { ...newest, type: RecordType.cancel }),
      s1(6, { ...newest, nt: 6 }),
    ];
    for (const seenNow of doubtful) expect(judgeLostOrder(seenNow, entry)).to.equal('ask-issuer');
  });

  it('cannot be judged by another card', () => {
    expect(() => judgeLostOrder({ ...s1(7), cardId: bytesFor('x', 8) }, entry)).to.throw(RangeError);
  });

  it('[M11] is closed by the record of that very order only', () => {
    const record = purchase();
    expect(isRecordOf(record, entry, pos, euro.code)).to.equal(true);
    const others = [
      { nt: 9 },
      { tn: 1 },
      { amount: 1 },
      { slot: 1 },
      { unit: 0x0840 },
      { terminalId: bytesFor('x', 8) },
    ];
    for (const other of others) expect(isRecordOf({ ...record, ...other }, entry, pos, euro.code)).to.equal(false);
    expect(isRecordOf({ ...record, type: RecordType.cancel }, entry, pos, euro.code)).to.equal(false);
  });
});

describe('two records', () => {
  it('[M2] are the same when every byte of them is, and not when one differs', () => {
    expect(sameRecord(purchase(), purchase())).to.equal(true);
    const others = [{ nt: 9 }, { balance: 6_51 }, { flags: 0 }, { merchantId: new Uint8Array(4) }];
    for (const other of others) expect(sameRecord(purchase(), { ...purchase(), ...other })).to.equal(false);
  });
});

describe('the running hash', () => {
  it('[R14] depends on every record and their order', () => {
    const record = purchase();
    const next = { ...record, nt: 9 };
    const whole = runningHash(emptyLogHash, [record, next]);
    expect(runningHash(runningHash(emptyLogHash, [record]), [next])).to.deep.equal(whole);
    expect(runningHash(emptyLogHash, [next, record])).not.to.deep.equal(whole);
    expect(runningHash(emptyLogHash, [])).to.deep.equal(emptyLogHash);
    expect(isProved(card, { record: next, s3: s3For(record) })).to.equal(false);
  });
});
