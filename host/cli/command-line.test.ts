import { expect } from 'chai';
import { ReaderError } from '../readers/reader.js';
import { Failure, exitCodes, moneySentence } from '../terminal/outcome.js';
import { asFailure } from './command-line.js';
import { jdkFinding, nodeFinding } from './doctor/system.js';
import { listensEverywhere } from './doctor/readers.js';
import { firstWord } from './groups.js';
import { Output } from './output.js';

function captured(json: boolean): { output: Output; lines: string[]; errors: string[] } {
  const lines: string[] = [];
  const errors: string[] = [];
  const output = new Output(json, { write: (text) => lines.push(text) }, { write: (text) => errors.push(text) });
  return { output, lines, errors };
}

describe('The command line', () => {
  it('finds the command behind global options and their values', () => {
    expect(firstWord(['--reader', 'sim:alice', '--json', 'pos', 'pay'])).to.equal('pos');
    expect(firstWord(['--reader=sim:alice', 'pos'])).to.equal('pos');
    expect(firstWord(['--json'])).to.equal(undefined);
    expect(firstWord(['--home'])).to.equal(undefined);
  });

  it('ends --json output with the refusal, its code and whether money moved', () => {
    const { output, lines, errors } = captured(true);
    output.failed('payment', new Failure('wrong-card', 'This is another card.'));
    expect(lines).to.deep.equal([
      '{"event":"payment","ok":false,"code":"wrong-card","moneyMoved":"no","message":"This is another card.","next":"Nothing was changed. Mend what was named, and call it again."}\n',
    ]);
    expect(errors).to.deep.equal([]);
  });

  it('tells a person what happened, whether money moved and what to do next, and writes no JSON', () => {
    const { output, lines, errors } = captured(false);
    output.failed('payment', new Failure('outcome-unknown', 'The card was pulled.', { next: 'Put it back.' }));
    expect(lines).to.deep.equal([]);
    expect(errors.join('')).to.contain(`The card was pulled. ${moneySentence('unknown')}\n  Put it back.\n`);
  });

  it('never leaves anybody without a next step', () => {
    for (const code of ['usage', 'issuer-refused', 'defect', 'outcome-unknown'] as const)
      expect(new Failure(code, 'No.').next).to.match(/^\S.{20,}\.$/);
  });

  it('gives every kind of failure its exit code', () => {
    expect(new Failure('wrong-card', '').exitCode).to.equal(1);
    expect(new Failure('amount-malformed', '').exitCode).to.equal(2);
    expect(new Failure('outcome-unknown', '').exitCode).to.equal(3);
    expect(new Failure('no-reader', '').exitCode).to.equal(4);
    expect(exitCodes.done).to.equal(0);
  });

  it('never claims that nothing moved when a command that moves money breaks off', () => {
    const failure = asFailure(new TypeError('x is undefined'), { movesMoney: true });
    expect([failure.code, failure.moneyMoved, failure.exitCode]).to.deep.equal(['outcome-unknown', 'unknown', 3]);
    expect(asFailure(new TypeError('x is undefined')).moneyMoved).to.equal('no');
  });

  it('tells a reader that was never reached from a card that was pulled while money could move', () => {
    const noReader = asFailure(new ReaderError('no-reader', 'There is no card reader.'), { movesMoney: true });
    expect([noReader.code, noReader.exitCode, noReader.moneyMoved]).to.deep.equal(['no-reader', 4, 'no']);
    const pulled = asFailure(new ReaderError('card-removed', 'The card is gone.'), { movesMoney: true });
    expect([pulled.exitCode, pulled.moneyMoved]).to.deep.equal([3, 'unknown']);
    expect(asFailure(new ReaderError('card-removed', 'The card is gone.')).moneyMoved).to.equal('no');
    const unfit = asFailure(new ReaderError('image-unfit', 'The image is damaged.'), { movesMoney: true });
    expect([unfit.code, unfit.exitCode, unfit.moneyMoved]).to.deep.equal(['card-unfit', 1, 'no']);
    expect(asFailure(new ReaderError('ambiguous', 'Several fit.')).exitCode).to.equal(1);
  });
});

describe('An error of the system', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });

  it('is told in words, and is no defect of the program', () => {
    const failure = asFailure(full);
    expect([failure.code, failure.exitCode, failure.message]).to.deep.equal(['disk-full', 4, 'The disk is full.']);
  });

  it('leaves open what happened where money could move', () => {
    const failure = asFailure(full, { movesMoney: true });
    expect([failure.code, failure.exitCode]).to.deep.equal(['outcome-unknown', 3]);
    expect(failure.message).to.equal('The command broke off: The disk is full.');
  });
});

describe('The doctor', () => {
  it('refuses Node older than 20.19', () => {
    expect(nodeFinding('18.20.4').state).to.equal('wrong');
    expect(nodeFinding('20.18.9').state).to.equal('wrong');
    expect(nodeFinding('20.19.0').state).to.equal('fine');
    expect(nodeFinding('22.0.0').state).to.equal('fine');
  });

  it('refuses a JDK older than 17 and a machine without one', () => {
    expect(jdkFinding('javac 11.0.20').state).to.equal('wrong');
    expect(jdkFinding('javac 1.8.0_392').state).to.equal('wrong');
    expect(jdkFinding(undefined).state).to.equal('wrong');
    expect(jdkFinding('javac 21.0.5').state).to.equal('fine');
  });

  it('tells a port open to every interface from one on the loopback', () => {
    const line = (address: string, state: string): string =>
      `   0: ${address}:8C7B 00000000:0000 ${state} 00000000:00000000`;
    expect(listensEverywhere(line('00000000', '0A'), 35963)).to.equal(true);
    expect(listensEverywhere(line('0'.repeat(32), '0A'), 35963)).to.equal(true);
    expect(listensEverywhere(line('0100007F', '0A'), 35963)).to.equal(false);
    expect(listensEverywhere(line('00000000', '01'), 35963)).to.equal(false);
    expect(listensEverywhere(line('00000000', '0A'), 35964)).to.equal(false);
  });
});
