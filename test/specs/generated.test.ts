// What is committed is what the specification says, and Java Card can read it.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drift, outputs } from '../../apdu-specs/generator/outputs.js';
import { SpecError } from '../../apdu-specs/generator/model.js';
import { javaByte, javaShort } from '../../apdu-specs/generator/java-text.js';
import { wireJava } from '../../apdu-specs/generator/java.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { doctored, named, root, spec } from './doctored.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('The generated files', function () {
  this.timeout(30_000);

  it('are named when they differ from the specification', async () => {
    const changed = doctored(({ statusWords }) => (named(statusWords, 'blocked').action = 'dance'));
    expect(drift(await outputs(changed), read)).to.deep.equal([
      'host/protocol/generated/status-words.ts',
      'docs/apdu.md',
    ]);
    const files = new Map([['docs/apdu.md', 'x']]);
    expect(drift(files, () => undefined)).to.deep.equal(['docs/apdu.md']);
  });
});

describe('Wire.java', () => {
  const java = wireJava(spec);

  it('holds bytes, shorts and arrays of byte literals only: what Java Card has', () => {
    const declarations = java.split('\n').filter((line) => line.includes(' static final '));
    expect(declarations).to.have.length.above(300);
    for (const line of declarations) {
      expect(line).to.match(
        /^ {4}static final (byte|short) [A-Z][A-Z0-9_]* = (\((byte|short)\) )?(0x[0-9A-F]+|\d+);$|^ {4}static final byte\[\] [A-Z][A-Z0-9_]* = \{.*$/,
      );
    }
  });
  it('knows nothing of structures that no card sees', () => {
    expect(java).not.to.include('HOT_LIST').and.not.to.include('BATCH_TOTAL').and.not.to.include('"EPZ1"');
  });
  it('refuses a number that does not fit', () => {
    expect(() => javaByte('X', 256)).to.throw(SpecError, /X: 256 does not fit a byte/);
    expect(() => javaShort('X', 0x1_0000)).to.throw(SpecError, /does not fit a short/);
    expect(() => javaShort('X', -1)).to.throw(SpecError);
  });
});

describe('The table of commands', () => {
  it('marks where secrets lie in a request, so that a trace can mask them', () => {
    expect(commands.VERIFY_PIN.secretRequest).to.deep.equal([{ offset: 0, length: 8 }]);
    expect(commands.CHANGE_PIN.secretRequest).to.deep.equal([
      { offset: 0, length: 8 },
      { offset: 8, length: 8 },
    ]);
    expect(commands.STORE_DATA.secretRequest).to.deep.equal([{ offset: 0 }]);
    expect(commands.DEBIT.secretRequest).to.deep.equal([]);
  });
});
