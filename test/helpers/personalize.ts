/** From a raw card to an active one of the test scheme, with the commands of the protocol library. */
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import type { Seconds } from '../../host/protocol/codec/time.js';
import { activate } from '../../host/protocol/commands/activate.js';
import { generateKeys } from '../../host/protocol/commands/generate-keys.js';
import { select } from '../../host/protocol/commands/select.js';
import {
  storeCardData,
  storeCertificate,
  storeKey,
  storeParameters,
  storePin,
} from '../../host/protocol/commands/store-data.js';
import type { CardPoints } from '../../host/protocol/commands/generate-keys.js';
import { cardDataCodec, parametersCodec } from '../../host/protocol/generated/structures.js';
import type { CardDataFields, ParametersFields } from '../../host/protocol/generated/structures.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import { openRawSession } from '../../host/protocol/session/raw.js';
import type { RawSession } from '../../host/protocol/session/session.js';
import { bytesFor } from './keys.js';
import { cardCertificate, cardKeys, cardLifetime, dollar, euro, points, schemeId, startTime } from './scheme.js';

/** The desk's key for raw cards. */
export const batchKey: Uint8Array = bytesFor('batch key', 16);

/** The holder's PIN of every card. */
export const holderPin = '2468';

/** Limits that leave room for what the tests do, and that can be reached in a few steps. */
export const firstParameters: ParametersFields = {
  version: 1,
  offlineCount: 28,
  cancelsBetweenSyncs: 4,
  slots: [
    {
      maxBalance: 500_00,
      maxTransaction: 80_00,
      pinlessSingle: 25_00,
      pinlessSum: 60_00,
      offlineSum: 250_00,
      pointsStep: 1_00,
    },
    {
      maxBalance: 300_00,
      maxTransaction: 50_00,
      pinlessSingle: 10_00,
      pinlessSum: 20_00,
      offlineSum: 100_00,
      pointsStep: 0,
    },
    { maxBalance: 1_000, maxTransaction: 500, pinlessSingle: 100, pinlessSum: 200, offlineSum: 400, pointsStep: 0 },
  ],
};

/** Purse slots. */
export const euroSlot = 0;
export const dollarSlot = 1;
export const pointsSlot = 2;

export interface CardToIssue {
  readonly cardId: Uint8Array;
  readonly expiry?: Seconds;
  readonly parameters?: ParametersFields;
  readonly pin?: string;
  /** Of a card that is none of the tests' own. */
  readonly batchKey?: Uint8Array;
}

/** The desk's session with a raw card. */
export async function rawSession(link: CardChannel, batch: Uint8Array = batchKey): Promise<RawSession> {
  const { serial } = await select(link);
  if (!serial) throw new Error('the card is not raw');
  return openRawSession(link, { keys: transportKeys(batch, serial), terminalId: bytesFor('desk of raw cards', 8) });
}

export function cardDataOf({ cardId, expiry = startTime + cardLifetime }: CardToIssue): CardDataFields {
  const units = [euro, dollar, points].map(({ code }) => ({ unit: code }));
  return { cardId, scheme: schemeId, keyVersion: 1, date: startTime, expiry, units };
}

export function certificateOf(card: CardToIssue, keys: CardPoints): Uint8Array {
  return cardCertificate({ cardId: card.cardId, ...keys, expiry: cardDataOf(card).expiry });
}

/** Every step of personalization but the last; the session is one of {@link rawSession}. Each may be repeated. */
export async function storeEverything(session: CardChannel, card: CardToIssue): Promise<void> {
  const keys = await generateKeys(session);
  await storeCardData(session, cardDataCodec.encode(cardDataOf(card)));
  for (const { ref, data } of cardKeys) await storeKey(session, ref, data);
  await storeCertificate(session, certificateOf(card, keys));
  await storeParameters(session, parametersCodec.encode(card.parameters ?? firstParameters));
  await storePin(session, card.pin ?? holderPin);
}

/** All of it. May be started again on a card that was cut on the way. */
export async function personalize(link: CardChannel, card: CardToIssue): Promise<void> {
  const session = await rawSession(link, card.batchKey);
  await storeEverything(session, card);
  await activate(session);
}
