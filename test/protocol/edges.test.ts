// The codecs at their edges: the longest, the shortest, the last that is taken and the first that is not.
import { expect } from 'chai';
import { encodeApdu, parseAnswer, parseApdu } from '../../host/protocol/channel/apdu.js';
import { T0Channel } from '../../host/protocol/channel/t0.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import {
  MoneyError,
  compare,
  formatAmount,
  least,
  money,
  moneyFromWire,
  moneyToWire,
  parseMoney,
  subtract,
  zero,
} from '../../host/protocol/codec/money.js';
import { formatTime, parseTime, systemClock } from '../../host/protocol/codec/time.js';
import { TlvError, TlvReader, tlv } from '../../host/protocol/codec/tlv.js';
import { unitByCode } from '../../host/protocol/codec/units.js';
import { euro, points } from '../helpers/scheme.js';

const eur = (cents: bigint) => money(cents, euro);

/** What it was refused as, and in which words. */
function refusal(act: () => unknown): { readonly code?: string; readonly message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof MoneyError || error instanceof TlvError) return { code: error.code, message: error.message };
    if (error instanceof RangeError) return { message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('Money at its edges', () => {
  it('is more, less or the same, and the least of several is found', () => {
    expect([compare(eur(2n), eur(1n)), compare(eur(1n), eur(2n)), compare(eur(2n), eur(2n))]).to.deep.equal([1, -1, 0]);
    expect(least(eur(3n), eur(1n), eur(2n)).amount).to.equal(1n);
    expect(least(eur(1n), eur(3n)).amount).to.equal(1n);
    expect(subtract(eur(3n), eur(5n)).amount).to.equal(-2n);
  });

  it('of nothing has no sign, and goes over the wire', () => {
    expect([formatAmount(zero(euro)), formatAmount(zero(points))]).to.deep.equal(['0.00', '0']);
    expect(moneyToWire(zero(euro))).to.equal(0);
  });

  it('is refused as too large only where it is an amount at all, and as below zero only where it begins so', () => {
    const long = '9'.repeat(50);
    expect([long, `${long}.55`].map((text) => refusal(() => parseMoney(text, euro)).code)).to.deep.equal([
      'too-large',
      'too-large',
    ]);
    expect(parseMoney(`${'9'.repeat(15)}.99`, euro).amount).to.equal(10n ** 17n - 1n);
    for (const text of [`x${long}`, `${long}x`, `${long}.`, '1-5', 'x-5', '1.5', '1.555'])
      expect(refusal(() => parseMoney(text, euro)).code, text).to.equal('format');
  });

  it('that is refused comes with an example in the unit, and a foreign unit with its code', () => {
    expect(refusal(() => parseMoney('x', euro)).message).to.include('like 3.50.');
    expect(refusal(() => parseMoney('x', points)).message).to.include('like 3.');
    expect(refusal(() => moneyFromWire(1, 0xabcd)).message).to.include('the unit ABCD');
    expect(refusal(() => unitByCode(0x0abc)).message).to.include('0ABC');
  });
});

describe('Objects (TLV) at their edges', () => {
  it('have 255 bytes at the most', () => {
    expect(new TlvReader(tlv(0x42, new Uint8Array(255))).value(0x42).length).to.equal(255);
    expect(refusal(() => tlv(0x42, new Uint8Array(256))).code).to.equal('length');
  });

  it('of 128 bytes are read in their long form, and of 127 refused in it', () => {
    expect(new TlvReader(fromHex(`428180${'00'.repeat(128)}`)).value(0x42).length).to.equal(128);
    expect(refusal(() => new TlvReader(fromHex(`42817f${'00'.repeat(127)}`)).value(0x42)).code).to.equal('length');
  });

  it('are taken with the length that was asked for, and refused with another', () => {
    expect(toHex(new TlvReader(fromHex('4203010203')).value(0x42, 3))).to.equal('010203');
    expect(refusal(() => new TlvReader(fromHex('4203010203')).value(0x42, 2)).code).to.equal('length');
  });

  it('are read inside each other, and have tags of one byte up to FF', () => {
    expect(toHex(new TlvReader(tlv(0xff, tlv(0x42, fromHex('07')))).inside(0xff).value(0x42))).to.equal('07');
    expect(toHex(tlv(0xff))).to.equal('ff00');
  });

  it('that are missing are named by their tag', () => {
    expect(refusal(() => new TlvReader(fromHex('4300')).value(0x0a)).message).to.include('object 0A');
  });
});

describe('Times at their edges', () => {
  it('are told by the system in seconds', () => {
    expect(systemClock()).to.be.within(Date.now() / 1000 - 2, Date.now() / 1000 + 2);
  });

  it('are the first and the last of 32 bits', () => {
    for (const time of [0, 0xffff_ffff]) expect(parseTime(formatTime(time))).to.equal(time);
  });

  it('are refused with anything before or behind them', () => {
    for (const text of [
      'x2026-11-22T05:11:22Z',
      '2026-11-22T05:11:22Zx',
      '1969-12-31T23:59:59Z',
      '2106-02-07T06:28:16Z',
    ])
      expect(refusal(() => parseTime(text)).message).to.include('is not a time');
  });
});

describe('T=0 at its edges', () => {
  it('passes an answer on that came at once, and a command with data and no Le as it is', async () => {
    const sent: string[] = [];
    const link = {
      transmit: (apdu: Uint8Array): Promise<Uint8Array> => {
        sent.push(toHex(apdu));
        return Promise.resolve(fromHex('01029000'));
      },
    };
    expect(toHex(await new T0Channel(link).transmit(fromHex('8454000002')))).to.equal('01029000');
    await new T0Channel(link).transmit(fromHex('8454000002aabb'));
    expect(sent).to.deep.equal(['8454000002', '8454000002aabb']);
  });
});

describe('APDUs at their edges', () => {
  const header = { cla: 0, ins: 1, p1: 2, p2: 3 };

  it('carry 255 bytes, and ask for one byte or 256', () => {
    expect(encodeApdu({ ...header, data: new Uint8Array(255) }).length).to.equal(260);
    const none = new Uint8Array(0);
    expect(toHex(encodeApdu({ ...header, data: none, le: 1 }))).to.equal('0001020301');
    expect(toHex(encodeApdu({ ...header, data: none, le: 256 }))).to.equal('0001020300');
    expect(toHex(encodeApdu({ ...header, data: none }))).to.equal('00010203');
  });

  it('are refused with less than a header, or no data where a length is told', () => {
    for (const hex of ['', '00', '0001', '000102', '000102030000'])
      expect(refusal(() => parseApdu(fromHex(hex))).message, hex).to.match(/APDU/);
  });

  it('are answered with 256 bytes and a status word at the most, and with a status word at least', () => {
    expect(parseAnswer(new Uint8Array(258)).data.length).to.equal(256);
    expect(parseAnswer(fromHex('9000'))).to.deep.equal({ data: new Uint8Array(0), sw: 0x9000 });
    for (const length of [0, 1, 259])
      expect(refusal(() => parseAnswer(new Uint8Array(length))).message).to.include('answer');
  });
});
