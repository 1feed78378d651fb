import { expect } from 'chai';
import { ReaderError } from '../../readers/reader.js';
import { Failure } from '../../terminal/outcome.js';
import { Output } from '../output.js';
import { interrupted } from './counter.js';
import { terminalLoop } from './loop.js';
import type { LoopCounter, TerminalLoop } from './loop.js';

interface Told {
  readonly lines: string[];
  readonly loop: Promise<object>;
}

/** A loop over the tasks given, then the end; each task is its own visit. */
function run(
  tasks: readonly (() => Promise<boolean>)[],
  options: { readonly open?: () => number; readonly removed?: () => Promise<void>; readonly signal?: AbortSignal } = {},
): Told {
  const lines: string[] = [];
  const counter: LoopCounter = {
    out: new Output(false, { write: (text) => lines.push(text.trimEnd()) }),
    signal: options.signal ?? new AbortController().signal,
    cardRemoved: options.removed ?? ((): Promise<void> => Promise.resolve()),
  };
  const waiting = [...tasks];
  const loop: TerminalLoop<() => Promise<boolean>> = {
    wanted: () => Promise.resolve(waiting.shift() ?? 'end'),
    visit: (task) => task(),
    open: options.open ?? ((): number => 0),
    whenOpen: { code: 'outcome-unknown', next: 'Present those cards again.' },
    takeCard: 'Remove the card.',
    cardForgotten: 'The card is still in the reader.',
  };
  return { lines, loop: terminalLoop(counter, loop) };
}

const paid = (): Promise<boolean> => Promise.resolve(true);

async function failureOf(loop: Promise<unknown>): Promise<Failure> {
  const error: unknown = await loop.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error('the loop ended without a failure');
  return error;
}

describe('The loop of a terminal', () => {
  it('counts a customer whose card was still in the reader at Ctrl-C, and never says that nothing moved', async () => {
    const ended = new AbortController();
    const { lines, loop } = run([paid, paid], {
      signal: ended.signal,
      removed: () => {
        if (lines.filter((line) => line === 'Remove the card.').length < 2) return Promise.resolve();
        ended.abort();
        return Promise.reject(interrupted());
      },
    });
    expect(await loop).to.deep.equal({ served: 2, interrupted: true });
    expect(lines.at(-1)).to.equal('Interrupted: 2 customers served, nothing left open.');
  });

  it('ends at Ctrl-C while it waits for a card, as a loop that was ended', async () => {
    const ended = new AbortController();
    const { loop } = run([paid, () => (ended.abort(), Promise.reject(interrupted()))], { signal: ended.signal });
    expect(await loop).to.deep.equal({ served: 1, interrupted: true });
  });

  it('ends as unresolved where it leaves a transaction open, and forgets about older ones', async () => {
    let open = 1;
    const { loop } = run([paid, () => (open++, Promise.resolve(false))], { open: () => open });
    const failure = await failureOf(loop);
    expect([failure.code, failure.moneyMoved, failure.exitCode]).to.deep.equal(['outcome-unknown', 'unknown', 3]);
    expect(failure.message).to.equal('Ended: 1 customer served, 1 transaction left open.');
    expect(await run([paid], { open: () => 7 }).loop).to.deep.equal({ served: 1, interrupted: false });
  });

  it('says that what was done stands when the reader fails after the payment', async () => {
    const { lines, loop } = run([paid], {
      removed: () => Promise.reject(new ReaderError('reader-removed', 'The reader "R" was removed.')),
    });
    expect(await loop).to.deep.equal({ served: 1, interrupted: false });
    expect(lines).to.include('The reader "R" was removed. What was done with this card stands.');
  });

  it('goes on after a card that cannot be talked to, and ends where nothing can', async () => {
    const mute = (): Promise<boolean> => Promise.reject(new Failure('card-mute', 'It is mute.', { next: 'Clean it.' }));
    const { lines, loop } = run([mute, paid]);
    expect(await loop).to.deep.equal({ served: 1, interrupted: false });
    expect(lines[0]).to.equal('It is mute. Clean it.');
    const nobody = (): Promise<boolean> => Promise.reject(new Failure('no-card', 'No card was put in.'));
    expect(await run([nobody, paid]).loop).to.deep.equal({ served: 1, interrupted: false });
    const gone = run([() => Promise.reject(new Failure('pcscd-missing', 'PC/SC does not run.'))]);
    expect((await failureOf(gone.loop)).code).to.equal('pcscd-missing');
  });
});
