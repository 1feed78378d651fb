import { expect } from 'chai';
import { encodeApdu, parseAnswer, parseApdu } from '../../host/protocol/channel/apdu.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { T0Channel } from '../../host/protocol/channel/t0.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';

/** Answers in turn, and keeps what was sent. */
class Scripted implements CardChannel {
  readonly sent: string[] = [];
  readonly #answers: string[];

  constructor(...answers: string[]) {
    this.#answers = answers;
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.sent.push(toHex(apdu));
    return Promise.resolve(fromHex(this.#answers.shift() ?? '6f00'));
  }
}

describe('a T=0 card', () => {
  it('gets no Le behind data, and is asked for its answer', async () => {
    const card = new Scripted('6104', '010203049000');
    expect(toHex(await new T0Channel(card).transmit(fromHex('8454000002aabb00')))).to.equal('010203049000');
    expect(card.sent).to.deep.equal(['8454000002aabb', '00c0000004']);
  });

  it('may give its answer in pieces; 6100 means 256 bytes', async () => {
    const long = 'ab'.repeat(250);
    const card = new Scripted('6100', `${long}6102`, '01029000');
    expect(toHex(await new T0Channel(card).transmit(fromHex('00a4040001f000')))).to.equal(`${long}01029000`);
    expect(card.sent).to.deep.equal(['00a4040001f0', '00c0000000', '00c0000002']);
  });

  for (const [what, apdu] of [
    ['without data or Le', '84460000'],
    ['with Le alone', '8446000010'],
  ] as const) {
    it(`gets a command ${what} as it is`, async () => {
      const card = new Scripted('9000');
      await new T0Channel(card).transmit(fromHex(apdu));
      expect(card.sent).to.deep.equal([apdu]);
    });
  }

  for (const sw of ['6c10', '6985', '9000', '6f00']) {
    it(`[M2] is sent nothing twice after ${sw}`, async () => {
      const card = new Scripted(sw, '9000');
      expect(toHex(await new T0Channel(card).transmit(fromHex('8454000002aabb00')))).to.equal(sw);
      expect(card.sent).to.have.length(1);
    });
  }

  it('that always has more is given up', async () => {
    const card = new Scripted(...Array.from({ length: 20 }, () => 'ff6101'));
    const error = await new T0Channel(card).transmit(fromHex('8454000002aabb00')).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(RangeError);
    expect(card.sent.length).to.be.below(8);
  });
});

describe('APDUs', () => {
  for (const hex of ['84460000', '8446000010', '8454000002aabb', '8454000002aabb00', '8454000002aabb10']) {
    it(`${hex} is taken apart and put together again`, () => {
      expect(toHex(encodeApdu(parseApdu(fromHex(hex))))).to.equal(hex);
    });
  }

  for (const hex of ['', '844600', '8454000003aabb', '8454000002aabb0000', '84540000000001aa']) {
    it(`"${hex}" is refused`, () => {
      expect(() => parseApdu(fromHex(hex))).to.throw(RangeError);
    });
  }

  it('with more than a short APDU holds are not made', () => {
    const header = { cla: 0, ins: 0, p1: 0, p2: 0 };
    expect(() => encodeApdu({ ...header, data: new Uint8Array(256) })).to.throw(RangeError);
    expect(() => encodeApdu({ ...header, data: new Uint8Array(0), le: 257 })).to.throw(RangeError);
    expect(() => encodeApdu({ ...header, data: new Uint8Array(0), le: 0 })).to.throw(RangeError);
  });

  it('of an answer need a status word and at most 256 bytes', () => {
    expect(parseAnswer(fromHex('aa9000'))).to.deep.equal({ data: fromHex('aa'), sw: 0x9000 });
    expect(() => parseAnswer(fromHex('90'))).to.throw(RangeError);
    expect(() => parseAnswer(new Uint8Array(259))).to.throw(RangeError);
  });
});
