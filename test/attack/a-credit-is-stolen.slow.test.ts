/** Authorisations of the issuer for another card, load, amount or time; presented twice, late, by two kiosks, with a log the issuer never had. */
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { credit } from '../../host/protocol/commands/credit.js';
import type { RecordWithProof } from '../../host/protocol/commands/credit.js';
import { getLogStatement } from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { LoadState, LoadType, Role } from '../../host/protocol/generated/enums.js';
import { logSize } from '../../host/protocol/generated/parameters.js';
import type { CreditAuthorisationFields, StatementFields } from '../../host/protocol/generated/structures.js';
import { emptyLogHash } from '../../host/protocol/proofs/running-hash.js';
import { proveCredit } from '../../host/protocol/proofs/record.js';
import { signCreditAuthorisation } from '../../host/protocol/signed/credit-authorisation.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { cardExpiry, freshCard, funds, lastingTerminal, load } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, failing } from '../helpers/expectations.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import type { Authorisation } from '../helpers/orders.js';
import { dollarSlot, euroSlot, holderPin, pointsSlot } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { authoritySigner, schemeId, startTime } from '../helpers/scheme.js';
import { Till, unitOf } from './support/till.js';

const kiosk = lastingTerminal(Role.load, 'one');
const otherKiosk = lastingTerminal(Role.load, 'two');
const desk = lastingTerminal(Role.perso);

async function pending(
  session: PurseSession,
  { type = LoadType.load, slot = euroSlot, amount = 10_00n }: { type?: LoadType; slot?: number; amount?: bigint } = {},
): Promise<StatementFields> {
  await verifyPin(session, holderPin);
  return (await initLoad(session, { type, slot, amount: money(amount, unitOf(slot)), time: startTime })).statement;
}

function present(session: PurseSession, { fields, signature }: Authorisation): Promise<RecordWithProof> {
  return credit(session, fields, signature);
}

/** Whatever the issuer would sign with its credit key, were it told to. */
function signed(fields: CreditAuthorisationFields, signer = authoritySigner('credit')): Authorisation {
  return { fields, signature: signCreditAuthorisation(fields, signer) };
}

async function balancesOf(card: TestCard): Promise<number[]> {
  return (await readTotals(await card.open(desk))).balances.map(({ balance }) => balance);
}

const before = [Number(funds.euro), Number(funds.dollar), 0];

describe('An authorisation of a credit', () => {
  let card: TestCard;
  let session: PurseSession;
  let statement: StatementFields;
  let genuine: Authorisation;

  beforeEach(async () => {
    card = await freshCard('active');
    session = await card.open(kiosk);
    statement = await pending(session);
    genuine = card.orders.authorise(statement, startTime);
  });

  it('[R1] [M3] for this card and this pending load is applied, and proved', async () => {
    const proof = await present(session, genuine);
    proveCredit(session.card, genuine.fields, proof);
    expect(await balancesOf(card)).to.deep.equal([before[0]! + 10_00, before[1], before[2]]);
  });

  const changed: Record<string, Partial<CreditAuthorisationFields>> = {
    'for a higher amount': { amount: 10_01 },
    'for a lower amount': { amount: 9_99 },
    'for no amount': { amount: 0 },
    'for the highest amount there is': { amount: 0xffffffff },
    'for another slot': { slot: dollarSlot, unit: unitOf(dollarSlot).code },
    'for the loyalty slot': { slot: pointsSlot, unit: unitOf(pointsSlot).code },
    'for a slot that no card has': { slot: 3 },
    'in another unit': { unit: unitOf(dollarSlot).code },
    'for an unload': { type: LoadType.unload },
    'for the load before': { counter: 2 },
    'for the load to come': { counter: 4 },
    'for another random': { random: bytesFor('another', 8) },
  };

  for (const [name, change] of Object.entries(changed)) {
    it(`[R1] [M3] ${name}, with a good signature, is refused`, async () => {
      const other = signed({ ...genuine.fields, ...change });
      await changingNothing(card, () => refused(present(session, other), 'conditions', 'noLoad'));
      const altered = { ...genuine, fields: { ...genuine.fields, ...change } };
      await changingNothing(card, () => refused(present(session, altered), 'incorrectData', 'signature'));
      await present(session, genuine);
    });
  }

  it('[M3] for another card is refused, though all else is alike', async () => {
    const other = signed({ ...genuine.fields, cardId: bytesFor('card id two', 8) });
    await changingNothing(card, () => refused(present(session, other), 'incorrectData', 'signature'));
  });

  it('[M3] of another scheme is refused', async () => {
    const other = signed({ ...genuine.fields, scheme: schemeId + 1 });
    await changingNothing(card, () => refused(present(session, other), 'incorrectData', 'signature'));
  });

  it('[M3] [M12] by any key but the credit key in force is refused: order key, CA, successor, kiosk', async () => {
    const keys = [
      authoritySigner('credit', 2),
      ...(['order', 'cardCa', 'terminalCa', 'posCa'] as const).map((name) => authoritySigner(name)),
      kiosk.signer,
      signerFor('attacker'),
    ];
    await changingNothing(card, async () => {
      for (const key of keys) {
        await refused(present(session, signed(genuine.fields, key)), 'incorrectData', 'signature');
      }
    });
  });

  it('[M3] presented again gives the same record and changes nothing, at this kiosk or another', async () => {
    const first = await present(session, genuine);
    await changingNothing(card, async () => {
      const again = await present(session, genuine);
      expect(again.record).to.deep.equal(first.record);
      proveCredit(session.card, genuine.fields, again);
    });
    const elsewhere = await card.open(otherKiosk);
    const third = await present(elsewhere, genuine);
    expect(third.record).to.deep.equal(first.record);
    expect((await balancesOf(card))[0]).to.equal(before[0]! + 10_00);
  });

  it('[M3] presented at two kiosks at once is applied once', async () => {
    const elsewhere = await card.open(otherKiosk);
    await present(elsewhere, genuine);
    await failing(present(session, genuine), 'lost');
    expect((await balancesOf(card))[0]).to.equal(before[0]! + 10_00);
  });

  it('[M3] is worth nothing once the card has gone on to the next load, credited or not', async () => {
    await present(session, genuine);
    const next = await pending(session, { amount: 5_00n });
    await changingNothing(card, () => refused(present(session, genuine), 'conditions', 'noLoad'));
    await present(session, card.orders.authorise(next, startTime));
    await changingNothing(card, () => refused(present(session, genuine), 'conditions', 'noLoad'));
    expect((await balancesOf(card))[0]).to.equal(before[0]! + 15_00);
  });

  it('[M3] is worth nothing once the load was cancelled, though the card signed first that it was pending', async () => {
    const ended = await cancelLoad(session, statement.register.counter);
    if (ended.kind !== 'statement') throw new Error(ended.kind);
    expect(ended.proof.statement.register.state).to.equal(LoadState.cancelled);
    await changingNothing(card, () => refused(present(session, genuine), 'conditions', 'noLoad'));
    expect(await balancesOf(card)).to.deep.equal(before);
  });

  it('[M3] once applied cannot be cancelled: the card says that it was credited', async () => {
    const proof = await present(session, genuine);
    const ended = await cancelLoad(session, statement.register.counter);
    if (ended.kind !== 'credited') throw new Error(ended.kind);
    expect(ended.proof.record).to.deep.equal(proof.record);
  });

  it('[M3] without INIT LOAD there is nothing to authorise: no load of this counter was ever asked for', async () => {
    await cancelLoad(session, statement.register.counter);
    const unasked = signed({ ...genuine.fields, counter: statement.register.counter + 1, random: new Uint8Array(8) });
    await changingNothing(card, () => refused(present(session, unasked), 'conditions', 'noLoad'));
  });

  it('[M3] [R8] that comes after the card’s end is refused, and so is one dated there', async () => {
    const late = signed({ ...genuine.fields, date: cardExpiry });
    await changingNothing(card, () => refused(present(session, late), 'conditions', 'cardExpired'));
    await present(session, genuine);
  });

  it('[M12] is taken from a kiosk alone: not from a POS, not from a desk', async () => {
    for (const role of [Role.pos, Role.perso]) {
      const bearer = await card.open(lastingTerminal(role));
      await changingNothing(card, () => refused(present(bearer, genuine), 'securityStatus', 'role'));
    }
    await present(await card.open(otherKiosk), genuine);
  });
});

describe('What an authorisation says of the log', () => {
  /** A card that paid twice since its last load. */
  async function spent(): Promise<{ card: TestCard; session: PurseSession; genuine: Authorisation }> {
    const card = await freshCard('active');
    const till = new Till();
    for (let i = 0; i < 2; i++) await till.pay(await till.open(card), till.order(1_00n));
    const session = await card.open(kiosk);
    return { card, session, genuine: card.orders.authorise(await pending(session), startTime) };
  }

  /** A of the card after a credit that says this. */
  async function acknowledgedAfter(change: Partial<CreditAuthorisationFields>): Promise<number> {
    const { card, session, genuine } = await spent();
    await present(session, signed({ ...genuine.fields, ...change }));
    const { acknowledged, offlineCount, balances } = await readTotals(await card.open(desk));
    expect(balances[0]?.balance).to.equal(before[0]! - 2_00 + 10_00);
    expect(offlineCount).to.equal(acknowledged > 1 ? 0 : 2);
    return acknowledged;
  }

  it('[R14] is taken over where it is true: A grows', async () => {
    expect(await acknowledgedAfter({})).to.equal(4);
  });

  it('[R14] [M3] is left alone where A is older than the card’s, beyond NT, or of other records; the credit stands', async () => {
    expect(await acknowledgedAfter({ acknowledged: 0, runningHash: emptyLogHash })).to.equal(1);
    expect(await acknowledgedAfter({ acknowledged: 5 })).to.equal(1);
    expect(await acknowledgedAfter({ acknowledged: 0xffffffff })).to.equal(1);
    expect(await acknowledgedAfter({ runningHash: bytesFor('other records', 32) })).to.equal(1);
    expect(await acknowledgedAfter({ acknowledged: 3 })).to.equal(1);
  });

  it('[R14] cannot make room in a full log by lying: the credit is refused then, and no record is overwritten', async () => {
    const card = await freshCard('active');
    const session = await card.open(kiosk);
    for (let nt = session.s1.nt; nt < 1 + logSize; nt++) {
      const statement = await pending(session, { amount: 1n });
      await present(
        session,
        card.orders.authorise(statement, startTime, { acknowledged: 1, runningHash: emptyLogHash }),
      );
    }
    const statement = await pending(session, { amount: 1n });
    for (const lie of [{ acknowledged: 0xffffffff }, { runningHash: emptyLogHash }]) {
      const authorisation = card.orders.authorise(statement, startTime, lie);
      await changingNothing(card, () => refused(present(session, authorisation), 'logFull', 'logFull'));
    }
    await present(session, card.orders.authorise(statement, startTime));
  });
});

describe('A kiosk', () => {
  it('[M12] without the PIN asks for no load, and gets no log to show the issuer', async () => {
    const card = await freshCard('active');
    const session = await card.open(kiosk);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(1_00n, unitOf(0)), time: startTime } as const;
    await changingNothing(card, async () => {
      await refused(initLoad(session, request), 'securityStatus', 'pinRequired');
      await refused(getLogStatement(session), 'securityStatus', 'pinRequired');
    });
  });

  it('[M12] with the PIN for one load gets one: the second INIT LOAD wants it again', async () => {
    const card = await freshCard('active');
    const session = await card.open(kiosk);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(1_00n, unitOf(0)), time: startTime } as const;
    await verifyPin(session, holderPin);
    await initLoad(session, request);
    await changingNothing(card, () => refused(initLoad(session, request), 'securityStatus', 'pinRequired'));
  });

  it('[M3] cannot put another load in the place of a pending one, nor take its counter for another amount', async () => {
    const card = await freshCard('active');
    const session = await card.open(kiosk);
    const first = await pending(session);
    for (const other of [{ amount: 11_00n }, { slot: dollarSlot }, { type: LoadType.unload }]) {
      await changingNothing(card, () => refused(pending(session, other), 'conditions', 'loadPending'));
    }
    const again = await pending(await card.open(otherKiosk));
    expect(again.register).to.deep.equal(first.register);
  });

  it('[M3] an unload takes from the card what the issuer authorised, once, and never more than there is', async () => {
    const card = await freshCard('active');
    const session = await card.open(kiosk);
    const statement = await pending(session, { type: LoadType.unload, amount: funds.euro });
    const authorisation = card.orders.authorise(statement, startTime);
    const till = new Till();
    await till.pay(await till.open(card), till.order(1_00n));
    const late = await card.open(kiosk);
    await changingNothing(card, () => refused(present(late, authorisation), 'conditions', 'balance'));
    await cancelLoad(late, statement.register.counter);
    const fitting = await pending(late, { type: LoadType.unload, amount: funds.euro - 1_00n });
    await present(late, card.orders.authorise(fitting, startTime));
    await present(late, card.orders.authorise(fitting, startTime));
    expect((await balancesOf(card))[0]).to.equal(0);
  });
});

describe('Two cards', () => {
  it('[R15] [M3] do not take each other’s authorisations, whoever carries them', async () => {
    const [one, two] = [await freshCard('active', 'one'), await freshCard('active', 'two')];
    const sessions = [await one.open(kiosk), await two.open(kiosk)] as const;
    const mine = one.orders.authorise(await pending(sessions[0]), startTime);
    await pending(sessions[1]);
    await changingNothing(two, () => refused(present(sessions[1], mine), 'incorrectData', 'signature'));
    await present(sessions[0], mine);
    await load(await two.open(kiosk), two.orders, euroSlot, 10_00n);
  });

  it('[M9] blocked and retired take no credit: the issuer pays what they hold', async () => {
    for (const state of ['blocked', 'retired', 'expired'] as const) {
      const card = await freshCard(state);
      const bearer = state === 'expired' ? kiosk : desk;
      const session = await card.open(bearer);
      const fields: CreditAuthorisationFields = {
        ...{ scheme: schemeId, cardId: card.cardId, counter: 2, random: new Uint8Array(8), type: LoadType.load },
        ...{ slot: 0, unit: unitOf(0).code, amount: 1_00, acknowledged: 1, runningHash: emptyLogHash, date: startTime },
      };
      await changingNothing(card, () => failing(present(session, signed(fields)), 'refused'));
    }
  });
});
