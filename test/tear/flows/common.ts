/** Beginnings and ends that many dialogues share. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { money } from '../../../host/protocol/codec/money.js';
import type { Money } from '../../../host/protocol/codec/money.js';
import type { RecordWithProof } from '../../../host/protocol/commands/credit.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../../host/protocol/commands/debit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { TotalsFields } from '../../../host/protocol/generated/structures.js';
import { proveRecord } from '../../../host/protocol/proofs/record.js';
import { verifyNative } from '../../../host/protocol/crypto/native.js';
import type { CardState } from '../../helpers/cards.js';
import type { Authorisation } from '../../helpers/orders.js';
import { euroSlot, holderPin } from '../../helpers/personalize.js';
import { euro, startTime } from '../../helpers/scheme.js';
import { authoriseWith, livedUntilNow, usualPast } from '../past.js';
import { meet, stageOf } from '../stage.js';
import type { CardSource, Lived, Stage } from '../stage.js';

export const eur = (cents: bigint): Money => money(cents, euro);

/** What the card was when the dialogue began. @throws Error for one that was raw */
export function livedOf({ lived }: Pick<Stage, 'lived'>): Lived {
  if (lived === undefined) throw new Error('a raw card has lived through nothing');
  return lived;
}

/** NT of the newest record then. */
export function lastNt(stage: Stage): number {
  return livedOf(stage).totals.nt;
}

/** Counter of the load that comes next. */
export function nextLoad(stage: Stage): number {
  return livedOf(stage).loadCounter + 1;
}

export function balanceBefore(stage: Stage, slot: number): number {
  return livedOf(stage).totals.balances[slot]?.balance ?? 0;
}

export function orderOf(cents: bigint, tn: number): DebitOrder {
  return { slot: euroSlot, amount: eur(cents), tn, time: startTime };
}

/** A card with its past, that knows the four terminals. @param prepare what happens on it besides, before the dialogue */
export function knownCard<Facts = undefined>(
  source: CardSource,
  prepare: (stage: Stage) => Promise<Facts> = () => Promise.resolve(undefined as Facts),
  state: CardState = 'active',
): () => Promise<Stage<Facts>> {
  return stageOf(source, async () => {
    const raw: Stage = { card: await source.take(state), pairs: {}, facts: undefined, lived: undefined };
    const keys = await (source.past ?? usualPast)(raw);
    for (const name of ['pos', 'rival', 'kiosk'] as const) await meet(raw.card, raw, name, true);
    const stage = { ...raw, lived: await livedUntilNow(raw, keys) };
    const facts = await prepare(stage);
    return { ...stage, facts };
  });
}

/** A load (or unload) of 5.00 that is pending, with its authorisation. */
export async function pendingLoad(stage: Stage, type: LoadType = LoadType.load): Promise<Authorisation> {
  const { channel } = await meet(stage.card, stage, 'kiosk');
  await verifyPin(channel, holderPin);
  const request = { type, slot: euroSlot, amount: eur(5_00n), time: startTime } as const;
  const { statement } = await initLoad(channel, request);
  return authoriseWith(livedOf(stage).keys, stage, statement);
}

/** What the desk reads. */
export async function totalsOf(link: CardChannel, stage: Stage): Promise<TotalsFields> {
  return readTotals((await meet(link, stage, 'desk')).channel);
}

/** By so many cents the euro slot has changed; and another POS can take one more of it. */
export async function expectEuros(link: CardChannel, stage: Stage, change: bigint): Promise<void> {
  const { channel, s1 } = await meet(link, stage, 'rival');
  expect(s1.balance.amount, 'balance').to.equal(BigInt(balanceBefore(stage, euroSlot)) + change);
  await debit(channel, orderOf(1n, 1));
}

/** S3 under the certificate that the card shows in a full session [M4]. */
export function expectProof(stage: Stage, proof: RecordWithProof): void {
  proveRecord(livedOf(stage).certificate, proof, 'the record', verifyNative);
}
