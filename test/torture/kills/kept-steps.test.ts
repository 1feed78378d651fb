import { expect } from 'chai';
import { keptLines } from '../kept-lines.js';
import type { ReachedStep } from './coverage.js';
import { KeptSteps } from './kept-steps.js';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('Steps of the kills campaign that were reached', () => {
  const step: ReachedStep = { task: 'kiosk load', side: 'issuer', place: 18, of: 85, name: 'synchronise: begin' };
  let place: string;
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'epurse-kept-'))));
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('are known to the next piece of the same build and seed, and to no other', () => {
    KeptSteps.of(place, 'abc1', 7).add(step);
    expect(KeptSteps.of(place, 'abc1', 7).before).to.deep.equal([step]);
    for (const other of [KeptSteps.of(place, 'abc2', 7), KeptSteps.of(place, 'abc1', 8)])
      expect(other.before).to.deep.equal([]);
  });

  it('count for nothing where the line was cut short or is something else', () => {
    KeptSteps.of(place, 'abc1', 7).add(step);
    keptLines(place, 'abc1', 'kills', 7).add(['issuer', 'kiosk load', 'x', 85, 'synchronise: begin']);
    appendFileSync(join(place, '.tools', 'campaigns', 'kills-7.tsv'), 'abc1\tissuer\tkiosk load\t19\t85\tsynchro');
    expect(KeptSteps.of(place, 'abc1', 7).before).to.deep.equal([step]);
  });
});
