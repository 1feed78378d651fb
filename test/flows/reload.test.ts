/** The reload flow as a pure function: what a visit does with a load that an earlier one left on the card. */
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import { LoadState, LoadType } from '../../host/protocol/generated/enums.js';
import { creditAuthorisationCodec } from '../../host/protocol/generated/structures.js';
import { begin, step } from '../../host/reload/flow.js';
import type { ReloadContext, ReloadEffect, ReloadEvent, ReloadTask } from '../../host/reload/types.js';
import { euro, scheme, startTime } from '../helpers/scheme.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { openingAnswer } from '../helpers/opening-answer.js';

const cardId = bytesFor('card of the flow', 8);
const card = { cardId, keyVersion: 1, signPoint: signerFor('card of the flow').point, expiry: startTime + 1_000_000 };
const context: ReloadContext = { scheme: scheme.id, kioskId: bytesFor('kiosk of the flow', 8), units: scheme.units };
const load = { counter: 3, state: LoadState.pending, type: LoadType.load, slot: 0, amount: 20_00n } as const;
const s1 = openingAnswer(cardId, { load });
const authorisation = creditAuthorisationCodec.encode({
  ...load,
  scheme: scheme.id,
  cardId,
  random: new Uint8Array(8),
  unit: euro.code,
  amount: 20_00,
  acknowledged: 0,
  runningHash: new Uint8Array(32),
  date: startTime,
});

/** What the kiosk does about the pending load, once the issuer has said that the bank paid for it. */
function afterAuthorisation(task: ReloadTask, now: number, answer = s1): readonly ReloadEffect[] {
  const events: ReloadEvent[] = [
    { on: 'open', card, s1: answer, full: false },
    { on: 'consult' },
    {
      on: 'issuer',
      call: 'loadStatus',
      answer: { status: 'authorised', authorisation, signature: new Uint8Array(70) },
    },
  ];
  let { state, effects } = begin(context, task);
  for (const event of events) ({ state, effects } = step(state, event, now));
  return effects;
}

describe('The reload flow', () => {
  const wishes: Record<string, ReloadTask> = {
    'the same load again': { task: 'load', type: LoadType.load, slot: 0, amount: money(20_00n, euro) },
    'another load': { task: 'load', type: LoadType.load, slot: 0, amount: money(5_00n, euro) },
    'his balance': { task: 'balance' },
    nothing: { task: 'visit' },
  };
  for (const [name, task] of Object.entries(wishes)) {
    it(`gives up a load that waits on a card that expired meanwhile, where the holder wants ${name} [R8]`, () => {
      for (const [now, answer] of [
        [card.expiry, s1],
        [startTime, { ...s1, expired: true }],
      ] as const)
        expect(afterAuthorisation(task, now, answer)).to.deep.equal([{ do: 'cancel-load', counter: 3 }]);
    });

    it(`finishes it to the last second of the card, where the holder wants ${name} [M3]`, () => {
      expect(afterAuthorisation(task, card.expiry - 1).at(-1)).to.deep.include({ do: 'credit' });
    });
  }
});
