/** Two weeks of a small campus in the books of a real issuer: holders, shops, a cheat, a stolen card, and names that are meant to be code. */
import { day } from '../../host/protocol/codec/time.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { Outcome } from '../../host/protocol/generated/enums.js';
import { settle } from '../../host/issuer/jobs/settle.js';
import { addMerchant } from '../../host/issuer/service/merchants.js';
import { block } from '../../host/issuer/service/listing.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';

/** What somebody typed into the holder field of the desk. */
export const hostileName = '<img src=x onerror="document.title=\'taken over\'"> & "O\'Brien"';

const holders = ['Anna Lindqvist', 'Bela Nagy', 'Chidi Okafor', hostileName, 'Zoë Šimková', 'Dmitri Ivanov', ''];
const days = 13;

export interface Campus {
  readonly site: SoftIssuer;
  readonly cards: readonly SoftCard[];
  /** Holds a card that spent what was never on it: a case is open. */
  readonly forger: SoftCard;
  readonly stolen: SoftCard;
  /** Claims what it signed away: a case is open. */
  readonly liar: SoftPos;
}

export function idOf(card: SoftCard): string {
  return toHex(card.cardId);
}

/** @param site at any time: its clock ends at the machine's, so that what a browser calls today is today */
export async function liveTwoWeeks(site: SoftIssuer): Promise<Campus> {
  const end = Math.floor(Date.now() / 1000);
  site.clock.now = end - days * day;
  const quarter = { expiry: end + 70 * day };
  const [canteen, shop, liar] = [
    await site.pos(quarter),
    await site.pos({ expiry: end + 6 * day }),
    await site.pos(quarter),
  ];
  const cards: SoftCard[] = [];
  for (const holder of holders) {
    const card = await site.card(holder);
    await site.load(card, 0, 60_00);
    cards.push(card);
  }
  const forger = await site.card('Ferdinand Forger');
  await site.load(forger, 0, 10_00);
  for (let i = 0; i < days; i++) {
    await oneDay(site, canteen, cards, 1 + (i % 3));
    site.clock.advance(day);
  }
  site.clock.now = end - 3 * 3600;
  const clerk = { kind: 'operator', name: 'clerk' } as const;
  await addMerchant(site.issuer, clerk, canteen.merchant, { name: 'Campus Canteen', iban: 'DE89370400440532013000' });
  await settle(site.issuer);
  await site.card('Newcomer');
  await site.load(cards[1] ?? forger, 1, 20_00);
  await oneDay(site, shop, cards, 5);
  await cheat(site, canteen, forger);
  await lie(site, liar, cards[2] ?? forger);
  const stolen = cards[5] ?? forger;
  await block(site.issuer, idOf(stolen), 'reported stolen at the desk');
  await site.port.hotList(0);
  site.clock.now = end;
  return { site, cards, forger, stolen, liar };
}

async function oneDay(site: SoftIssuer, pos: SoftPos, cards: readonly SoftCard[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const card = cards[i % cards.length];
    if (card === undefined) continue;
    pos.sell(card, 0, 1_20 + i * 45);
    site.clock.advance(600);
  }
  await site.port.uploadBatch(pos.close());
}

/** Spends what was never loaded. */
async function cheat(site: SoftIssuer, pos: SoftPos, card: SoftCard): Promise<void> {
  card.books.balances[0] = 900_00;
  pos.sell(card, 0, 48_00);
  await site.port.uploadBatch(pos.close());
}

/** Claims a sale that its own signed order undid, as the card's log shows. */
async function lie(site: SoftIssuer, pos: SoftPos, card: SoftCard): Promise<void> {
  pos.sell(card, 0, 3_50);
  const { proof } = pos.undo(card);
  await site.synchronise(card);
  pos.note(Outcome.void, proof, { tn: pos.lastTn, ntSeen: card.nt - 1 });
  await site.port.uploadBatch(pos.close());
}
