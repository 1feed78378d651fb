/** The fuzzer of the host's parsers finds what is wrong, and finds nothing wrong with ours. */
import { expect } from 'chai';
import { parsers } from '../helpers/parsers.js';
import type { Parser } from '../helpers/parsers.js';
import { attempt } from './parsers/attempt.js';

class Typed extends Error {}
const seeds = [new TextEncoder().encode('abc')];
const toy = (read: Parser['read']): Parser => ({ name: 'toy', throws: [Typed], read, seeds });

describe('Arbitrary bytes', () => {
  it('leave no parser of ours with anything but a value or its own error', () => {
    expect(parsers.length).to.be.above(60);
    for (const parser of parsers) expect(attempt(parser, 1, 25).story, parser.name).to.equal(undefined);
  });

  it('show a parser that crashes, with the smallest input', () => {
    const { story } = attempt(
      toy((bytes) => {
        if (bytes.length > 2) throw new TypeError('crash');
      }),
      1,
    );
    expect(story?.join(' ')).to.include('TypeError: crash');
    expect(story?.[1]).to.match(/^bytes ([0-9a-f]{2}){3}$/i);
  });

  it('take a typed error for an answer', () => {
    const refusing = toy(() => {
      throw new Typed('no');
    });
    expect(attempt(refusing, 1)).to.deep.equal({ runs: 200, story: undefined });
  });

  it('show a parser that overflows the stack, whatever it may throw', () => {
    const deep = (): number => 1 + deep();
    expect(attempt({ ...toy(deep), throws: [RangeError] }, 1).story?.[0]).to.include('Maximum call stack');
  });
});
