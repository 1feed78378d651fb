// Worst cases: what gets too long is refused, and the figures of the design hold.
import { expect } from 'chai';
import { wireLengths } from '../../apdu-specs/generator/checks/lengths.js';
import { formSpans, pieceSpan } from '../../apdu-specs/generator/pieces.js';
import { isFixed, span } from '../../apdu-specs/generator/sizes.js';
import { expectRefused, type MutableSpec, named, spec } from './doctored.js';

function setParameter({ parameters }: MutableSpec, name: string, value: number): void {
  named(parameters.constants, name).value = value;
}

describe('A worst-case message is refused when', () => {
  it('a plain command has more than 255 bytes', () => {
    expectRefused(({ commands }) => {
      named(commands, 'OPEN_SESSION_FULL').request.unshift({ name: 'more', type: 'bytes', length: 104 });
    }, /OPEN_SESSION_FULL: the command may get 256 bytes long, at most 255 fit/);
  });
  it('a plain answer has more than 256 bytes', () => {
    expectRefused(({ commands }) => {
      named(commands, 'OPEN_SESSION_FULL').response.unshift({ name: 'more', type: 'u16' });
    }, /OPEN_SESSION_FULL: the answer may get 257 bytes long, at most 256 fit/);
  });
  it('a protected command leaves no room for its MAC', () => {
    expectRefused(({ commands }) => {
      named(commands, 'STORE_DATA').request.unshift({ name: 'more', type: 'u8' });
    }, /STORE_DATA: the plaintext may get 240 bytes long, at most 239 fit/);
    expectRefused((copy) => {
      setParameter(copy, 'protectedCommandMax', 248);
    }, /protectedCommandMax: 256 bytes with the MAC, at most 255 fit/);
  });
  it('a protected answer leaves no room for its status word and MAC', () => {
    expectRefused(({ commands }) => {
      named(commands, 'READ_LOG').response.unshift({ name: 'more', type: 'u8' });
    }, /READ_LOG: the plaintext of the answer may get 238 bytes long, at most 237 fit/);
    expectRefused((copy) => {
      setParameter(copy, 'protectedAnswerMax', 246);
    }, /protectedAnswerMax: 256 bytes with status and MAC, at most 255 fit/);
  });
  it('a message passes the budget of the design', () => {
    expectRefused(({ commands }) => {
      named(commands, 'DEBIT').request.push({ name: 'more', type: 'u32' });
    }, /DEBIT: command data may get 25 bytes long, the limit is 24/);
    expectRefused(({ commands }) => {
      named(commands, 'CONFIRM_SESSION').response.push({ name: 'more', type: 'u16' });
    }, /CONFIRM_SESSION: answer data may get 73 bytes long, the limit is 72/);
  });
  it('S1 passes its 53 bytes', () => {
    expectRefused(({ structures }) => {
      named(structures, 'openingAnswer').fields.push({ name: 'more', type: 'u8' });
    }, /structure openingAnswer may get 54 bytes long, the limit is 53/);
  });
  it('one form of a field does not fit it', () => {
    expectRefused(({ commands }) => {
      named(commands, 'CANCEL_LOAD').response[1] = {
        name: 'body',
        type: 'rest',
        max: 167,
        holds: [['statement', 'signature']],
      };
    }, /CANCEL_LOAD response\.body: statement \|\| signature may get 168 bytes long, at most 167 fit/);
    expectRefused(({ structures }) => {
      named(structures, 'headroom').fields.push({ name: 'more', type: 'u8' });
    }, /openingAnswer\.room: headroom is 13 bytes long, not 12/);
  });
  it('five records would have to fit one READ LOG', () => {
    expectRefused(({ commands }) => {
      named(commands, 'READ_LOG').response[0] = {
        name: 'body',
        type: 'rest',
        max: 237,
        holds: [Array<string>(5).fill('record')],
      };
    }, /READ_LOG response\.body: .* may get 275 bytes long/);
  });
  it('a certificate passes its parameter', () => {
    expectRefused((copy) => {
      setParameter(copy, 'certificateTerminalMax', 219);
    }, /terminal certificate may get 220 bytes long, the limit is 219/);
    expectRefused(
      ({ tlv }) => (named(tlv.tags, 'profile').length = 2),
      /card certificate may get 256 bytes long, the limit is 255/,
    );
    expectRefused(({ structures }) => {
      const limits = named(named(structures, 'terminalAuthorisation').fields, 'limits');
      if (limits.type === 'list' && limits.count === 'rest') limits.max = 7;
    }, /terminal certificate may get 24[4-9] bytes long/);
  });
});

describe('The figures of the design', () => {
  const longest = (structure: string): number => span(spec, named(spec.structures, structure).fields).max;
  const wire = (command: string): { command: number; answer: number } =>
    wireLengths(spec, named(spec.commands, command));

  it('a record has 55 bytes, with S3 at most 127', () => {
    expect(longest('record')).to.equal(55);
    expect(isFixed(spec, named(spec.structures, 'record').fields)).to.equal(true);
  });
  it('a statement has 96 bytes, S1 53, a block statement 8', () => {
    expect([longest('statement'), longest('openingAnswer'), longest('blockStatement')]).to.deep.equal([96, 53, 8]);
  });
  it('certificates: terminal at most 220, card at most 255 bytes', () => {
    expect(pieceSpan(spec, 'terminalCertificate').max).to.equal(220);
    expect(pieceSpan(spec, 'cardCertificate').max).to.equal(255);
  });
  it('DEBIT on the wire: at most 24 up, 104 down', () => {
    expect(wire('DEBIT')).to.deep.equal({ command: 21, answer: 93 });
  });
  it('CONFIRM SESSION on the wire: at most 24 up, 72 down', () => {
    expect(wire('CONFIRM_SESSION')).to.deep.equal({ command: 9, answer: 71 });
  });
  it('OPEN SESSION RESUMED: S1, status and MAC fit their 72 bytes', () => {
    const [, , protectedPart] = named(spec.commands, 'OPEN_SESSION_RESUMED').response;
    expect(
      protectedPart === undefined ? [] : formSpans(spec, protectedPart).map((form) => form.span.max),
    ).to.deep.equal([63, 10]);
  });
  it('no protected message passes 247 bytes', () => {
    const lengths = spec.commands.filter(({ protection }) => protection === 'protected').map(({ name }) => wire(name));
    expect(Math.max(...lengths.flatMap(({ command, answer }) => [command, answer]))).to.be.at.most(247);
  });
});
