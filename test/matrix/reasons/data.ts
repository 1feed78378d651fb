/** What stops personalization data and PIN blocks. */
import { concat } from '../../../host/protocol/codec/bytes.js';
import { pinBlock } from '../../../host/protocol/codec/pin.js';
import { activate } from '../../../host/protocol/commands/activate.js';
import { exchange } from '../../../host/protocol/commands/exchange.js';
import { storeCardData, storeKey, storeParameters } from '../../../host/protocol/commands/store-data.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { DataGroup, KeyRef, Role } from '../../../host/protocol/generated/enums.js';
import { cardDataCodec, keyDataCodec, parametersCodec } from '../../../host/protocol/generated/structures.js';
import type { RawSession } from '../../../host/protocol/session/session.js';
import { freshCard } from '../../helpers/cards.js';
import { cardDataOf, firstParameters, holderPin, rawSession, storeEverything } from '../../helpers/personalize.js';
import { schemeKey, startTime } from '../../helpers/scheme.js';
import { desk, kiosk, prepared, scenario } from './scenario.js';
import type { Prepared, Scenario, Step } from './scenario.js';

type RawStep = (session: RawSession) => Promise<unknown>;

/** A raw card with everything on it but ACTIVATE, then other data, then what has to be refused. */
function full(change: RawStep, act: RawStep): () => Promise<Prepared> {
  return async () => {
    const card = await freshCard('raw', 'reasons');
    const session = await rawSession(card);
    await storeEverything(session, { cardId: card.cardId });
    await change(session);
    return { card, act: () => act(session) };
  };
}

function empty(act: RawStep): () => Promise<Prepared> {
  return async () => {
    const card = await freshCard('raw', 'reasons');
    const session = await rawSession(card);
    return { card, act: () => act(session) };
  };
}

const otherCard = { cardId: new Uint8Array(8).fill(7) };
const foreignKey = { ...schemeKey('credit'), keyId: { ...schemeKey('credit').keyId, scheme: 0x4551 } };

/** What is no PIN block, each for another reason. */
const badBlocks: readonly (readonly [string, Uint8Array])[] = [
  ['of another format', pinBlock('1234').fill(0x34, 0, 1)],
  ['of three digits', concat(Uint8Array.of(0x23, 0x12, 0x3f), new Uint8Array(5).fill(0xff))],
  ['of thirteen digits', concat(Uint8Array.of(0x2d), new Uint8Array(7).fill(0x11))],
  ['with a digit above nine', pinBlock('1234').fill(0xa1, 1, 2)],
  ['with another filler', pinBlock('1234').fill(0x00, 3)],
];

function verify(block: Uint8Array): Step {
  return ({ session }) => exchange(session, commands.VERIFY_PIN, { pin: { block } });
}

function change(newPin: Uint8Array): Step {
  return ({ session }) =>
    exchange(session, commands.CHANGE_PIN, { oldPin: { block: pinBlock(holderPin) }, newPin: { block: newPin } });
}

export const data: readonly Scenario[] = [
  prepared(
    'missing',
    'ACTIVATE of an empty card',
    empty((session) => activate(session)),
  ),
  prepared(
    'missing',
    'ACTIVATE with the certificate of another card [R4]',
    full(
      (session) => storeCardData(session, cardDataCodec.encode(cardDataOf(otherCard))),
      (session) => activate(session),
    ),
  ),
  prepared(
    'missing',
    'ACTIVATE with another expiry than the certificate’s',
    full(
      (session) => storeCardData(session, cardDataCodec.encode({ ...cardDataOf(otherCard), expiry: startTime + 1 })),
      (session) => activate(session),
    ),
  ),
  prepared(
    'missing',
    'ACTIVATE with a key of another scheme',
    full(
      (session) => storeKey(session, KeyRef.credit, keyDataCodec.encode(foreignKey)),
      (session) => activate(session),
    ),
  ),
  prepared(
    'format',
    'a key under the reference of another',
    empty((session) => storeKey(session, KeyRef.order, keyDataCodec.encode(schemeKey('credit')))),
  ),
  prepared(
    'format',
    'a POS CA that may make desks [R7]',
    empty((session) =>
      storeKey(session, KeyRef.posCa, keyDataCodec.encode({ ...schemeKey('posCa'), roles: Role.pos | Role.perso })),
    ),
  ),
  prepared(
    'format',
    'a card that expires when it is issued',
    empty((session) => storeCardData(session, cardDataCodec.encode({ ...cardDataOf(otherCard), expiry: startTime }))),
  ),
  prepared(
    'format',
    'parameters with more cancels than the card can keep',
    empty((session) =>
      storeParameters(session, parametersCodec.encode({ ...firstParameters, cancelsBetweenSyncs: 5 })),
    ),
  ),
  scenario(
    'lifeCycle',
    'STORE DATA on an active card [R4]',
    ({ session }) => exchange(session, commands.STORE_DATA, { data: pinBlock('1111') }, { p1: DataGroup.pin, p2: 0 }),
    { by: desk, sw: 'conditions' },
  ),
  ...badBlocks.map(([what, block]) => scenario('format', `VERIFY PIN ${what}`, verify(block))),
  ...badBlocks.map(([what, block]) => scenario('format', `CHANGE PIN to one ${what}`, change(block), { by: kiosk })),
];
