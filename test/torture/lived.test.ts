import { expect } from 'chai';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lived } from './lived.js';

describe('Histories that were lived through', () => {
  let place: string;
  const file = (): string => join(place, '.tools', 'campaigns', 'books-7.tsv');
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'epurse-lived-'))));
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('are known to the next run of the same build and seed, by database', () => {
    Lived.of(place, 'abc1', 'books', 7).add('PGlite', 7, 500);
    Lived.of(place, 'abc1', 'books', 7).add('PostgreSQL', 8, 500);
    const next = Lived.of(place, 'abc1', 'books', 7);
    expect(next.steps).to.equal(1000);
    expect([next.has('PGlite', 7), next.has('PostgreSQL', 8)]).to.deep.equal([true, true]);
    expect([next.has('PostgreSQL', 7), next.has('PGlite', 8)]).to.deep.equal([false, false]);
    expect(next.perDatabase()).to.deep.equal([
      ['PGlite', 500],
      ['PostgreSQL', 500],
    ]);
  });

  it('are nothing to another build, another seed, or sources that are no build', () => {
    Lived.of(place, 'abc1', 'books', 7).add('PGlite', 7, 500);
    for (const other of [
      Lived.of(place, 'abc2', 'books', 7),
      Lived.of(place, 'abc1', 'books', 8),
      Lived.of(place, undefined, 'books', 7),
      Lived.of(place, 'abc1', 'model', 7),
    ])
      expect(other.steps).to.equal(0);
  });

  it('count for nothing where the line was cut short or is something else', () => {
    Lived.of(place, 'abc1', 'books', 7).add('PGlite', 7, 500);
    appendFileSync(file(), 'abc1\tOracle\t9\t500\nabc1\tPGlite\t8\t');
    expect(Lived.of(place, 'abc1', 'books', 7).steps).to.equal(500);
  });

  it('count once, though two runs lived through them at the same time', () => {
    const [one, other] = [Lived.of(place, 'abc1', 'books', 7), Lived.of(place, 'abc1', 'books', 7)];
    for (const run of [one, other]) run.add('PGlite', 7, 500);
    other.add('PostgreSQL', 7, 500);
    const next = Lived.of(place, 'abc1', 'books', 7);
    expect([next.steps, next.count]).to.deep.equal([1000, 2]);
  });
});
