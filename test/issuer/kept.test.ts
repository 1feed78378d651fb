import { expect } from 'chai';
import { Kept } from '../../host/issuer/ops/kept.js';

/** Lets whatever is ready run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('A figure that is kept', () => {
  let now = 0;
  let [made, takes] = [0, 0];
  let fails = false;
  const figure = (least = 0): Kept<number> =>
    new Kept(
      async () => {
        await turn();
        now += takes;
        if (fails) throw new Error('the database is away');
        return ++made;
      },
      { cheap: 100, times: 20, least, now: () => now },
    );
  beforeEach(() => {
    [now, made, takes, fails] = [0, 0, 0, false];
  });

  it('is made anew for everybody while that is cheap', async () => {
    takes = 100;
    const one = figure();
    for (const expected of [1, 2, 3]) expect(await one.get()).to.equal(expected);
  });

  it('is made once for all who ask at the same time', async () => {
    const one = figure();
    expect(await Promise.all([one.get(), one.get(), one.get()])).to.deep.equal([1, 1, 1]);
  });

  it('is made before anybody asks where that is told, and again for who asks where it failed', async () => {
    takes = 1000;
    const one = figure();
    one.prepare();
    one.prepare();
    expect(await one.get()).to.equal(1);
    fails = true;
    const other = figure();
    other.prepare();
    await turn();
    await turn();
    fails = false;
    expect(await other.get()).to.equal(2);
  });

  it('is kept twenty times as long as it took, and then shown until the next is there', async () => {
    takes = 1000;
    const one = figure();
    expect(await one.get()).to.equal(1);
    now += 19_999;
    expect(await one.get()).to.equal(1);
    await turn();
    expect(made).to.equal(1);
    now += 1;
    expect(await one.get()).to.equal(1);
    await turn();
    await turn();
    expect([made, await one.get()]).to.deep.equal([2, 2]);
  });

  it('is kept at least as long as it was told to', async () => {
    const one = figure(30_000);
    await one.get();
    now += 29_999;
    expect(await one.get()).to.equal(1);
    now += 1;
    expect(await one.get()).to.equal(2);
  });

  it('fails aloud when it cannot be made, and not with an old answer for ever', async () => {
    fails = true;
    const one = figure();
    const attempt = (): Promise<string> => one.get().then(String, (error: Error) => error.message);
    expect(await attempt()).to.equal('the database is away');
    [fails, takes] = [false, 1000];
    expect(await one.get()).to.equal(1);
    [fails, now] = [true, now + 100_000];
    expect(await attempt()).to.equal('1');
    await turn();
    await turn();
    expect(await attempt()).to.equal('the database is away');
    fails = false;
    expect(await one.get()).to.equal(2);
  });
});
