/** Issuer orders in the wrong hands, at the wrong time, for the wrong card, under the wrong key; and block orders that must work all the same. */
import { expect } from 'chai';
import { getBlockStatement, getLogStatement } from '../../host/protocol/commands/get-proof.js';
import { putOrder, putPinReset } from '../../host/protocol/commands/put-order.js';
import type { OrderToPut } from '../../host/protocol/commands/put-order.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { KeyRef, LifeCycle, OrderType, Role } from '../../host/protocol/generated/enums.js';
import type { ReasonName } from '../../host/protocol/generated/status-words.js';
import { proveBlockStatement } from '../../host/protocol/proofs/statement.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { signOrder } from '../../host/protocol/signed/order.js';
import { freshCard, lastingTerminal } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, failing } from '../helpers/expectations.js';
import { signerFor } from '../helpers/keys.js';
import { Orders } from '../helpers/orders.js';
import type { OrderKey } from '../helpers/orders.js';
import { firstParameters, holderPin } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { authoritySigner, schemeId, startTime } from '../helpers/scheme.js';
import { Till } from './support/till.js';

const desk = lastingTerminal(Role.perso);
const kiosk = lastingTerminal(Role.load);
const pos = lastingTerminal(Role.pos);

const nextKey: OrderKey = { keyIndex: 1 };

/** Puts an order in a session of its own. */
async function put(card: TestCard, order: OrderToPut, identity = desk): Promise<PurseSession> {
  const session = await card.open(identity);
  if (order.type === OrderType.pinReset) await putPinReset(session, order, '9753');
  else await putOrder(session, order);
  return session;
}

async function putRefused(card: TestCard, order: OrderToPut, reason: ReasonName, identity = desk): Promise<void> {
  const session = await card.open(identity);
  const status =
    reason === 'signature'
      ? 'incorrectData'
      : reason === 'key'
        ? 'referenceNotFound'
        : reason === 'role'
          ? 'securityStatus'
          : 'conditions';
  const attempt = (): Promise<unknown> =>
    order.type === OrderType.pinReset ? putPinReset(session, order, '9753') : putOrder(session, order);
  await changingNothing(card, () => refused(attempt(), status, reason));
}

async function stateOf(card: TestCard): Promise<number> {
  return (await select(card)).state;
}

function parametersOf(version: number): typeof firstParameters {
  return { ...firstParameters, version };
}

/** One order of each type, due now. */
async function dueOrders(card: TestCard, key?: OrderKey): Promise<Record<string, OrderToPut>> {
  const { statement } = await getLogStatement(await card.open(desk));
  const { orders } = card;
  const counter = statement.orderCounter + 1;
  return {
    parameters: orders.parameters(counter, parametersOf(7), key),
    unblock: orders.unblock(counter, 1, key),
    pinReset: orders.pinReset(counter, key),
    retire: orders.retire(counter, key),
    keySwitch: orders.keySwitch(counter, KeyRef.posCa, key),
    block: orders.block(2, key),
    sync: orders.sync({ acknowledged: statement.nt, runningHash: statement.runningHash, date: startTime }, key),
  };
}

describe('A block order made in advance', () => {
  it('[M9] works after parameters changed, after other orders, after synchronisation, after other cards’ orders', async () => {
    const card = await freshCard('active');
    const { orders } = card;
    const inAdvance = orders.block(1);
    await put(card, orders.parameters(1, parametersOf(2)));
    await put(card, orders.pinReset(2));
    await put(card, orders.keySwitch(3, KeyRef.credit));
    const { statement } = await getLogStatement(await card.open(desk));
    const { nt, runningHash } = statement;
    await put(card, orders.sync({ acknowledged: nt, runningHash, date: startTime + 5 }));
    await put(card, inAdvance, pos);
    expect(await stateOf(card)).to.equal(LifeCycle.blocked);
  });

  it('[M9] works after the order of a higher number and its unblock, if it is higher still', async () => {
    const card = await freshCard('active');
    const [low, high, higher] = [1, 5, 6].map((number) => card.orders.block(number)) as [
      OrderToPut,
      OrderToPut,
      OrderToPut,
    ];
    await put(card, high, pos);
    await put(card, card.orders.unblock(1, 5));
    for (const dead of [low, high]) await putRefused(card, dead, 'stale', pos);
    expect(await stateOf(card)).to.equal(LifeCycle.active);
    await put(card, higher, pos);
    expect(await stateOf(card)).to.equal(LifeCycle.blocked);
  });

  it('[R17] may come from anybody; the card proves to the issuer that it took it, and no terminal pays with it again', async () => {
    for (const bearer of [pos, kiosk, desk]) {
      const card = await freshCard('active');
      const session = await card.open(bearer);
      const answer = await putOrder(session, card.orders.block(3));
      if (answer.kind !== 'blocked') throw new Error(answer.kind);
      proveBlockStatement(session.card, answer.proof);
      expect(answer.proof.statement).to.deep.equal({ blockNumber: 3, nt: 2 });
      await refused(card.open(pos), 'blocked');
      await refused(card.open(kiosk), 'blocked');
      const proof = await getBlockStatement(await card.open(desk));
      expect(proof.statement).to.deep.equal(answer.proof.statement);
    }
  });

  it('[R17] [M9] a session that was open when it came cannot go on', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const session = await till.open(card);
    await putOrder(session, card.orders.block(1));
    await changingNothing(card, async () => {
      await till.pay(session, till.order(1_00n)).then(
        () => expect.fail('paid'),
        () => undefined,
      );
    });
  });
});

describe('An unblock order', () => {
  it('[R17] frees a blocked card, and nothing else does: not the PIN, not a PIN reset, not parameters, not SYNC', async () => {
    const card = await freshCard('blocked');
    const orders = await dueOrders(card);
    for (const other of ['parameters', 'pinReset', 'keySwitch', 'sync']) {
      const blocked = await freshCard('blocked');
      await put(blocked, orders[other] as OrderToPut);
      expect(await stateOf(blocked), other).to.equal(LifeCycle.blocked);
    }
    const freed = await freshCard('blocked');
    await put(freed, orders['unblock'] as OrderToPut);
    expect(await stateOf(freed)).to.equal(LifeCycle.active);
  });

  it('[R17] that names a lower number than the card was blocked with is refused', async () => {
    const card = await freshCard('active');
    await put(card, card.orders.block(4), pos);
    await putRefused(card, card.orders.unblock(1, 3), 'stale');
    expect(await stateOf(card)).to.equal(LifeCycle.blocked);
    await put(card, card.orders.unblock(1, 4));
    expect(await stateOf(card)).to.equal(LifeCycle.active);
  });

  it('that names a lower number than an earlier unblock is refused: dead block orders stay dead', async () => {
    const card = await freshCard('active');
    await put(card, card.orders.unblock(1, 9));
    await putRefused(card, card.orders.unblock(2, 8), 'stale');
    await putRefused(card, card.orders.block(9), 'stale', pos);
  });

  it('[R17] does not serve twice', async () => {
    const card = await freshCard('blocked');
    const unblock = card.orders.unblock(1, 1);
    await put(card, unblock);
    await put(card, card.orders.block(2), pos);
    await putRefused(card, unblock, 'stale');
    expect(await stateOf(card)).to.equal(LifeCycle.blocked);
  });
});

describe('An order of any kind', () => {
  let card: TestCard;
  let orders: Record<string, OrderToPut>;

  beforeEach(async () => {
    card = await freshCard('active');
    orders = await dueOrders(card);
  });

  function each(): [string, OrderToPut][] {
    return Object.entries(orders);
  }

  it('[R7] [M12] passed on by a POS is refused, but for a block order', async () => {
    for (const [name, order] of each()) if (name !== 'block') await putRefused(card, order, 'role', pos);
  });

  it('[R7] [M12] passed on by a kiosk is refused where it frees, ends or re-keys a card’s PIN', async () => {
    for (const name of ['unblock', 'pinReset', 'retire']) {
      await putRefused(card, orders[name] as OrderToPut, 'role', kiosk);
    }
  });

  it('[M3] [M9] for another card is refused, though the issuer signed it', async () => {
    const other = await dueOrders(await freshCard('active', 'two'));
    for (const [, order] of Object.entries(other)) await putRefused(card, order, 'signature');
  });

  it('[M9] of another scheme is refused, under the same key', async () => {
    for (const [, { type, body }] of each()) {
      const message = { scheme: schemeId + 1, cardId: card.cardId, type: type as OrderType, body };
      const signature = signOrder(message, authoritySigner('order'));
      await putRefused(card, { type, keyIndex: 0, body, signature }, 'signature');
    }
  });

  it('[M12] signed by any other key of the scheme, or by a terminal, is refused', async () => {
    const signers = [
      ...(['credit', 'cardCa', 'terminalCa', 'posCa'] as const).map((name) => authoritySigner(name)),
      authoritySigner('order', 2),
      desk.signer,
      signerFor('attacker'),
    ];
    for (const signer of signers) {
      for (const [, { type, body }] of each()) {
        const forged = new Orders(card.cardId).signed(type as OrderType, body, { signer });
        await putRefused(card, forged, 'signature');
      }
    }
  });

  it('[M9] under another type than it was signed for is refused', async () => {
    // Unblock and RETIRE, PIN reset and block have bodies of one length: without the type they would be one another.
    const { pinReset, retire, block } = orders as Record<'pinReset' | 'retire' | 'block', OrderToPut>;
    for (const from of [pinReset, retire, block]) {
      for (const { type } of [pinReset, retire, block]) {
        if (type !== from.type) await putRefused(card, { ...from, type }, 'signature');
      }
    }
  });

  it('[M10] with a counter that is not the next one is refused: none, the last, one too far', async () => {
    await put(card, card.orders.parameters(1, parametersOf(2)));
    for (const counter of [0, 1, 3, 0xffffffff]) {
      const late = [
        card.orders.parameters(counter, parametersOf(9)),
        card.orders.unblock(counter, 9),
        card.orders.pinReset(counter),
        card.orders.retire(counter),
        card.orders.keySwitch(counter, KeyRef.posCa),
      ];
      for (const order of late) await putRefused(card, order, 'stale');
    }
    expect((await readTotals(await card.open(desk))).orderCounter).to.equal(1);
  });

  it('[M7] is taken once', async () => {
    for (const [name, order] of each()) {
      if (name === 'retire' || name === 'block' || name === 'sync') continue;
      const once = await freshCard('active');
      await put(once, order);
      await putRefused(once, order, 'stale');
    }
  });

  it('[M7] a SYNC, which stands outside the counter, does nothing the second time', async () => {
    const session = await card.open(desk);
    await putOrder(session, orders['sync'] as OrderToPut);
    await changingNothing(card, () => putOrder(session, orders['sync'] as OrderToPut));
  });

  it('[M9] a block order taken again leaves the card as it is: blocked', async () => {
    await put(card, orders['block'] as OrderToPut, pos);
    const before = await readTotals(await card.open(desk));
    await put(card, orders['block'] as OrderToPut);
    expect(await readTotals(await card.open(desk))).to.deep.equal(before);
    expect(await stateOf(card)).to.equal(LifeCycle.blocked);
  });

  it('[M10] parameters are newer by their version as an unsigned number, and never go back', async () => {
    const versions = [0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff];
    for (const [i, version] of versions.entries()) {
      await put(card, card.orders.parameters(i + 1, parametersOf(version)));
      const due = i + 2;
      for (const old of versions.slice(0, i + 1)) {
        await putRefused(card, card.orders.parameters(due, parametersOf(old)), 'stale');
      }
    }
  });

  it('each kind is taken, when it is due, from a desk', async () => {
    for (const [name, order] of each()) {
      const taking = await freshCard('active');
      await put(taking, order);
      expect(await stateOf(taking), name).to.equal(
        name === 'retire' ? LifeCycle.retired : name === 'block' ? LifeCycle.blocked : LifeCycle.active,
      );
    }
  });
});

describe('A key of the card', () => {
  it('[R4] [R15] is switched to its one successor once; a second switch is refused', async () => {
    for (const ref of [KeyRef.terminalCa, KeyRef.posCa, KeyRef.credit]) {
      const card = await freshCard('active');
      await put(card, card.orders.keySwitch(1, ref));
      // After the CA of desks was switched, only a desk of the new CA could ask again.
      if (ref !== KeyRef.terminalCa) await putRefused(card, card.orders.keySwitch(2, ref), 'key');
    }
  });

  it('[R4] is switched by its own name only: no successor, no order key, no key that does not exist', async () => {
    const card = await freshCard('active');
    for (const ref of [
      KeyRef.terminalCaNext,
      KeyRef.posCaNext,
      KeyRef.creditNext,
      KeyRef.order,
      KeyRef.orderNext,
      8,
      0xff,
    ]) {
      const session = await card.open(desk);
      const order = card.orders.signed(OrderType.keySwitch, Uint8Array.of(0, 0, 0, 1, ref));
      await changingNothing(card, () => refused(putOrder(session, order), 'incorrectData', 'format'));
    }
  });

  it('[R7] [M12] of a CA that was switched certifies nobody any more, and pairs made under it are gone', async () => {
    const card = await freshCard('active');
    const till = new Till();
    await till.open(card);
    await put(card, card.orders.keySwitch(1, KeyRef.posCa));
    await refused(till.open(card), 'referenceNotFound');
    const renewed = new Till('one', {
      authority: { scheme: schemeId, authority: 0x50, version: 2 },
      ca: authoritySigner('posCa', 2),
    });
    await renewed.pay(await renewed.open(card), renewed.order(1_00n));
  });
});

describe('The order key', () => {
  it('[R4] [M12] gives way to its successor with the first valid order under that, for ever', async () => {
    const card = await freshCard('active');
    await put(card, card.orders.parameters(1, parametersOf(2), nextKey));
    for (const [, order] of Object.entries(await dueOrders(card))) await putRefused(card, order, 'key');
    await put(card, card.orders.block(1, nextKey), pos);
    expect(await stateOf(card)).to.equal(LifeCycle.blocked);
  });

  it('[R4] does not give way to an order that is refused', async () => {
    const card = await freshCard('active');
    await putRefused(card, card.orders.parameters(5, parametersOf(2), nextKey), 'stale');
    await putRefused(
      card,
      card.orders.parameters(1, parametersOf(2), { ...nextKey, signer: signerFor('attacker') }),
      'signature',
    );
    await putRefused(card, card.orders.retire(1, nextKey), 'role', kiosk);
    await put(card, card.orders.parameters(1, parametersOf(2)));
  });

  it('[R4] current signs nothing as the next one, and the next nothing as the current', async () => {
    const card = await freshCard('active');
    const { type, body, signature } = card.orders.block(1);
    await putRefused(card, { type, body, signature, keyIndex: 1 }, 'signature', pos);
    const next = card.orders.block(1, nextKey);
    await putRefused(card, { ...next, keyIndex: 0 }, 'signature', pos);
  });
});

describe('A PIN reset', () => {
  it('[R16] [M8] gives a new PIN and five tries; the old PIN is wrong from then on', async () => {
    const card = await freshCard('active');
    await put(card, card.orders.pinReset(1));
    const session = await card.open(kiosk);
    expect((await failing(verifyPin(session, holderPin), 'refused')).pinTriesLeft).to.equal(4);
    await verifyPin(session, '9753');
  });
});
