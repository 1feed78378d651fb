/** A genuine card whose certificate somebody exchanges on its way: all that a counterfeiter would have to get right is right, but for that. */
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { concat, u16 } from '../../../host/protocol/codec/bytes.js';
import type { CardCertificate } from '../../../host/protocol/certificates/card.js';
import { freshCard } from '../../helpers/cards.js';
import { tampered } from './conversation.js';
import { Till } from './till.js';

/** Nothing else that a card says is as long as its certificate. */
const longest = 200;

export async function counterfeit(certificate: (genuine: CardCertificate) => Uint8Array): Promise<CardChannel> {
  const card = await freshCard('active');
  const shown = certificate((await new Till('before').open(card)).card);
  return tampered(card, { answer: (answer) => (answer.length > longest ? concat(shown, u16(0x9000)) : answer) });
}
