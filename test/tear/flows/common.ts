/** Beginnings and ends that many dialogues share. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { money } from '../../../host/protocol/codec/money.js';
import type { Money } from '../../../host/protocol/codec/money.js';
import { parseCardCertificate } from '../../../host/protocol/certificates/card.js';
import type { RecordWithProof } from '../../../host/protocol/commands/credit.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../../host/protocol/commands/debit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { openFull, present } from '../../helpers/wire.js';
import type { TotalsFields } from '../../../host/protocol/generated/structures.js';
import { proveRecord } from '../../../host/protocol/proofs/record.js';
import { verifyNative } from '../../../host/protocol/crypto/native.js';
import { select } from '../../../host/protocol/commands/select.js';
import type { CardState } from '../../helpers/cards.js';
import type { Authorisation } from '../../helpers/orders.js';
import { euroSlot, holderPin } from '../../helpers/personalize.js';
import { euro, startTime } from '../../helpers/scheme.js';
import { meet, stageOf, terminals } from '../stage.js';
import type { CardSource, Stage, TerminalName } from '../stage.js';

export const eur = (cents: bigint): Money => money(cents, euro);

/** NT of a card of the fixture: two loads. */
export const fundedNt = 2;
/** Counter of the load that comes next. */
export const nextLoad = 3;

export function orderOf(cents: bigint, tn: number): DebitOrder {
  return { slot: euroSlot, amount: eur(cents), tn, time: startTime };
}

/** A card that knows the four terminals. @param prepare what happens on it before the dialogue */
export function knownCard<Facts = undefined>(
  source: CardSource,
  prepare: (stage: Stage) => Promise<Facts> = () => Promise.resolve(undefined as Facts),
  state: CardState = 'active',
): () => Promise<Stage<Facts>> {
  return stageOf(source, async () => {
    const stage: Stage = { card: await source.take(state), pairs: {}, facts: undefined };
    for (const name of Object.keys(terminals) as TerminalName[]) await meet(stage.card, stage, name, true);
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
  return stage.card.orders.authorise(statement, startTime);
}

/** What the desk reads. */
export async function totalsOf(link: CardChannel, stage: Stage): Promise<TotalsFields> {
  return readTotals((await meet(link, stage, 'desk')).channel);
}

/** The balance of the euro slot, and another POS that takes a cent of it. */
export async function expectEuros(link: CardChannel, stage: Stage, cents: bigint): Promise<void> {
  const { channel, s1 } = await meet(link, stage, 'rival');
  expect(s1.balance.amount, 'balance').to.equal(cents);
  await debit(channel, orderOf(1n, 1));
}

/** S3 under the certificate the card shows in a full session [M4]. */
export async function expectProof(link: CardChannel, proof: RecordWithProof): Promise<void> {
  await select(link);
  const identity = terminals.desk;
  const { card } = await openFull(link, identity, await present(link, identity));
  proveRecord(parseCardCertificate(card.bytes), proof, 'the record', verifyNative);
}
