import { expect } from 'chai';
import {
  equalBytes,
  equalSecret,
  fromHex,
  readU16,
  readU32,
  readU64,
  toHex,
  u16,
  u32,
  u64,
} from '../../host/protocol/codec/bytes.js';
import { PinError, pinBlock } from '../../host/protocol/codec/pin.js';
import { formatTime, parseTime } from '../../host/protocol/codec/time.js';
import { TlvError, TlvReader, tlv } from '../../host/protocol/codec/tlv.js';
import { startTime } from '../helpers/scheme.js';

describe('numbers on the wire', () => {
  it('are big-endian', () => {
    expect(toHex(u16(0x0102))).to.equal('0102');
    expect(toHex(u32(0xfedc_ba98))).to.equal('fedcba98');
    expect(toHex(u64(0x0102_0304_0506_0708n))).to.equal('0102030405060708');
    expect(readU16(fromHex('000102'), 1)).to.equal(0x0102);
    expect(readU32(fromHex('fedcba98'))).to.equal(0xfedc_ba98);
    expect(readU64(fromHex('ffffffffffffffff'))).to.equal(2n ** 64n - 1n);
  });

  for (const value of [-1, 0.5, NaN, Infinity, 2 ** 32]) {
    it(`refuse ${value} as an unsigned 32-bit number`, () => {
      expect(() => u32(value)).to.throw(RangeError);
    });
  }

  it('refuse what is too large or cut short', () => {
    expect(() => u16(65_536)).to.throw(RangeError);
    expect(() => u64(1n << 64n)).to.throw(RangeError);
    expect(() => u64(-1n)).to.throw(RangeError);
    expect(() => readU32(fromHex('010203'))).to.throw(RangeError);
  });
});

describe('byte strings', () => {
  it('compare by every byte and by length', () => {
    for (const equal of [equalBytes, equalSecret]) {
      expect(equal(fromHex('0102'), fromHex('0102'))).to.equal(true);
      expect(equal(fromHex('0102'), fromHex('0103'))).to.equal(false);
      expect(equal(fromHex('0102'), fromHex('010200'))).to.equal(false);
      expect(equal(fromHex('00'), fromHex(''))).to.equal(false);
    }
  });

  it('are read from whole hexadecimal digits only', () => {
    for (const text of ['0', 'zz', '0x01', '01 02']) expect(() => fromHex(text)).to.throw();
  });
});

describe('time', () => {
  it('is written and read as UTC to the second', () => {
    expect(formatTime(startTime)).to.equal('2026-11-22T12:00:00Z');
    expect(parseTime('2026-11-22T12:00:00Z')).to.equal(startTime);
  });

  for (const text of [
    '2026-11-22',
    '2026-11-22T12:00:00',
    '2026-02-30T00:00:00Z',
    '2026-11-22T12:00:00.5Z',
    '1969-12-31T23:59:59Z',
    '2200-01-01T00:00:00Z',
  ]) {
    it(`refuses ${text}`, () => {
      expect(() => parseTime(text)).to.throw(RangeError);
    });
  }
});

describe('the PIN block', () => {
  it('is that of ISO 9564-1 format 2', () => {
    expect(toHex(pinBlock('1234'))).to.equal('241234ffffffffff');
    expect(toHex(pinBlock('12345'))).to.equal('2512345fffffffff');
    expect(toHex(pinBlock('123456789012'))).to.equal('2c123456789012ff');
  });

  for (const pin of ['', '123', '1234567890123', '12a4', '１２３４', ' 1234', '1234\n']) {
    it(`is not made from ${JSON.stringify(pin)}`, () => {
      expect(() => pinBlock(pin)).to.throw(PinError);
    });
  }

  it('never lets the PIN into an error message', () => {
    expect(() => pinBlock('987654321098765'))
      .to.throw(PinError)
      .with.property('message')
      .not.matches(/9876/);
  });
});

describe('data objects', () => {
  const reader = (hex: string): TlvReader => new TlvReader(fromHex(hex));
  const refuses = (action: () => unknown, code: string): void => {
    expect(action).to.throw(TlvError).with.property('code', code);
  };

  it('use the shortest length, of one byte up to 127 and two up to 255', () => {
    expect(toHex(tlv(0x53, new Uint8Array(1)))).to.equal('530100');
    expect(toHex(tlv(0x5f20, new Uint8Array(127)).slice(0, 3))).to.equal('5f207f');
    expect(toHex(tlv(0x53, new Uint8Array(128)).slice(0, 3))).to.equal('538180');
    refuses(() => tlv(0x53, new Uint8Array(256)), 'length');
  });

  it('are read in the order asked for', () => {
    const objects = reader('4201aa5f2002bbcc');
    expect(toHex(objects.value(0x42))).to.equal('aa');
    expect(toHex(objects.object(0x5f20))).to.equal('5f2002bbcc');
    objects.end();
  });

  it('refuse another tag, one that is missing, and the second byte of a tag alone', () => {
    refuses(() => reader('4301aa').value(0x42), 'tag');
    refuses(() => reader('').value(0x42), 'truncated');
    refuses(() => reader('5f2101aa').value(0x5f20), 'tag');
  });

  for (const [hex, code] of [
    ['42', 'truncated'],
    ['4202aa', 'truncated'],
    ['4281', 'truncated'],
    ['428101aa', 'length'],
    ['42817f', 'length'],
    ['4280', 'length'],
    ['42820001aa', 'length'],
    ['4284ffffffff', 'length'],
    ['42ff', 'length'],
  ] as const) {
    it(`refuse ${hex}: ${code}`, () => refuses(() => reader(hex).value(0x42), code));
  }

  it('refuse bytes after the end, inside an object and behind it', () => {
    refuses(() => reader('4201aa00').object(0x42) && endAfter('4201aa00'), 'trailing');
    refuses(() => reader('4202aabb').value(0x42, 1), 'length');
  });

  function endAfter(hex: string): void {
    const objects = reader(hex);
    objects.value(0x42);
    objects.end();
  }
});
