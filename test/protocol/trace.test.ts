import { expect } from 'chai';
import { describeExchange } from '../../host/protocol/channel/describe.js';
import {
  RecordingChannel,
  ReplayChannel,
  ReplayError,
  formatRecording,
  parseRecording,
} from '../../host/protocol/channel/record-replay.js';
import { TraceChannel } from '../../host/protocol/channel/trace.js';
import type { TraceEvent } from '../../host/protocol/channel/trace.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat, fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { changePin } from '../../host/protocol/commands/change-pin.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { putPinReset } from '../../host/protocol/commands/put-order.js';
import { storeParameters, storePin } from '../../host/protocol/commands/store-data.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { money } from '../../host/protocol/codec/money.js';
import { OrderType } from '../../host/protocol/generated/enums.js';
import { bytesFor } from '../helpers/keys.js';
import { euro, startTime } from '../helpers/scheme.js';

const ok: CardChannel = { transmit: () => Promise.resolve(fromHex('9000')) };

async function traced(act: (channel: CardChannel) => Promise<unknown>, link = ok): Promise<TraceEvent> {
  const events: TraceEvent[] = [];
  await act(new TraceChannel(link, (event) => events.push(event), 'inside')).catch(() => undefined);
  expect(events).to.have.length(1);
  return events[0]!;
}

describe('a trace', () => {
  it('names the command and its fields', async () => {
    const { description } = await traced((card) =>
      debit(card, { slot: 0, amount: money(350n, euro), tn: 9, time: startTime }),
    );
    expect(description.command).to.equal('DEBIT');
    expect(description.header).to.equal('84540000');
    expect(description.request).to.deep.equal({ slot: '0', amount: '350', tn: '9', time: String(startTime) });
  });

  it('names status word and reason of a refusal', async () => {
    const link: CardChannel = { transmit: () => Promise.resolve(fromHex('0e6985')) };
    const { description } = await traced(
      (card) => debit(card, { slot: 0, amount: money(1n, euro), tn: 1, time: 1 }),
      link,
    );
    expect(description.answer).to.include({ sw: '6985', reason: 'balance', response: undefined });
  });

  const digits = '98765432';
  const order = {
    type: OrderType.pinReset,
    keyIndex: 0 as const,
    body: fromHex('00000007'),
    signature: bytesFor('signature', 70),
  };
  const secrets: readonly [string, (card: CardChannel) => Promise<unknown>][] = [
    ['VERIFY PIN', (card) => verifyPin(card, digits)],
    ['CHANGE PIN', (card) => changePin(card, digits, `1${digits}`)],
    ['STORE DATA', (card) => storePin(card, digits)],
    ['PUT ORDER', (card) => putPinReset(card, order, digits)],
  ];
  for (const [command, act] of secrets) {
    it(`[R9] never shows the PIN of ${command}`, async () => {
      const event = await traced(act);
      const text = JSON.stringify(event);
      expect(text).not.to.contain(digits);
      expect(text).to.contain('**');
      expect(event.description.request).not.to.equal(undefined);
    });
  }

  it('shows what is beside a PIN block, and personalization data that hold no PIN', async () => {
    expect((await traced((card) => putPinReset(card, order, digits))).description.data).to.match(
      /^00000007(\*\*){8}[0-9a-f]{140}$/,
    );
    const parameters = bytesFor('parameters', 76);
    expect((await traced((card) => storeParameters(card, parameters))).description.data).to.equal(toHex(parameters));
  });

  it('tells of commands without an answer, and of those nobody knows', async () => {
    const broken: CardChannel = { transmit: () => Promise.reject(new Error('pulled')) };
    expect((await traced((card) => card.transmit(fromHex('84540000')), broken)).description.answer).to.equal(undefined);
    expect(describeExchange(fromHex('00c0000010'), fromHex('9000')).command).to.equal(undefined);
  });

  it('never comes between terminal and card: a listener that fails costs no answer', async () => {
    const failing = new TraceChannel(
      ok,
      () => {
        throw new Error('the log is full');
      },
      'wire',
    );
    expect(toHex(await failing.transmit(fromHex('00a40400')))).to.equal('9000');
    expect(toHex(await new TraceChannel(ok, () => undefined, 'wire').transmit(fromHex('00')))).to.equal('9000');
  });

  it('of the wire does not decode what is encrypted', () => {
    const description = describeExchange(
      fromHex('845400001554db7c004f546328f6e2d15c51d5e3752917f8bd1d00'),
      fromHex('0062dbbf537873044338659000'),
      true,
    );
    expect(description).to.include({ command: 'DEBIT', request: undefined });
    expect(description.answer?.response).to.equal(undefined);
    const open = describeExchange(fromHex(`8050010019${'01'.repeat(25)}00`), fromHex('6a88'), true);
    expect(open.command).to.equal('OPEN_SESSION_RESUMED');
    expect(open.request).to.have.property('slot', '1');
  });
});

describe('a recording', () => {
  const exchanges = [
    { command: fromHex('00a40400'), answer: fromHex('6a82') },
    { command: fromHex('84540000'), answer: undefined },
  ];

  it('is made of what passed, and is read back from text', async () => {
    const answers = [fromHex('6a82')];
    const recorder = new RecordingChannel({
      transmit: () => (answers.length > 0 ? Promise.resolve(answers.shift()!) : Promise.reject(new Error('pulled'))),
    });
    for (const { command } of exchanges) await recorder.transmit(command).catch(() => undefined);
    expect(parseRecording(formatRecording(recorder.exchanges))).to.deep.equal(exchanges);
  });

  it('is played back once, in order, with its broken link', async () => {
    const replay = new ReplayChannel(exchanges);
    expect(toHex(await replay.transmit(fromHex('00a40400')))).to.equal('6a82');
    expect(replay.remaining).to.equal(1);
    const error = await replay.transmit(fromHex('84540000')).catch((e: unknown) => e);
    expect(error).not.to.be.instanceOf(ReplayError);
    expect(await replay.transmit(fromHex('84540000')).catch((e: unknown) => e)).to.be.instanceOf(ReplayError);
  });

  it('refuses a conversation that takes another turn, and names both commands', async () => {
    const error = await new ReplayChannel(exchanges).transmit(fromHex('00a40401')).catch((e: unknown) => e);
    expect(error)
      .to.be.instanceOf(ReplayError)
      .with.property('message')
      .that.contains('00a40400')
      .and.contains('00a40401');
  });

  for (const text of ['> 00a40400\n', '< 6a82\n> 00\n', '> 00a4\n? 6a82\n', '> zz\n< 6a82\n', '> 00a4\n< 6a8\n']) {
    it(`is not read from ${JSON.stringify(text)}`, () => {
      expect(() => parseRecording(text)).to.throw();
    });
  }

  it('keeps copies: changing a buffer later changes nothing', async () => {
    const answer = fromHex('9000');
    const recorder = new RecordingChannel({ transmit: () => Promise.resolve(answer) });
    await recorder.transmit(fromHex('00a40400'));
    answer.fill(0);
    expect(toHex(concat(recorder.exchanges[0]!.answer!))).to.equal('9000');
  });
});
