import { expect } from 'chai';
import { XMLValidator } from 'fast-xml-parser';
import { settle } from '../../host/issuer/jobs/settle.js';
import { csvCell, renderCsv } from '../../host/issuer/reports/csv.js';
import { dailyReport } from '../../host/issuer/reports/daily.js';
import type { ReportDocument } from '../../host/issuer/reports/document.js';
import { renderHtml } from '../../host/issuer/reports/html.js';
import { renderPdf } from '../../host/issuer/reports/pdf.js';
import { settlementReport } from '../../host/issuer/reports/settlement.js';
import { renderText } from '../../host/issuer/reports/text.js';
import { addMerchant } from '../../host/issuer/service/merchants.js';
import { money } from '../../host/protocol/codec/money.js';
import { euro } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

const hostile = '=HYPERLINK("http://x","y"),</td><script>alert(1)</script>';

function document(rows: number, name = 'Bakery'): ReportDocument {
  const lines = Array.from({ length: rows }, (_, i) => [name, i + 1, money(BigInt(i) * 5n, euro)]);
  const table = {
    title: 'Merchants',
    columns: ['Name', 'Sales', 'Paid'],
    rows: lines,
    empty: 'Nobody.',
    note: 'A note.',
  };
  const none = { title: 'Nothing', columns: ['A'], rows: [], empty: 'There is none.' };
  return { title: 'Report', subtitle: 'Scheme & Sons', at: 1_790_000_000, tables: [table, none] };
}

describe('A report', () => {
  it('is text in columns', () => {
    expect(renderText(document(2)).split('\n')).to.deep.equal([
      'Report',
      'Scheme & Sons',
      '',
      'Merchants',
      '  Name    Sales      Paid',
      '  Bakery      1  0.00 EUR',
      '  Bakery      2  0.05 EUR',
      '  A note.',
      '',
      'Nothing',
      '  There is none.',
      '',
    ]);
  });

  it('is CSV whose lines end as RFC 4180 says', () => {
    const csv = renderCsv(document(1));
    expect(csv.endsWith('\r\n')).to.equal(true);
    expect(csv.replaceAll('\r\n', '')).to.not.match(/[\r\n]/);
    expect(csv).to.include('Name,Sales,Paid\r\nBakery,1,0.00 EUR\r\n');
  });

  const cells: readonly [string, string][] = [
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['\t=1', "'\t=1"],
    ['-3.50 EUR', '-3.50 EUR'],
    ['-7', '-7'],
    [hostile, `"'${hostile.replaceAll('"', '""')}"`],
  ];
  for (const [text, cell] of cells)
    it(`[CSV] writes ${JSON.stringify(text.slice(0, 20))} so that no spreadsheet calculates it`, () => {
      expect(csvCell(text)).to.equal(cell);
    });

  it('is HTML that needs nothing else and runs nothing', () => {
    const html = renderHtml(document(3, hostile));
    expect(html).to.not.include('<script').and.not.include('http://x"');
    expect(html).to.include('&lt;script&gt;').and.include("default-src 'none'").and.include('Scheme &amp; Sons');
    expect(html).to.not.match(/(src|href|url)\s*[=(]/);
    expect(html).to.include('<th scope="col" class="right">Paid</th>').and.include('There is none.');
    const body = /<body>[^]*<\/body>/.exec(html)?.[0] ?? '';
    expect(XMLValidator.validate(body), 'every element closed').to.equal(true);
  });

  it('is PDF, the same bytes each time, with as many pages as it takes', async () => {
    const [one, again] = [await renderPdf(document(3)), await renderPdf(document(3))];
    expect(Buffer.from(one.slice(0, 5)).toString()).to.equal('%PDF-');
    expect(Buffer.from(one).equals(Buffer.from(again))).to.equal(true);
    const pages = (bytes: Uint8Array): number =>
      Number(/\/Count (\d+)/.exec(Buffer.from(bytes).toString('latin1'))?.[1]);
    expect(pages(one)).to.equal(1);
    expect(pages(await renderPdf(document(120, 'Łódź 東京')))).to.be.within(3, 6);
  });
});

onEachDatabase('The reports of the books', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));

  it('name merchants, amounts and what waits for a person', async () => {
    const [pos, card] = [await site.pos(), await site.card()];
    await site.load(card, 0, 50_00);
    await addMerchant(site.issuer, { kind: 'operator', name: 'Ada' }, pos.merchant, { name: hostile });
    pos.sell(card, 0, 12_34);
    await site.port.uploadBatch(pos.close());
    const day = renderText(await dailyReport(site.issuer));
    expect(day)
      .to.include('12.34 EUR')
      .and.include(pos.merchant)
      .and.match(/EUR +\d+\.\d\d EUR +\d+\.\d\d EUR +yes/);
    const { number } = await settle(site.issuer);
    const settlement = await settlementReport(site.issuer, number);
    const [merchants] = settlement.tables;
    const mine = merchants?.rows.find(([merchant]) => merchant === pos.merchant);
    expect(mine?.slice(1, 4)).to.deep.equal([hostile, money(12_34n, euro), 1]);
    expect(renderHtml(settlement)).to.not.include('<script');
    expect(renderCsv(settlement)).to.include(`"'${hostile.replaceAll('"', '""')}"`);
    expect((await renderPdf(settlement)).length).to.be.above(1000);
    await expectRefusal(settlementReport(site.issuer, 999_999), 'rejected', /no settlement 999999/);
  });
});
