/** How many APDUs a meeting costs, whom a card remembers, and that a conversation can be played back. */
import { expect } from 'chai';
import {
  RecordingChannel,
  ReplayChannel,
  formatRecording,
  parseRecording,
} from '../../host/protocol/channel/record-replay.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import { day } from '../../host/protocol/codec/time.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { select } from '../../host/protocol/commands/select.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { pairSlots } from '../../host/protocol/generated/parameters.js';
import { openSession } from '../../host/protocol/session/open.js';
import { freshCard, openWith } from '../helpers/cards.js';
import { repeatableRandom } from '../helpers/keys.js';
import { MemoryPairs, euro, scheme, startTime, terminal } from '../helpers/scheme.js';

const pos = terminal(Role.pos);

async function pay(card: CardChannel, pairs: MemoryPairs, tn: number): Promise<void> {
  const session = await openWith(card, pos, { pairs });
  await debit(session, { slot: 0, amount: money(1_00n, euro), tn, time: startTime });
}

describe('A payment', () => {
  it('takes six APDUs at the first meeting, three at every other', async () => {
    const card = await freshCard();
    const pairs = new MemoryPairs();
    for (const [tn, expected] of [
      [1, 6],
      [2, 3],
      [3, 3],
    ] as const) {
      const recorder = new RecordingChannel(card);
      await pay(recorder, pairs, tn);
      expect(recorder.exchanges).to.have.length(expected);
    }
  });
});

describe('A card', () => {
  it('remembers the last eight terminals it met, each of them once', async () => {
    const card = await freshCard();
    const terminals = Array.from({ length: pairSlots + 1 }, (_, i) => ({
      identity: terminal(Role.pos, `number ${i}`),
      pairs: new MemoryPairs(),
    }));
    for (const { identity, pairs } of terminals) await card.open(identity, { pairs });
    const [first, ...others] = terminals;
    for (const { identity, pairs } of others) expect((await card.open(identity, { pairs })).kind).to.equal('resumed');
    expect((await card.open(first!.identity, { pairs: first!.pairs })).kind).to.equal('full');
    expect((await card.open(others[1]!.identity, { pairs: others[1]!.pairs })).kind).to.equal('resumed');
  });

  it('is shown a renewed certificate at the next meeting, and never holds the terminal to the date of the old', async () => {
    const card = await freshCard();
    const pairs = new MemoryPairs();
    const { certificate } = pos;
    await card.open(pos, { pairs });
    const renewed = terminal(Role.pos, 'one', {
      effective: certificate.expiry - day,
      expiry: certificate.expiry + 30 * day,
    });
    const time = certificate.expiry + day;
    const session = await card.open(renewed, { pairs });
    expect(session.kind).to.equal('full');
    await debit(session, { slot: 0, amount: money(1_00n, euro), tn: 1, time });
    expect((await card.open(renewed, { pairs })).kind).to.equal('resumed');
  });

  it('[M7] is not made to forget a terminal by certificates that are shown and not confirmed', async () => {
    const card = await freshCard();
    const pairs = new MemoryPairs();
    await card.open(pos, { pairs });
    for (let i = 0; i <= pairSlots; i++) {
      const stranger = terminal(Role.pos, `stranger ${i}`);
      const admit = (): void => {
        throw new Error('not today');
      };
      await select(card);
      const options = { scheme, identity: stranger, pairs: new MemoryPairs(), slot: 0, clock: () => startTime, admit };
      await openSession(card, options).catch(() => undefined);
    }
    expect((await card.open(pos, { pairs })).kind).to.equal('resumed');
  });
});

describe('A conversation with a card', () => {
  it('is the same again when both sides repeat their random numbers, and can be played back without the card', async () => {
    const recordings: string[] = [];
    for (let run = 0; run < 2; run++) {
      const recorder = new RecordingChannel(await freshCard('active', 'repeatable'));
      await converse(recorder);
      recordings.push(formatRecording(recorder.exchanges));
    }
    expect(recordings[1]).to.equal(recordings[0]);
    const replay = new ReplayChannel(parseRecording(recordings[0]!));
    await converse(replay);
    expect(replay.remaining).to.equal(0);
  });

  it('[R11] played back to a terminal with other random numbers gets nowhere', async () => {
    const recorder = new RecordingChannel(await freshCard('active', 'repeatable'));
    await converse(recorder);
    const error = await converse(new ReplayChannel(recorder.exchanges), 'other').catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'lost');
  });

  it('[R15] with another card, under the same random numbers, has no answer in common', async () => {
    const answers = await Promise.all(
      ['repeatable', 'another'].map(async (name) => {
        const recorder = new RecordingChannel(await freshCard('active', name));
        await converse(recorder);
        return recorder.exchanges.slice(2).map(({ answer }) => toHex(answer!));
      }),
    );
    for (const answer of answers[0]!) expect(answers[1]).not.to.include(answer);
  });
});

async function converse(card: CardChannel, label = 'terminal'): Promise<void> {
  await select(card);
  const random = repeatableRandom(label);
  const session = await openSession(card, { scheme, identity: pos, slot: 0, clock: () => startTime, random });
  await debit(session, { slot: 0, amount: money(1_00n, euro), tn: 1, time: startTime });
}
