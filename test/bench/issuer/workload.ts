/**
 * What the issuer is measured with: cards with keys, certificates and money of their own, shops whose regulars they are, and the
 * shops' signed batches, in which every S3 and every balance chain is sound.
 */
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { Authorisation, SignedBatch } from '../../../host/protocol/issuer/port.js';
import { logSize, purchaseReserve } from '../../../host/protocol/generated/parameters.js';
import { nativeSigner } from '../../../host/protocol/crypto/native.js';
import { SimulatedBank } from '../../../host/issuer/funding/simulated-bank.js';
import type { Store } from '../../../host/issuer/store/database.js';
import { privateKeyFor } from '../../helpers/keys.js';
import type { SoftCard } from '../../helpers/soft-card.js';
import { SoftIssuer, testPolicy } from '../../helpers/soft-issuer.js';
import { inFlight } from './in-flight.js';

export interface WorkloadSize {
  readonly cards: number;
  readonly shops: number;
  /** Of each card in each batch of its shop. */
  readonly visits: number;
  /** Of each shop. */
  readonly batches: number;
}

/** Requests that are open at the same time. */
export const concurrency = 8;

const funds = 450_00;

/** Everything allowed that this much money needs. */
const policy = { ...testPolicy, cardDaily: {}, holderDaily: {} };

/** Signs with OpenSSL, as an issuer's key file does. */
export function openSite(store: Store): Promise<SoftIssuer> {
  return SoftIssuer.open(store, policy, new SimulatedBank(), (name) => nativeSigner(privateKeyFor(`${name} 1`)));
}

export async function issueCards(site: SoftIssuer, count: number): Promise<SoftCard[]> {
  const cards: SoftCard[] = [];
  await inFlight(concurrency, count, async () => {
    cards.push(await site.card());
  });
  return cards;
}

/**
 * One load of each card.
 *
 * @param warmUp of the cards: until then the compiler is at work, and connections prepare their statements
 * @returns how the authorisations after the warm-up went; the credits that follow are not measured
 */
export async function fundCards(
  site: SoftIssuer,
  cards: readonly SoftCard[],
  warmUp = 0,
): Promise<{ readonly perSecond: number; readonly p99Ms: number }> {
  const kioskId = site.kiosk.certificate.terminalId;
  const logs = cards.map((card) => card.initLoad(LoadType.load, 0, funds, kioskId));
  const answers: Authorisation[] = [];
  const authorise = async (from: number, to: number): Promise<number[]> => {
    const took: number[] = [];
    await inFlight(concurrency, to - from, async (i) => {
      const log = logs[from + i];
      if (log === undefined) return;
      const start = performance.now();
      answers[from + i] = await site.port.authoriseLoad({ kioskId, log });
      took.push(performance.now() - start);
    });
    return took;
  };
  const first = Math.round(logs.length * warmUp);
  await authorise(0, first);
  const begin = performance.now();
  const took = await authorise(first, logs.length);
  const perSecond = (took.length / (performance.now() - begin)) * 1000;
  await creditCards(site, cards, answers);
  took.sort((a, b) => a - b);
  return { perSecond, p99Ms: took[Math.floor(took.length * 0.99)] ?? 0 };
}

async function creditCards(
  site: SoftIssuer,
  cards: readonly SoftCard[],
  answers: readonly Authorisation[],
): Promise<void> {
  await inFlight(concurrency, cards.length, async (i) => {
    const [card, answer] = [cards[i], answers[i]];
    if (card === undefined || answer?.status !== 'authorised') throw new Error(`a load was ${answer?.status}`);
    await site.port.loadCredited(card.credit(answer.authorisation, answer.signature));
  });
}

/** The batches of each shop, in order. */
export async function sellAll(
  site: SoftIssuer,
  cards: readonly SoftCard[],
  size: WorkloadSize,
): Promise<SignedBatch[][]> {
  const { shops, visits, batches } = size;
  if (visits * batches > logSize - purchaseReserve) throw new RangeError('more payments than a card can log');
  const days: SignedBatch[][] = [];
  for (let shop = 0; shop < shops; shop++) {
    const pos = await site.pos();
    const regulars = cards.filter((_, i) => i % shops === shop);
    const mine: SignedBatch[] = [];
    for (let day = 0; day < batches; day++) {
      for (let visit = 0; visit < visits; visit++)
        for (const [i, card] of regulars.entries()) pos.sell(card, 0, 1_00 + ((i + day + visit) % 1_000));
      mine.push(pos.close());
    }
    days.push(mine);
  }
  return days;
}

export function paymentsOf({ cards, visits, batches }: WorkloadSize): number {
  return cards * visits * batches;
}
