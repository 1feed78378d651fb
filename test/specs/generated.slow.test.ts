// A fast run has `check:drift` for the first of these.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drift, outputs } from '../../apdu-specs/generator/outputs.js';
import { root, spec } from './doctored.js';

describe('The generated files', function () {
  this.timeout(30_000);

  it('are committed as the specification makes them', async () => {
    expect(drift(await outputs(spec), (path) => readFileSync(join(root, path), 'utf8'))).to.deep.equal([]);
  });

  it('are the same bytes every time', async () => {
    expect([...(await outputs(spec))]).to.deep.equal([...(await outputs(spec))]);
  });
});
