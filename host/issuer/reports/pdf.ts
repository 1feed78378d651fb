/** PDF on A4: the standard fonts of every reader, heads of tables repeated, pages numbered. The same report gives the same bytes. */
import PDFDocument from 'pdfkit';
import { bankText } from '../payout/text.js';
import { alignsRight, textOf } from './document.js';
import type { ReportDocument, Table } from './document.js';

const margin = 48;
const size = 9;
const lineHeight = 13;

type Pdf = InstanceType<typeof PDFDocument>;

export function renderPdf(report: ReportDocument): Promise<Uint8Array> {
  const made = new Date(report.at * 1000);
  const pdf = new PDFDocument({
    size: 'A4',
    margin,
    bufferPages: true,
    info: { Title: report.title, Subject: report.subtitle, Producer: 'epurse', CreationDate: made, ModDate: made },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pdf.on('error', reject);
  });
  pdf.font('Helvetica-Bold').fontSize(18).text(printable(report.title));
  pdf.font('Helvetica').fontSize(10).text(printable(report.subtitle));
  for (const table of report.tables) draw(pdf, table);
  numberPages(pdf);
  pdf.end();
  return done;
}

function draw(pdf: Pdf, table: Table): void {
  pdf.moveDown(1.2);
  room(pdf, 4 * lineHeight);
  pdf.font('Helvetica-Bold').fontSize(12).text(printable(table.title), margin).moveDown(0.3);
  pdf.font('Helvetica').fontSize(size);
  if (table.rows.length === 0) {
    pdf.text(printable(table.empty), margin);
    return;
  }
  const widths = columnWidths(pdf, table);
  drawHead(pdf, table, widths);
  for (const row of table.rows) {
    const cells = row.map((cell) => printable(textOf(cell)));
    if (room(pdf, heightOf(pdf, cells, widths))) drawHead(pdf, table, widths);
    drawRow(pdf, table, cells, widths);
  }
  if (table.note !== undefined)
    pdf
      .fillColor('#555555')
      .text(printable(table.note), margin, pdf.y + 3)
      .fillColor('black');
}

/** Shared out by the widest text, within the page. */
function columnWidths(pdf: Pdf, { columns, rows }: Table): readonly number[] {
  const wanted = columns.map((name, i) =>
    Math.max(
      ...[name, ...rows.slice(0, 200).map((row) => textOf(row[i] ?? ''))].map(
        (cell) => pdf.widthOfString(printable(cell)) + 10,
      ),
    ),
  );
  const total = wanted.reduce((sum, width) => sum + width, 0);
  const space = pdf.page.width - 2 * margin;
  return wanted.map((width) => (width * space) / total);
}

function drawHead(pdf: Pdf, table: Table, widths: readonly number[]): void {
  pdf.font('Helvetica-Bold');
  drawRow(pdf, table, table.columns.map(printable), widths);
  pdf.font('Helvetica');
  pdf
    .moveTo(margin, pdf.y - 2)
    .lineTo(pdf.page.width - margin, pdf.y - 2)
    .lineWidth(0.7)
    .stroke();
  pdf.y += 3;
}

function drawRow(pdf: Pdf, table: Table, cells: readonly string[], widths: readonly number[]): void {
  const top = pdf.y;
  const height = heightOf(pdf, cells, widths);
  let left = margin;
  for (const [i, cell] of cells.entries()) {
    const width = widths[i] ?? 0;
    pdf.text(cell, left, top, { width: width - 6, align: alignsRight(table, i) ? 'right' : 'left' });
    left += width;
  }
  pdf.x = margin;
  pdf.y = top + height;
}

function heightOf(pdf: Pdf, cells: readonly string[], widths: readonly number[]): number {
  const heights = cells.map((cell, i) => pdf.heightOfString(cell, { width: (widths[i] ?? 0) - 6 }));
  return Math.max(lineHeight, ...heights) + 3;
}

/** Goes on to the next page where this one has no room. @returns whether it did */
function room(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= pdf.page.height - margin - lineHeight) return false;
  pdf.addPage();
  return true;
}

function numberPages(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    pdf.switchToPage(start + i);
    const bottom = pdf.page.height - margin + 8;
    // below the margin, where text would otherwise begin another page
    pdf.page.margins.bottom = 0;
    pdf
      .font('Helvetica')
      .fontSize(8)
      .text(`${i + 1} / ${count}`, margin, bottom, { width: pdf.page.width - 2 * margin, align: 'right' });
  }
}

/** The standard fonts know Western letters; others are written with those. */
function printable(text: string): string {
  return /^[\u0020-\u007e\u00a0-\u00ff€]*$/.test(text) ? text : bankText(text, 500);
}
