/** STORE DATA: personalization data of a raw card, one group an APDU. Each may be sent again while the card is raw. */
import type { CardChannel } from '../channel/channel.js';
import { pinBlock } from '../codec/pin.js';
import { commands } from '../generated/commands.js';
import { DataGroup } from '../generated/enums.js';
import type { KeyRef } from '../generated/enums.js';
import { certificateBlock } from '../generated/parameters.js';
import { exchange } from './exchange.js';

/** @param cardData structure `cardData` @throws CardError refused, lost */
export async function storeCardData(session: CardChannel, cardData: Uint8Array): Promise<void> {
  await storeData(session, DataGroup.cardData, 0, cardData);
}

/** @param keyData structure `keyData` @throws CardError refused, lost */
export async function storeKey(session: CardChannel, ref: KeyRef, keyData: Uint8Array): Promise<void> {
  await storeData(session, DataGroup.key, ref, keyData);
}

/** In blocks of 128 bytes; the last may be shorter. @param certificate at most 255 bytes @throws CardError refused, lost */
export async function storeCertificate(session: CardChannel, certificate: Uint8Array): Promise<void> {
  for (let block = 0; block * certificateBlock < certificate.length; block++) {
    const data = certificate.slice(block * certificateBlock, (block + 1) * certificateBlock);
    await storeData(session, DataGroup.certificate, block, data);
  }
}

/** @param parameters structure `parameters` @throws CardError refused, lost */
export async function storeParameters(session: CardChannel, parameters: Uint8Array): Promise<void> {
  await storeData(session, DataGroup.parameters, 0, parameters);
}

/** @throws PinError for what is no PIN; CardError refused, lost */
export async function storePin(session: CardChannel, pin: string): Promise<void> {
  await storeData(session, DataGroup.pin, 0, pinBlock(pin));
}

async function storeData(session: CardChannel, p1: DataGroup, p2: number, data: Uint8Array): Promise<void> {
  await exchange(session, commands.STORE_DATA, { data }, { p1, p2 });
}
