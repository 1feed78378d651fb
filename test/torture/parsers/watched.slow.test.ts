/** A parser that never comes back does not hold up the campaign. */
import { expect } from 'chai';
import { Watched } from './watched.js';

describe('A thread that parsers are tried in', () => {
  it('is ended with a parser that never comes back, which is told with the input it had', async () => {
    const watched = new Watched(new URL('./endless.js', import.meta.url), 1000);
    try {
      const { story } = await watched.attempt({ parser: 'endless', seed: 1, runs: 200 });
      expect(story?.[0]).to.equal('did not end within 1000 ms');
      expect(story?.[1]).to.match(/^bytes ([0-9a-f]{2})+$/i);
    } finally {
      await watched.end();
    }
  });

  it('is followed by another where it was ended', async () => {
    const watched = new Watched(new URL('./worker.js', import.meta.url), 50_000);
    const time = { parser: 'time', seed: 1, runs: 50 };
    try {
      expect(await watched.attempt(time)).to.deep.equal({ runs: 50, story: undefined });
      await watched.end();
      expect(await watched.attempt(time)).to.deep.equal({ runs: 50, story: undefined });
    } finally {
      await watched.end();
    }
  });
});
