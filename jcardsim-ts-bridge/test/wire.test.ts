import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaErrorNames } from '../src/errors.js';
import { FieldReader, FieldWriter } from '../src/fields.js';
import { insertionEnds } from '../src/insertion.js';
import { AnswerSplitter, encodeRequest, operations } from '../src/protocol.js';
import { counterNames } from '../src/reports.js';
import { packageFolder } from './support.js';

describe('the two halves of the bridge', () => {
  it('number their operations alike', () => {
    const java = enumNames('link/Operation.java', 'enum Operation {');
    expect(java.map(camelCase)).to.deep.equal([...operations]);
  });

  it('know the same error codes', () => {
    expect(new Set(enumNames('link/LinkException.java', 'enum Code {'))).to.deep.equal(new Set(javaErrorNames));
  });

  it('number the ends of a stay in a reader alike', () => {
    const java = enumNames('link/VpcdLink.java', 'enum End {').map((name) => name.toLowerCase().replace('_', '-'));
    expect(java).to.deep.equal(insertionEnds.slice(0, -1));
  });

  it('know the same counters and the same rules', () => {
    const counters = source('Counters.java').matchAll(/^ {4}[A-Z_]+\("(\w+)"\)/gm);
    expect([...counters].map((match) => match[1])).to.deep.equal([...counterNames]);
    const rules = [...readFileSync(join(packageFolder, 'src', 'spec.ts'), 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)];
    expect(rules.map((match) => match[1])).to.deep.equal(enumNames('Strictness.java', 'enum Strictness {'));
  });

  function source(name: string): string {
    return readFileSync(join(packageFolder, 'java/src/main/java/jcardsim/bridge', name), 'utf8');
  }

  function enumNames(file: string, head: string): string[] {
    const text = source(file);
    const body = text.slice(text.indexOf(head) + head.length).replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
    return (/^[\sA-Z_0-9,]+/.exec(body)?.[0] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  }

  function camelCase(name: string): string {
    return name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  }
});

describe('frames', () => {
  it('carry a request as length, id, operation, card and body', () => {
    const frame = encodeRequest(0x01020304, 'transmit', 5, Uint8Array.of(0xaa));
    expect(Buffer.from(frame).toString('hex')).to.equal('0000000a' + '01020304' + '07' + '00000005' + 'aa');
  });

  it('are found again however the stream was cut', () => {
    const stream = Buffer.from('00000006' + '00000001' + '00' + 'aa' + '00000005' + '00000002' + '01', 'hex');
    for (let cut = 0; cut <= stream.length; cut++) {
      const splitter = new AnswerSplitter();
      const frames = [...splitter.push(stream.subarray(0, cut)), ...splitter.push(stream.subarray(cut))];
      expect(frames).to.deep.equal([
        { id: 1, failed: false, body: Uint8Array.of(0xaa) },
        { id: 2, failed: true, body: new Uint8Array(0) },
      ]);
    }
  });

  it('shorter than their own header, and text, are refused', () => {
    expect(() => [...new AnswerSplitter().push(Buffer.from('0000000400000001', 'hex'))]).to.throw('standard output');
    expect(() => [...new AnswerSplitter().push(Buffer.from('hello'))]).to.throw('standard output');
  });

  it('give back every field that was written, and refuse one that is cut short or out of range', () => {
    const body = new FieldWriter().u8(7).u32(0xffff_fffe).flag(true).string('é').bytes(Uint8Array.of(1, 2)).finish();
    const in_ = new FieldReader(body);
    expect([in_.u8(), in_.u32(), in_.flag(), in_.string(), in_.bytes()]).to.deep.equal([
      7,
      0xffff_fffe,
      true,
      'é',
      Uint8Array.of(1, 2),
    ]);
    in_.done();
    expect(() => in_.u8()).to.throw('too early');
    expect(() => new FieldReader(body).done()).to.throw('too many');
    for (let length = 0; length < body.length; length++) {
      const short = new FieldReader(body.subarray(0, length));
      expect(() => [short.u8(), short.u32(), short.flag(), short.string(), short.bytes()]).to.throw('too early');
    }
    for (const value of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => new FieldWriter().u32(value)).to.throw('32-bit');
    expect(() => new FieldReader(new Uint8Array(8).fill(0xff)).u64()).to.throw('too large');
  });
});
