/** Whoever waits for a number to come twice: a nonce, a signature's r, a key; from one card to another, and after a card was copied or restarted. */
import { expect } from 'chai';
import type { Bridge } from 'jcardsim-ts-bridge';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { getRecord } from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { ownBridge, purseSpec } from '../helpers/bridge.js';
import { TestCard, load } from '../helpers/cards.js';
import { holderPin, personalize } from '../helpers/personalize.js';
import { MemoryPairs, euro, startTime, terminal } from '../helpers/scheme.js';
import { openResumedData, apdu, present } from '../helpers/wire.js';
import { rOf } from './support/bad-signatures.js';
import { dissect } from './support/dissection.js';
import { Till } from './support/till.js';

const kiosk = terminal(Role.load);
const amount = money(1_00n, euro);

/** A card whose randomness is the operating system's, as that of a real one is its own. */
async function unseeded(bridge: Bridge, name: string, image?: Uint8Array): Promise<TestCard> {
  const { seed: _, ...spec } = purseSpec(name);
  const card = image ? await bridge.openCard({ image }, spec) : await bridge.createCard(spec);
  await card.powerOn();
  return new TestCard(name, card);
}

async function issued(bridge: Bridge, name: string): Promise<TestCard> {
  const card = await unseeded(bridge, name);
  await personalize(card, { cardId: card.cardId });
  await load(await card.open(kiosk), card.orders, 0, 50_00n);
  return card;
}

/** Numbers that a card drew: nonces of both forms of OPEN, the pair name, r of signatures over one and the same record. */
async function drawn(card: TestCard): Promise<string[]> {
  const till = new Till();
  await select(card);
  const nonce = await present(card, kiosk);
  const pairs = new MemoryPairs();
  const session = await card.open(kiosk, { pairs });
  const proofs = [await getRecord(session, 1), await getRecord(session, 1), await getRecord(session, 1)];
  await till.open(card);
  await select(card);
  const resumed = await card.transmit(
    apdu(classes.plain, commands.OPEN_SESSION_RESUMED.ins, 1, 0, openResumedData(till.identity.certificate.terminalId)),
  );
  return [toHex(nonce), ...proofs.map(({ s3 }) => rOf(s3)), toHex(resumed.slice(0, 8)), toHex(resumed.slice(8, 24))];
}

function twice(numbers: readonly string[]): string[] {
  return numbers.filter((number, i) => numbers.indexOf(number) !== i);
}

describe('A number that a card drew', function () {
  this.timeout(60_000);
  this.slow(5000);
  const bridges: Bridge[] = [];
  let cards: readonly TestCard[];

  async function coldBridge(): Promise<Bridge> {
    const bridge = await ownBridge({});
    bridges.push(bridge);
    return bridge;
  }

  before(async () => {
    const bridge = await coldBridge();
    cards = [await issued(bridge, 'one'), await issued(bridge, 'two')];
  });
  after(() => Promise.all(bridges.map((bridge) => bridge.close())));

  it('[R12] never comes again, neither on that card nor on another, nor after power-off', async () => {
    const numbers: string[] = [];
    for (const card of cards) {
      numbers.push(...(await drawn(card)));
      await card.card.powerOff();
      await card.card.powerOn();
      numbers.push(...(await drawn(card)));
    }
    expect(twice(numbers)).to.deep.equal([]);
  });

  it('[R12] never comes again when the same card starts from the same image in another process', async () => {
    const image = await cards[0]!.card.image();
    const bridge = await coldBridge();
    const numbers = await drawn(cards[0]!);
    for (let i = 0; i < 2; i++) numbers.push(...(await drawn(await unseeded(bridge, 'one', image))));
    expect(twice(numbers)).to.deep.equal([]);
  });

  it('[R5] [R15] makes each card keys of its own: to sign, to agree, and for each terminal', async () => {
    const secrets: string[] = [];
    for (const card of cards) {
      const { signKey, agreeKey, pairs } = await dissect(card);
      secrets.push(toHex(signKey), toHex(agreeKey), ...pairs.flatMap(({ enc, mac }) => [toHex(enc), toHex(mac)]));
    }
    expect(secrets).to.have.length.above(7);
    expect(twice(secrets)).to.deep.equal([]);
    for (const secret of secrets) expect(secret).to.not.match(/^0*$/);
  });

  it('[R12] [M3] gives every load another random, so that one authorisation fits one load', async () => {
    const [card] = cards;
    const session = await card!.open(kiosk);
    const randoms: string[] = [];
    for (let i = 0; i < 8; i++) {
      await verifyPin(session, holderPin);
      const { statement } = await initLoad(session, { type: LoadType.load, slot: 0, amount, time: startTime });
      randoms.push(toHex(statement.register.random));
      await cancelLoad(session, statement.register.counter);
    }
    expect(twice(randoms)).to.deep.equal([]);
  });
});
