/** House rules that a compiler and a linter do not hold. Patterns are written so that this file does not match them. */
import { expect } from 'chai';
import { linesMatching, sources } from './sources.js';

const code = /\.(ts|cjs|mjs|js|java|sh|svelte|css)$|^epurse$/;
/** Generated files say so in their first line; npm's lock file does not. */
const generated = /^(\/\/|\/\*\*?) ?Generated (from|by) /;

function own(pattern: RegExp): ReturnType<typeof sources> {
  return sources(pattern).filter(({ path, text }) => !generated.test(text) && !path.endsWith('package-lock.json'));
}

describe('The sources', () => {
  it('are known to git, so that the rules below look at something', () => {
    expect(sources(/\.ts$/)).to.have.length.above(20);
  });

  it('keep every TypeScript file, component and style sheet within 400 lines, and every Java file and table of tests within 500', () => {
    const limit = (path: string): number => (/\.java$|^test\//.test(path) ? 500 : 400);
    const long = own(/\.(ts|java|svelte|css)$/)
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > limit(path));
    expect(long).to.deep.equal([]);
  });

  it('hold no left-over marks', () => {
    expect(linesMatching(own(code), /\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/)).to.deep.equal([]);
  });

  it('take randomness from no unseeded toy generator', () => {
    expect(linesMatching(own(/\.ts$/), /Math\s*\.\s*rand[o]m/)).to.deep.equal([]);
    expect(linesMatching(own(/^applet\/src\/main\/.*\.java$/), /java\.util\.Rand[o]m/)).to.deep.equal([]);
  });

  it('make no floating-point number of an amount, but in the one file that puts it on the wire', () => {
    const files = own(/^host\/.*\.(ts|svelte)$/).filter(({ path }) => path !== 'host/protocol/codec/money.ts');
    expect(linesMatching(files, /parseFl[o]at|\.toFix[e]d\(2\)|Number\((\w+\.)*(amount|balance)\b/)).to.deep.equal([]);
  });

  it('never switch the type checker or the linter off', () => {
    expect(
      linesMatching(own(/\.(ts|svelte)$/), /@ts-(ig[n]ore|noch[e]ck|exp[e]ct)|eslint-dis[a]ble|\bas an[y]\b/),
    ).to.deep.equal([]);
  });

  it('print nothing from libraries', () => {
    const libraries = own(
      /^(host\/(protocol|readers|terminal|issuer)|jcardsim-ts-bridge\/src)\/.*\.(ts|svelte)$/,
    ).filter(({ path }) => !/(\.test|\/cli)\.ts$/.test(path));
    expect(linesMatching(libraries, /\bconsole\.|process\.stdout\.write/)).to.deep.equal([]);
    expect(linesMatching(own(/^applet\/src\/main\/.*\.java$/), /System\s*\.\s*(out|err)/)).to.deep.equal([]);
  });
});

describe('The repository', () => {
  it('holds no private key outside the shared test vectors', () => {
    const elsewhere = sources().filter(({ path }) => !path.startsWith('test/vectors/'));
    expect(linesMatching(elsewhere, /-----BEGIN [A-Z ]*PRIV[A]TE KEY/)).to.deep.equal([]);
    expect(elsewhere.filter(({ path }) => /\.(key|p12|pfx|jks)$|(^|\/)\.env$/.test(path))).to.deep.equal([]);
  });

  it('holds no build output', () => {
    expect(sources(/(^|\/)(node_modules|build|dist|target|\.epurse|\.tools)\//).map(({ path }) => path)).to.deep.equal(
      [],
    );
  });

  it('names no folder of a machine it was written on', () => {
    expect(linesMatching(sources(), /(^|[\s"'`(=:])\/(wor[k]|ro[o]t|ho[m]e|Use[r]s)\/\w/)).to.deep.equal([]);
  });

  it('names no registry: the lock file works with whichever a person has set', () => {
    expect(linesMatching(sources(/(^|\/)package-lock\.json$/), /"resolved": "http/)).to.deep.equal([]);
    expect(linesMatching(sources(), /registry\.npm[j]s|repo\d?\.mav[e]n|artifact-?registr[y]/)).to.deep.equal([]);
  });
});
