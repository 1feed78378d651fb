import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { Keyboard } from './keyboard.js';
import { pinPrompt } from './prompts.js';

/** A console: its echo is what `shown` has. */
function terminal(): { keyboard: Keyboard; type: (keys: string) => void; shown: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return { keyboard: new Keyboard({ input, output }), type: (keys) => input.write(keys), shown: () => shown };
}

describe('A keyboard', () => {
  it('never hands the next person what somebody began to type and left there, nor shows it', async () => {
    const { keyboard, type, shown } = terminal();
    const left = keyboard.secret('PIN: ', 20);
    type('48151');
    expect(await left).to.deep.equal({ none: 'idle' });
    const next = keyboard.line('> ');
    type('1\r');
    expect(await next).to.deep.equal({ line: '1' });
    expect(shown()).not.to.contain('48151');
    keyboard.close();
  });
});

describe('The prompt for a PIN', () => {
  it('says what the PIN is for, that the one before was wrong, and never "1 tries"', () => {
    const prompt = pinPrompt('PIN to load 20.00 EUR');
    expect(prompt(5)).to.equal('PIN to load 20.00 EUR (5 tries left): ');
    expect(prompt(5)).to.equal('PIN to load 20.00 EUR (5 tries left): ');
    expect(prompt(1)).to.equal('That PIN was wrong. PIN to load 20.00 EUR (1 try left): ');
  });
});
