/** The terminal's end of secure messaging alone, against answers that are put together here (docs/protocol.md section 4). */
import { expect } from 'chai';
import { encodeApdu } from '../../host/protocol/channel/apdu.js';
import { SecureChannel } from '../../host/protocol/channel/secure.js';
import { concat, fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { cmac, ctr } from '../../host/protocol/crypto/aes.js';
import { protectedCommandMax } from '../../host/protocol/generated/parameters.js';
import { refusal } from './sessions.js';

const keys = { enc: new Uint8Array(16).fill(1), mac: new Uint8Array(16).fill(2) };
const chain = new Uint8Array(16).fill(3);
const answerTag = Uint8Array.of(0x52);

/** As the card protects the first answer of a session. @param plain data and status word */
function answer(plain: Uint8Array): Uint8Array {
  const cipher = ctr(keys.enc, concat(chain.slice(0, 15), Uint8Array.of(0)), plain);
  return concat(cipher, cmac(keys.mac, concat(chain, answerTag, cipher)).slice(0, 8));
}

const command = (length: number): Uint8Array =>
  encodeApdu({ cla: 0x84, ins: 0x40, p1: 0, p2: 0, data: new Uint8Array(length), le: 256 });

function channel(reply: (apdu: Uint8Array) => Uint8Array): { secure: SecureChannel; sent: Uint8Array[] } {
  const sent: Uint8Array[] = [];
  const transmit = (apdu: Uint8Array): Promise<Uint8Array> => {
    sent.push(apdu);
    return Promise.resolve().then(() => reply(apdu));
  };
  return { secure: new SecureChannel({ transmit }, keys, chain.slice()), sent };
}

describe('The secure channel of a terminal', () => {
  it('opens the answer that begins a session, and goes on', () => {
    const { secure } = channel(() => new Uint8Array(0));
    expect(secure.openAnswer(answer(fromHex('0102039000')))).to.deep.equal(fromHex('0102039000'));
    expect(secure.over).to.equal(false);
  });

  it('[M7] is over with an answer whose MAC is wrong, or that holds no status word though its MAC is right', () => {
    const flipped = answer(fromHex('9000'));
    flipped[3] = (flipped[3] ?? 0) ^ 1;
    for (const wrong of [flipped, answer(new Uint8Array(0)), answer(Uint8Array.of(0x90)), new Uint8Array(0)]) {
      const { secure } = channel(() => new Uint8Array(0));
      expect(secure.openAnswer(wrong), toHex(wrong)).to.equal(undefined);
      expect(secure.over).to.equal(true);
    }
  });

  it('[M7] is over, and says that nobody knows whether money moved, when an answer is not authentic', async () => {
    const { secure } = channel(() => concat(new Uint8Array(12), fromHex('9000')));
    const error = await refusal(secure.transmit(command(1)), 'lost');
    expect(error.moneyMoved).to.equal('unknown');
    expect(error.sw).to.equal(undefined);
    expect(error.message).to.include('not authentic');
    expect(secure.over).to.equal(true);
  });

  it('names the status word that came in clear, and what kept an answer from coming', async () => {
    const ended = await refusal(channel(() => fromHex('6a88')).secure.transmit(command(1)), 'lost');
    expect(ended.sw).to.equal(0x6a88);
    expect(ended.message).to.include('6A88');
    const pulled = new Error('pulled out');
    const broken = channel(() => {
      throw pulled;
    });
    const error = await refusal(broken.secure.transmit(command(1)), 'lost');
    expect(error.cause).to.equal(pulled);
    expect(error.sw).to.equal(undefined);
    expect(error.moneyMoved).to.equal('unknown');
  });

  it('sends as much as fits an APDU with its MAC, and refuses a byte more before anything is sent', async () => {
    const { secure, sent } = channel(() => fromHex('6985'));
    const error: unknown = await secure.transmit(command(protectedCommandMax + 1)).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RangeError);
    expect(sent).to.deep.equal([]);
    await refusal(secure.transmit(command(protectedCommandMax)), 'lost');
    expect(sent).to.have.length(1);
  });

  it('keeps keys and chain of its own, whatever becomes of those it was given', async () => {
    const given = { enc: keys.enc.slice(), mac: keys.mac.slice(), chain: chain.slice() };
    const sent: Uint8Array[] = [];
    const transmit = (apdu: Uint8Array): Promise<Uint8Array> => Promise.resolve((sent.push(apdu), fromHex('6985')));
    const secure = new SecureChannel({ transmit }, given, given.chain);
    for (const secret of Object.values(given)) secret.fill(0);
    const other = channel(() => fromHex('6985'));
    await refusal(secure.transmit(command(5)), 'lost');
    await refusal(other.secure.transmit(command(5)), 'lost');
    expect(sent.map(toHex)).to.deep.equal(other.sent.map(toHex));
  });
});
