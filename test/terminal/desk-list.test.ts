import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Counter } from '../../host/cli/terminals/counter.js';
import { BatchProgress, readHolders } from '../../host/personalize/batch.js';
import { SheetPrinter } from '../../host/personalize/sheet-printer.js';
import { sheetLines, sheetPage } from '../../host/personalize/sheet.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { Failure } from '../../host/terminal/outcome.js';

describe('The list a desk works from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'epurse-list-'));
  const file = join(folder, 'list');
  after(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string) => (writeFileSync(file, text), readHolders(file));

  it('is plain names, or the records that the issuer assigned', () => {
    expect(read('# cards\nAda\n\nBob\n')).to.deep.equal([
      { line: 2, holder: 'Ada' },
      { line: 4, holder: 'Bob' },
    ]);
    const [first, second] = read(
      'serial,holder,product,replaces\n00a0000000000000,"Oak, Olive",youth,\n,Bob,,0011223344556677\n',
    );
    expect([first?.line, first?.holder, toHex(first?.serial ?? new Uint8Array())]).to.deep.equal([
      2,
      'Oak, Olive',
      '00a0000000000000',
    ]);
    expect([second?.serial, toHex(second?.replaces ?? new Uint8Array())]).to.deep.equal([
      undefined,
      '0011223344556677',
    ]);
  });

  it('is refused whole, with line and field, before the first card', () => {
    for (const [text, why] of [
      ['holder,serial\nAda,12', /Line 2 .* serial: "12"/],
      ['holder,serial\nAda', /Line 2 .* 1 fields/],
      ['holder,colour\nAda,red', /colour/],
      ['serial,product\n,x', /no column holder/],
      ['holder,product\n"Ada', /Line 2/],
      ['holder,product\n,youth', /Line 2 .* no name/],
    ] as const)
      expect(() => read(text), text).to.throw(Failure, why);
  });

  it('is taken up again where it was cut', () => {
    const holders = read('serial,holder\n00a0000000000000,Ada\n00a0000000000001,Bob\n');
    const open = () => BatchProgress.open(holders, (digest) => join(folder, `${digest}.json`));
    const [ada = expect.fail('no line'), bob = expect.fail('no line')] = holders;
    open().note(ada, '01');
    expect([open().has(ada), open().has(bob)]).to.deep.equal([true, false]);
  });
});

describe('A PIN mailer', () => {
  const sheet = { cardId: new Uint8Array(8), holder: '<b>Eve</b>', expiry: 1_800_000_000, occasion: 'issue' as const };
  const lines = sheetLines(sheet, 'Test', '4711');
  const folder = mkdtempSync(join(tmpdir(), 'epurse-mailer-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const printing = (options: object): SheetPrinter =>
    new SheetPrinter(
      { run: { options }, out: { json: true, say: (line: string) => void said.push(line) } } as unknown as Counter,
      { path: (...parts: string[]) => join(folder, ...parts) } as never,
    );

  it('is a page in which a name stays a name', () => {
    expect(sheetPage(lines)).to.contain('4711').and.not.contain('<b>Eve');
  });

  it('goes to the printer through a pipe, and no copy is kept', () => {
    const got = join(folder, 'printed');
    printing({ printer: `cat > ${got}`, html: true }).print(sheet, lines);
    expect(readFileSync(got, 'utf8')).to.contain('4711');
    expect(said.join()).to.not.contain('4711');
    expect(() => readFileSync(join(folder, 'sheets', `${toHex(sheet.cardId)}.txt`))).to.throw();
  });

  it('that the printer did not take is a failure that names the way out', () => {
    expect(() => printing({ printer: 'exit 3' }).print(sheet, lines)).to.throw(Failure, /printer command failed/);
  });
});
